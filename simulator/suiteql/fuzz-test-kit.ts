/**
 * Test support: mangled statements and functions of odd values, of which every answer must be rows or a refusal, soon. Run
 * briefly by `fuzz.test.ts`, at length by `fuzz.long.test.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../test-account.ts'
import { seed as seedAccount } from './corpus/seed.ts'
import { BUILTINS } from './functions/builtins.ts'
import { POLYMORPHIC } from './functions/polymorphic.ts'
import { SETS } from './functions/sets.ts'
import { AGGREGATES, RANKINGS, SIGNATURES } from './functions/signatures.ts'

const FOLDER = join(import.meta.dirname, 'corpus')
const statements = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { q?: string; gives?: object }[])
  .flatMap(
    ({ q, gives }) => q ?? Object.keys(gives ?? {}).map((expression) => `SELECT ${expression} FROM dual`),
  )
const words = statements.map((q) => q.split(/\b/))

let account: TestAccount
beforeAll(async () => {
  account = await seedAccount()
})

/** Words of the database below. */
const BELOW = /sqlite|no such (?:column|function|table)|datatype mismatch|ql_/i

/** No statement of so small an account may need longer, on any machine. */
const CPU_MS_MAX = 5000

async function expectRowsOrRefusal(q: string): Promise<void> {
  const path = '/services/rest/query/v1/suiteql'
  const before = process.cpuUsage()
  const { status, error, body } = await account.send('POST', path, { q }, { prefer: 'transient' })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000, q).toBeLessThan(CPU_MS_MAX)
  expect([200, 400], q).toContain(status)
  if (status === 400) expect(error?.['o:errorCode'], q).toMatch(/^INVALID_(?:PARAMETER|CONTENT)$/)
  // A refusal repeats names of the statement.
  if (!BELOW.test(q)) expect(body, q).not.toMatch(BELOW)
}

/** Any word of the corpus after another. */
const soup = fc
  .array(fc.constantFrom(...words.flat()), { maxLength: 25 })
  .map((parts) => `SELECT ${parts.join(' ')}`)

/** A statement of the corpus of which some words are changed, left out or doubled. */
const mangled = fc
  .record({
    of: fc.nat(words.length - 1),
    edits: fc.array(
      fc.record({
        at: fc.nat(200),
        how: fc.constantFrom('change', 'drop', 'double'),
        by: fc.nat(words.length - 1),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ of, edits }) =>
    edits
      .reduce<readonly string[]>((parts, { at, how, by }) => {
        const place = at % Math.max(1, parts.length)
        const [part = ' ', other = ' '] = [parts[place], words[by]![at % words[by]!.length]]
        return parts.toSpliced(place, 1, ...(how === 'drop' ? [] : how === 'double' ? [part, part] : [other]))
      }, words[of]!)
      .join(''),
  )

const VALUES = [
  ...[
    'NULL',
    "''",
    "'a'",
    "'Ärger 😀'",
    "'-'",
    "'%_'",
    "'[a-z]+'",
    "'(a)(b)?'",
    "'YYYY-MM-DD'",
    "'MM'",
    "'1/5/2026'",
  ],
  ...[
    "'START'",
    "'TM'",
    "'ALL'",
    "'BETWEEN'",
    "'LEVEL'",
    "'LEDGER'",
    "'DEFAULT'",
    "'999,990.99'",
    "'12.5'",
    "'i'",
    '0',
    '1',
    '-1',
    '2',
    '0.1',
    '1000000000',
    '-99999.5',
    '1e300',
  ],
  ...[
    'SYSDATE',
    'id',
    'companyname',
    'creditlimit',
    'lastmodifieddate',
    'isinactive',
    'parent',
    'ROWNUM',
    '?',
  ],
  ...['id = 1', '(SELECT MAX(id) FROM item)', "RPAD('x', 4000, 'ab')", 'COUNT(*)', 'DISTINCT id', '*'],
]
const names = [SIGNATURES, POLYMORPHIC, BUILTINS, SETS, AGGREGATES, RANKINGS].flatMap(Object.keys)

/** A function of odd values, or of another function of them. */
const called = fc
  .letrec<Record<'call' | 'value', string>>((tie) => ({
    value: fc.oneof({ maxDepth: 2 }, fc.constantFrom(...VALUES), tie('call')),
    call: fc
      .tuple(fc.constantFrom(...names), fc.array(tie('value'), { maxLength: 7 }), fc.boolean())
      .map(
        ([name, args, isOver]) =>
          `${name}(${args.join(', ')})${isOver && Object.hasOwn(AGGREGATES, name) ? ' OVER (ORDER BY id)' : ''}`,
      ),
  }))
  .call.chain((call) =>
    fc.constantFrom(
      `SELECT ${call} FROM customer`,
      `SELECT id FROM customer WHERE ${call} IS NOT NULL ORDER BY ${call}`,
      `SELECT id FROM customer WHERE id IN ${call} OR parent NOT IN (${call})`,
      `SELECT ${call}, COUNT(*) FROM customer GROUP BY ${call} HAVING ${call} <> 'x'`,
    ),
  )

/** `times` more runs than the brief ones, drawn from `seed`. */
export function describeFuzz({ seed, times }: { readonly seed: number; readonly times: number }): void {
  const check = (drawn: fc.Arbitrary<string>, count: number): Promise<void> =>
    fc.assert(fc.asyncProperty(drawn, expectRowsOrRefusal), { seed, numRuns: count * times })
  describe('SuiteQL answers with rows or a refusal', () => {
    it('words in any order', () => check(soup, 200))
    it('statements of which some words are changed, left out or doubled', () => check(mangled, 300))
    it('functions of odd values', () => check(called, 400))
  })
}
