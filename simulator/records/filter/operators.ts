/** The operators of `q`: how many values each takes and which kinds of field it fits. [REC-070..076] */

/** What a field is to a filter. References filter as numbers [REC-083], enumerations as strings [REC-084]. */
export type Family = 'string' | 'boolean' | 'number' | 'reference' | 'multiSelect' | 'date' | 'dateTime'

export type Comparison = 'EQUAL' | 'GREATER' | 'GREATER_OR_EQUAL' | 'LESS' | 'LESS_OR_EQUAL'
export type TextTest = 'CONTAIN' | 'START_WITH' | 'ENDWITH'
export type DateTest = 'AFTER' | 'BEFORE' | 'ON' | 'ON_OR_AFTER' | 'ON_OR_BEFORE'
export type Verb = 'EMPTY' | 'IS' | 'BETWEEN' | 'ANY_OF' | Comparison | TextTest | DateTest

export interface Operator {
  /** As the refusals name it. */
  readonly word: string
  readonly verb: Verb
  readonly isNegated: boolean
  readonly takes: 'none' | 'one' | 'two' | 'many'
  readonly fits: readonly Family[]
}

type Row = Pick<Operator, 'takes' | 'fits'> & { readonly words: string }

const NUMBERS = ['number', 'reference'] as const
const DATES = ['date', 'dateTime'] as const
const ANY = ['string', 'boolean', 'number', 'reference', 'multiSelect', 'date', 'dateTime'] as const

/** The words of each: the positive ones, then the negative. `ENDWITH` is Oracle's spelling; the regular one is taken too. [REC-075] */
const ROWS: Readonly<Record<Verb, Row>> = {
  EMPTY: { words: 'EMPTY EMPTY_NOT', takes: 'none', fits: ANY },
  IS: { words: 'IS IS_NOT', takes: 'one', fits: ['boolean', 'string'] },
  EQUAL: { words: 'EQUAL EQUAL_NOT', takes: 'one', fits: NUMBERS },
  GREATER: { words: 'GREATER GREATER_NOT', takes: 'one', fits: NUMBERS },
  GREATER_OR_EQUAL: { words: 'GREATER_OR_EQUAL GREATER_OR_EQUAL_NOT', takes: 'one', fits: NUMBERS },
  LESS: { words: 'LESS LESS_NOT', takes: 'one', fits: NUMBERS },
  LESS_OR_EQUAL: { words: 'LESS_OR_EQUAL LESS_OR_EQUAL_NOT', takes: 'one', fits: NUMBERS },
  BETWEEN: { words: 'BETWEEN WITHIN BETWEEN_NOT WITHIN_NOT', takes: 'two', fits: NUMBERS },
  ANY_OF: { words: 'ANY_OF ANY_OF_NOT', takes: 'many', fits: [...NUMBERS, 'multiSelect'] },
  CONTAIN: { words: 'CONTAIN CONTAIN_NOT', takes: 'one', fits: ['string'] },
  START_WITH: { words: 'START_WITH START_WITH_NOT', takes: 'one', fits: ['string'] },
  ENDWITH: { words: 'ENDWITH END_WITH END_WITH_NOT', takes: 'one', fits: ['string'] },
  AFTER: { words: 'AFTER AFTER_NOT', takes: 'one', fits: DATES },
  BEFORE: { words: 'BEFORE BEFORE_NOT', takes: 'one', fits: DATES },
  ON: { words: 'ON ON_NOT', takes: 'one', fits: DATES },
  ON_OR_AFTER: { words: 'ON_OR_AFTER ON_OR_AFTER_NOT', takes: 'one', fits: DATES },
  ON_OR_BEFORE: { words: 'ON_OR_BEFORE ON_OR_BEFORE_NOT', takes: 'one', fits: DATES },
}

const BY_WORD: ReadonlyMap<string, Operator> = new Map(
  Object.entries(ROWS).flatMap(([verb, { words, takes, fits }]) =>
    words
      .split(' ')
      .map(
        (word) =>
          [word, { word, verb: verb as Verb, isNegated: word.endsWith('_NOT'), takes, fits }] as const,
      ),
  ),
)

/** All words that are operators. */
export const OPERATOR_WORDS: readonly string[] = [...BY_WORD.keys()]

/** In any case. [REC-092] */
export function findOperator(word: string): Operator | undefined {
  return BY_WORD.get(word.toUpperCase())
}
