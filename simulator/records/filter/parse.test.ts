/** If these fail, a query is read as another one, or a malformed one breaks the account instead of being refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiFault } from '../../api-fault.ts'
import { preferencesSchema } from '../../preferences.ts'
import { loadBundledCatalogue } from '../../spec/bundled.ts'
import { createRecordStore } from '../store.ts'
import { expected, print, trees, valuesFor, type Written } from './filter-test-kit.ts'
import { OPERATOR_WORDS } from './operators.ts'
import { parseQuery } from './parse.ts'
import { resolveQuery } from './resolve.ts'
import { toSql } from './sql.ts'

const type = loadBundledCatalogue().find('salesOrder')!
const preferences = preferencesSchema.parse({})

const conditions: fc.Arbitrary<Written> = fc
  .record({ field: fc.stringMatching(/^[A-Za-z_][\w.]{0,8}$/), word: fc.constantFrom(...OPERATOR_WORDS) })
  .chain(({ field, word }) =>
    valuesFor(
      word,
      fc.string({ unit: fc.constantFrom(...'aZ9 -/.,()[]"\\\n%é', "'", '😀'), maxLength: 8 }),
    ).map((values) => ({ kind: 'condition' as const, field, word, values })),
  )

/** What may happen to a query: rows, or a refusal with 400 that names `q`. */
function outcome(text: string, store: ReturnType<typeof createRecordStore>): void {
  try {
    const filter = resolveQuery(parseQuery(text), type, preferences)
    const condition = toSql(filter, { group: 'transaction', isCaseSensitive: false })
    store.matching(type.name, condition, { limit: 10, offset: 0, max: 100 })
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    expect([error.status, error.locator.queryParam]).toEqual([400, 'q'])
  }
}

describe('the parser of q', () => {
  it('reads what was written, whatever the tree, the operators and the values [REC-080, REC-081]', () => {
    fc.assert(
      fc.property(trees(conditions), (query) => {
        expect(parseQuery(print(query))).toEqual(expected(query))
      }),
      { seed: 1, numRuns: 500 },
    )
  })
  it('lets AND bind tighter: a OR b AND c OR d is a OR (b AND c) OR d [REC-080]', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => `${name} EMPTY`)
    expect(parseQuery(`${a} OR ${b} AND ${c} OR ${d}`)).toEqual(parseQuery(`${a} OR (${b} AND ${c}) OR ${d}`))
    expect(parseQuery(`${a} OR ${b} AND ${c}`)).not.toEqual(parseQuery(`(${a} OR ${b}) AND ${c}`))
  })
  it('never fails but by refusing, on any text [REC-E10]', () => {
    const store = createRecordStore()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => outcome(text, store)),
      { seed: 1, numRuns: 500 },
    )
    store.close()
  })
  it('never fails but by refusing, on pieces of queries in any order [REC-E10, REC-E11, REC-E12, REC-E13]', () => {
    const store = createRecordStore()
    const fields = [
      'id',
      'memo',
      'total',
      'entity',
      'tranDate',
      'lastModifiedDate',
      'status',
      'externalId',
      'shipComplete',
      'item',
      'x',
    ]
    const values = [
      '5',
      '-1',
      '1e999',
      '"a b"',
      "'a'",
      'true',
      '1/5/2026',
      '"1/5/2026 1:00 am"',
      '[1, 2]',
      '[',
      ']',
      '"',
      '\0',
      'é',
    ]
    const condition = fc
      .tuple(
        fc.constantFrom(...fields),
        fc.constantFrom(...OPERATOR_WORDS, 'LIKE'),
        fc.constantFrom('', ...values),
      )
      .map((parts) => parts.join(' '))
    const piece = fc.oneof(
      { weight: 4, arbitrary: condition },
      { weight: 3, arbitrary: fc.constantFrom('AND', 'OR', '(', ')') },
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => outcome(pieces.join(' '), store)),
      { seed: 1, numRuns: 3000 },
    )
    store.close()
  })
  it('refuses what is deeper or longer than any database would take [REC-E10]', () => {
    const store = createRecordStore()
    const deep = (levels: number): string => `${'('.repeat(levels)}id EQUAL 1${')'.repeat(levels)}`
    const long = (count: number): string => Array(count).fill('(id EQUAL 1 OR memo IS x)').join(' AND ')
    expect(() => parseQuery(deep(51))).toThrow('Invalid search query.')
    expect(() => parseQuery(deep(100_000))).toThrow('Invalid search query.')
    expect(() => parseQuery(long(126))).toThrow('Invalid search query.')
    expect(() => parseQuery(`memo IS "${'\\a'.repeat(1_000_000)}`)).toThrow('Invalid search query.')
    parseQuery(`memo IS "${'\\a'.repeat(1_000_000)}"`)
    for (const text of [deep(50), long(125), Array(250).fill('status IS A').join(' OR ')]) {
      const filter = resolveQuery(parseQuery(text), type, preferences)
      const condition = toSql(filter, { group: 'transaction', isCaseSensitive: false })
      expect(store.matching(type.name, condition, { limit: 1, offset: 0, max: 1 }).total).toBe(0)
    }
    store.close()
  })
})
