/** Test support: queries as trees of plain words, drawn at random, and their text. */
import fc from 'fast-check'
import { findOperator } from './operators.ts'
import type { Query } from './parse.ts'

/** A condition as it is written. */
export interface Written {
  readonly kind: 'condition'
  readonly field: string
  readonly word: string
  readonly values: readonly string[]
}
export type WrittenQuery = Written | { readonly kind: 'and' | 'or'; readonly parts: readonly WrittenQuery[] }

/** Conditions joined to trees of a few levels. */
export function trees(conditions: fc.Arbitrary<Written>): fc.Arbitrary<WrittenQuery> {
  const { tree } = fc.letrec<{ tree: WrittenQuery }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      conditions,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
      }),
    ),
  }))
  return tree
}

const isBare = (value: string): boolean => /^[^\s()[\],"'\\]+$/.test(value) && !/^(and|or)$/i.test(value)

/** Quotes are left out where they may be. */
function printValue(value: string): string {
  return isBare(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`
}

export function print(query: WrittenQuery): string {
  if (query.kind !== 'condition')
    return query.parts
      .map((part) => (part.kind === 'condition' ? print(part) : `(${print(part)})`))
      .join(` ${query.kind} `)
  const takes = findOperator(query.word)!.takes
  const values = query.values.map(printValue)
  const shown = takes === 'two' || takes === 'many' ? `[${values.join(', ')}]` : values.join('')
  return `${query.field} ${query.word} ${shown}`
}

/** What the parser should make of it. */
export function expected(query: WrittenQuery): Query {
  if (query.kind !== 'condition') return { kind: query.kind, parts: query.parts.map(expected) }
  const { kind, field, word, values } = query
  return { kind, field, operator: findOperator(word)!, values }
}

/** As many values as an operator takes. */
export function valuesFor<T>(word: string, one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  const [minLength, maxLength] = { none: [0, 0], one: [1, 1], two: [2, 2], many: [1, 4] }[
    findOperator(word)!.takes
  ]
  return fc.array(one, { minLength: minLength!, maxLength: maxLength! })
}
