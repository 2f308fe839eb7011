/**
 * A resolved filter as a condition on rows of the store. Values and paths are parameters. One rule for what is empty:
 * an empty field meets no operator, positive or negative, but EMPTY; an empty text is an empty field. Ids, external ids
 * and times of the last change use their index. [REC-070..076, REC-511]
 */
import type { SQLInputValue } from 'node:sqlite'
import type { SqlCondition } from '../matching.ts'
import { foldCase } from '../store.ts'
import { dateText, dateTimeText } from '../values.ts'
import type { Comparison, TextTest } from './operators.ts'
import type { Column, Filter, Range, Test } from './resolve.ts'

export interface SqlOptions {
  /** Id group of the type, for the index of external ids. */
  readonly group: string
  /** Whether strings compare with regard to case. [REC-511] */
  readonly isCaseSensitive: boolean
}

export function toSql(filter: Filter, options: SqlOptions): SqlCondition {
  if (filter.kind === 'and' || filter.kind === 'or') {
    const parts = filter.parts.map((part) => toSql(part, options))
    const text = parts.map((part) => `(${part.text})`).join(filter.kind === 'and' ? ' AND ' : ' OR ')
    return { text, params: parts.flatMap(({ params }) => params) }
  }
  switch (filter.kind) {
    case 'empty':
      return emptyTest(filter)
    case 'range':
      return rangeTest(filter)
    case 'boolean':
      return negate(sql`${storedValue(filter.column)} = ${filter.value ? 1 : 0}`, filter)
    case 'numbers':
      return numberTest(filter)
    case 'text':
      return textTest(filter, options)
  }
}

/** A piece of SQL in which every value that is no piece itself becomes a parameter. */
function sql(
  texts: TemplateStringsArray,
  ...values: readonly (SqlCondition | SQLInputValue)[]
): SqlCondition {
  let text = texts[0]!
  const params: SQLInputValue[] = []
  values.forEach((value, index) => {
    if (value !== null && typeof value === 'object' && 'params' in value) {
      text += value.text
      params.push(...value.params)
    } else {
      text += '?'
      params.push(value as SQLInputValue)
    }
    text += texts[index + 1]!
  })
  return { text, params }
}

const negate = (condition: SqlCondition, { isNegated }: Test): SqlCondition =>
  isNegated ? sql`NOT (${condition})` : condition

/** The value as SQL sees it: NULL when it is empty. */
function storedValue({ place, name, family, isUntyped }: Column): SqlCondition {
  if (place === 'id') return sql`id`
  if (place === 'modified') return sql`modified_ms`
  if (place === 'externalId') return sql`external_id`
  const path = `$."${name}"`
  if (family === 'reference') return sql`body ->> ${`${path}.id`}`
  if (isUntyped) return sql`nullif(CAST(body ->> ${path} AS TEXT), '')`
  return family === 'string' ? sql`nullif(body ->> ${path}, '')` : sql`body ->> ${path}`
}

/** Internal ids that a multi-select holds, as SQL rows are. */
const listOf = ({ name }: Column): SqlCondition => sql`nullif(body -> ${`$."${name}"`}, '[]')`

function emptyTest({ column, isNegated }: Test): SqlCondition {
  const value = column.family === 'multiSelect' ? listOf(column) : storedValue(column)
  return isNegated ? sql`${value} IS NOT NULL` : sql`${value} IS NULL`
}

/** The outside of a range is written as such, as an index cannot use a NOT. */
function rangeTest({ column, isNegated, value: range }: Test & { kind: 'range' }): SqlCondition {
  const value = storedValue(column)
  const bound = (ms: number): SQLInputValue =>
    column.place === 'modified' ? ms : column.family === 'date' ? dateText(ms) : dateTimeText(ms)
  const { fromMs, toMs }: Range = range
  const parts: SqlCondition[] = []
  if (fromMs !== undefined)
    parts.push(isNegated ? sql`${value} < ${bound(fromMs)}` : sql`${value} >= ${bound(fromMs)}`)
  if (toMs !== undefined)
    parts.push(isNegated ? sql`${value} >= ${bound(toMs)}` : sql`${value} < ${bound(toMs)}`)
  const [first, second] = parts as [SqlCondition, SqlCondition?]
  if (second === undefined) return first
  return isNegated ? sql`(${first} OR ${second})` : sql`(${first} AND ${second})`
}

const COMPARISONS: Readonly<Record<Comparison, SqlCondition>> = {
  EQUAL: sql`=`,
  GREATER: sql`>`,
  GREATER_OR_EQUAL: sql`>=`,
  LESS: sql`<`,
  LESS_OR_EQUAL: sql`<=`,
}

