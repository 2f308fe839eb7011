/** If this fails, the suite calls different answers equal, or equal ones different: every verdict is void. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, expectationProblems } from './match.ts'

/** JSON whose keys are no operators. */
const json = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => !key.startsWith('$')),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }))
  .value.map((value) => JSON.parse(JSON.stringify(value)) as unknown)

interface Spot {
  readonly at: string
  readonly mutated: unknown
}

/** Every copy of `value` with one place changed: a scalar, a key removed, a key added, an item more. */
function mutations(value: unknown): Spot[] {
  if (Array.isArray(value)) {
    return [
      { at: '', mutated: [...value, 'more'] },
      ...value.flatMap((item, index) =>
        mutations(item).map(({ at, mutated }) => ({
          at: `/${index}${at}`,
          mutated: value.with(index, mutated),
        })),
      ),
    ]
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    const added = `${entries.map(([key]) => key).join('')}+`
    return [
      { at: `/${pointerPart(added)}`, mutated: Object.fromEntries([...entries, [added, 1]]) },
      ...entries.flatMap(([key, inner]) => {
        const at = `/${pointerPart(key)}`
        const others = entries.filter(([other]) => other !== key)
        const changed = mutations(inner).map((spot) => ({
          at: `${at}${spot.at}`,
          mutated: Object.fromEntries(entries.map(([k, v]) => [k, k === key ? spot.mutated : v])),
        }))
        return [{ at, mutated: Object.fromEntries(others) }, ...changed]
      }),
    ]
  }
  return [{ at: '', mutated: typeof value === 'number' ? value + 1 : 7 }]
}

function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

describe('matching', () => {
  it('lets every value match itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(differences(value, value)).toEqual([])
        expect(differences({ $exactly: value }, value)).toEqual([])
      }),
    )
  })
  it('finds every single mutation, at its place', () => {
    fc.assert(
      fc.property(json, (value) => {
        for (const { at, mutated } of mutations(value)) {
          expect(differences({ $exactly: value }, mutated).map((one) => one.at)).toEqual([at])
        }
      }),
    )
  })
  it('ignores additional keys unless told $exactly', () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 })).toEqual([])
    expect(differences({ $exactly: { a: 1 } }, { a: 1, b: 2 })).toEqual([
      { at: '/b', expected: '(absent)', actual: '2' },
    ])
  })
})

/** Operator, what it accepts, what it must refuse. */
const OPERATORS: readonly (readonly [unknown, unknown, unknown])[] = [
  [{ $type: 'integer' }, 1, 1.5],
  [{ $type: 'string' }, '1', 1],
  [{ $type: 'object' }, {}, []],
  [{ $type: 'array' }, [], {}],
  [{ $type: 'null' }, null, undefined],
  [{ $matches: '^a' }, 'ab', 'ba'],
  [{ $matches: '^a' }, 'ab', undefined],
  [{ $matchesAnyCase: '^a' }, 'AB', 'BA'],
  [{ $absent: true }, undefined, null],
  [{ a: { $absent: true } }, { b: 1 }, { a: 1 }],
  [{ constructor: { $absent: true } }, {}, JSON.parse('{ "constructor": 1 }')],
  [{ $has: { a: 1 } }, [{ a: 2 }, { a: 1, b: 1 }], [{ a: 2 }]],
  [{ $every: { a: 1 } }, [{ a: 1 }], [{ a: 1 }, { a: 2 }]],
  [{ $every: { a: 1 } }, [{ a: 1 }], []],
  [{ $length: 2 }, [1, 2], [1]],
  [{ $keys: ['a', 'b'] }, { a: 1, b: 1 }, { b: 1, a: 1 }],
  [{ $keys: ['a'] }, { a: 1 }, { a: 1, b: 1 }],
  [{ $keysSorted: ['links'] }, { links: 1, accX: 1, Bcc: 1 }, { accX: 1, Bcc: 1, links: 1 }],
  [{ $keysSorted: ['links'] }, { links: 1, a: 1, B: 1, c: 1 }, { links: 1, B: 1, a: 1, c: 1 }],
  [{ $anyOf: [1, 2] }, 2, 3],
  [{ $not: 1 }, 2, 1],
  [{ $keys: ['a'], a: 1 }, { a: 1 }, { a: 2 }],
]

describe('operators', () => {
  it.each(OPERATORS)('%j accepts %j and refuses %j', (expected, good, bad) => {
    expect(expectationProblems(expected)).toEqual([])
    expect(differences(expected, good)).toEqual([])
    expect(differences(expected, bad)).not.toEqual([])
  })
  it('refuses operators that do not exist and arguments they cannot take', () => {
    expect(expectationProblems({ a: [{ $match: 'x' }] })).toEqual(['$match is not an operator'])
    expect(expectationProblems({ $matches: '(' })).toHaveLength(1)
    expect(expectationProblems({ $type: 'text' })).toHaveLength(1)
    expect(expectationProblems({ $absent: false })).toHaveLength(1)
  })
  it('names the place by a JSON pointer', () => {
    expect(differences({ 'o:errorDetails': [{ 'a/b': 1 }] }, { 'o:errorDetails': [{ 'a/b': 2 }] })).toEqual([
      { at: '/o:errorDetails/0/a~1b', expected: '1', actual: '2' },
    ])
  })
})