/** Ids of references are stored as texts: equality compares those; in order an id that is no number has no place. */
function numberTest(test: Test & { kind: 'numbers' }): SqlCondition {
  const { column, verb, value: numbers } = test
  const isReference = column.family === 'reference' || column.family === 'multiSelect'
  const operands = isReference ? numbers.map(String) : numbers
  if (column.family === 'multiSelect') {
    const found = sql`EXISTS (SELECT 1 FROM json_each(body, ${`$."${column.name}"`}) AS entry
      WHERE entry.value ->> 'id' IN (SELECT value FROM json_each(${JSON.stringify(operands)})))`
    return test.isNegated ? sql`(${listOf(column)} IS NOT NULL AND NOT ${found})` : found
  }
  const value = storedValue(column)
  if (verb === 'ANY_OF')
    return negate(sql`${value} IN (SELECT value FROM json_each(${JSON.stringify(operands)}))`, test)
  if (verb === 'EQUAL') return negate(sql`${value} = ${operands[0]!}`, test)
  if (!isReference) return negate(compareNumber(value, test), test)
  const number = sql`CAST(${value} AS INTEGER)`
  return negate(sql`(CAST(${number} AS TEXT) = ${value} AND ${compareNumber(number, test)})`, test)
}

function compareNumber(
  stored: SqlCondition,
  { verb, value: [first, second] }: Test & { kind: 'numbers' },
): SqlCondition {
  if (verb === 'BETWEEN') return sql`${stored} BETWEEN ${first!} AND ${second!}`
  return sql`${stored} ${COMPARISONS[verb as Comparison]} ${first!}`
}

function textTest(test: Test & { kind: 'text' }, options: SqlOptions): SqlCondition {
  const { column, value: wanted } = test
  const stored = storedValue(column)
  const condition = compareText(stored, test, options)
  // The index of external ids starts with their group. A negative test could not use it.
  if (column.place === 'externalId' && test.verb === 'IS' && !test.isNegated) {
    const folded = sql`external_id = ${wanted} COLLATE NOCASE`
    const same = options.isCaseSensitive || isAscii(wanted) ? sql`${folded} AND ${condition}` : condition
    return sql`id IN (SELECT id FROM record WHERE grp = ${options.group} AND ${same})`
  }
  const labelled = Object.entries(column.labels).flatMap(([id, label]) =>
    matchesText(label, test, options) ? [id] : [],
  )
  if (labelled.length === 0) return negate(condition, test)
  const byLabel = sql`${stored} IN (SELECT value FROM json_each(${JSON.stringify(labelled)}))`
  return negate(sql`(${condition} OR ${byLabel})`, test)
}

const isAscii = (text: string): boolean => !/[^\p{ASCII}]/u.test(text)

/** SQLite folds the case of ASCII only, and fast; for other letters it asks us. */
function compareText(
  stored: SqlCondition,
  { verb, value }: Test & { kind: 'text' },
  options: SqlOptions,
): SqlCondition {
  const { isCaseSensitive } = options
  const wanted = isCaseSensitive ? value : foldCase(value)
  if (verb === 'IS' && !isCaseSensitive && isAscii(value)) return sql`${stored} = ${wanted} COLLATE NOCASE`
  const text = isCaseSensitive ? stored : isAscii(value) ? sql`lower(${stored})` : sql`fold_case(${stored})`
  const length = [...wanted].length
  switch (verb as TextTest | 'IS') {
    case 'IS':
      return sql`${text} = ${wanted}`
    case 'CONTAIN':
      return sql`instr(${text}, ${wanted}) > 0`
    case 'START_WITH':
      return sql`substr(${text}, 1, ${length}) = ${wanted}`
    case 'ENDWITH':
      // The last 0 characters would be all of them.
      return length === 0 ? sql`${text} IS NOT NULL` : sql`substr(${text}, ${-length}) = ${wanted}`
  }
}

/** The same, of a text at hand. */
function matchesText(stored: string, { verb, value }: Test & { kind: 'text' }, options: SqlOptions): boolean {
  const fold = options.isCaseSensitive ? (text: string): string => text : foldCase
  const [text, wanted] = [fold(stored), fold(value)]
  switch (verb as TextTest | 'IS') {
    case 'IS':
      return text === wanted
    case 'CONTAIN':
      return text.includes(wanted)
    case 'START_WITH':
      return text.startsWith(wanted)
    case 'ENDWITH':
      return text.endsWith(wanted)
  }
}
