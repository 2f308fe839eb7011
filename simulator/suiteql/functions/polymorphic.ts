/** Functions whose SQL depends on the types of their arguments; NetSuite's own are in `builtins.ts`. [SQL-050] */
import type { Translation } from '../translate.ts'
import { as, asDate, asNumber, asText, choiceType, comparisonType, type Typed } from '../typed.ts'

type Make = (args: readonly Typed[], t: Translation) => Typed

export interface Polymorphic {
  readonly least: number
  readonly most: number
  readonly make: Make
}

export const any = (least: number, most: number, make: Make): Polymorphic => ({ least, most, make })

/** A choice among values of one type. */
function choice(values: readonly Typed[], sql: (converted: readonly string[]) => string): Typed {
  const type = choiceType(values)
  return { sql: sql(values.map((value) => as(value, type))), type }
}

/** NULL equals NULL here. */
function decode([subject, ...rest]: readonly Typed[]): Typed {
  const searches = rest.filter((_, index) => index % 2 === 0 && index < rest.length - 1)
  const results = rest.filter((_, index) => index % 2 === 1)
  const otherwise = rest.length % 2 === 1 ? [rest.at(-1)!] : []
  const compared = comparisonType([subject!, ...searches])
  const type = choiceType([...results, ...otherwise])
  const branches = searches.map(
    (search, index) =>
      `WHEN ${as(subject!, compared)} IS ${as(search, compared)} THEN ${as(results[index]!, type)}`,
  )
  return {
    sql: `CASE ${branches.join(' ')} ELSE ${otherwise.map((value) => as(value, type))[0] ?? 'NULL'} END`,
    type,
  }
}

function toChar([value, mask]: readonly Typed[]): Typed {
  if (mask === undefined) return { sql: asText(value!), type: 'text' }
  if (value!.type === 'date') return { sql: `ql_char_date(${value!.sql}, ${asText(mask)})`, type: 'text' }
  return { sql: `ql_char_masked(${asNumber(value!)}, ${asText(mask)})`, type: 'text' }
}

function toDate([text, mask]: readonly Typed[]): Typed {
  if (mask === undefined || text!.type === 'date') return { sql: asDate(text!), type: 'date' }
  return { sql: `ql_to_date(${asText(text!)}, ${asText(mask)})`, type: 'date' }
}

/** ROUND and TRUNC are of numbers and of dates. */
const cut =
  (name: 'round' | 'trunc'): Make =>
  ([value, unit]) => {
    if (value!.type === 'date') {
      const sql = [value!.sql, ...(unit === undefined ? [] : [asText(unit)])].join(', ')
      return { sql: `ql_${name}_date(${sql})`, type: 'date' }
    }
    const sql = [asNumber(value!), ...(unit === undefined ? [] : [asNumber(unit)])].join(', ')
    return { sql: `ql_${name}(${sql})`, type: 'number' }
  }

function toNumber([value, mask]: readonly Typed[]): Typed {
  if (mask === undefined || value!.type === 'number') return { sql: asNumber(value!), type: 'number' }
  return { sql: `ql_number_masked(${asText(value!)}, ${asText(mask)})`, type: 'number' }
}

function toTimestampTz([text, mask]: readonly Typed[]): Typed {
  if (mask === undefined || text!.type === 'date') return { sql: asDate(text!), type: 'date' }
  return { sql: `ql_to_timestamp_tz(${asText(text!)}, ${asText(mask)})`, type: 'date' }
}

const extreme =
  (name: 'max' | 'min'): Make =>
  (args) =>
    args.length === 1 ? args[0]! : choice(args, (converted) => `${name}(${converted.join(', ')})`)

const MANY = 255

export const POLYMORPHIC: Readonly<Record<string, Polymorphic>> = {
  COALESCE: any(2, MANY, (args) => choice(args, (converted) => `coalesce(${converted.join(', ')})`)),
  CONCAT: any(2, 2, ([a, b]) => concat(a!, b!)),
  DECODE: any(3, MANY, decode),
  GREATEST: any(1, MANY, extreme('max')),
  LEAST: any(1, MANY, extreme('min')),
  NULLIF: any(2, 2, ([a, b]) => {
    const type = comparisonType([a!, b!])
    return { sql: `nullif(${as(a!, type)}, ${as(b!, type)})`, type }
  }),
  NVL: any(2, 2, (args) => choice(args, (converted) => `coalesce(${converted.join(', ')})`)),
  NVL2: any(3, 3, ([test, a, b]) =>
    choice([a!, b!], ([x, y]) => `CASE WHEN ${test!.sql} IS NULL THEN ${y} ELSE ${x} END`),
  ),
  ROUND: any(1, 2, cut('round')),
  TO_CHAR: any(1, 2, toChar),
  TO_CLOB: any(1, 1, ([text]) => ({ sql: asText(text!), type: 'text', isLong: true })),
  TO_DATE: any(1, 2, toDate),
  TO_NCHAR: any(1, 2, toChar),
  TO_NUMBER: any(1, 2, toNumber),
  TO_TIMESTAMP: any(1, 2, toDate),
  TO_TIMESTAMP_TZ: any(1, 2, toTimestampTz),
  TRUNC: any(1, 2, cut('trunc')),
}

/** NULL is an empty text here, and an empty text is NULL. */
export function concat(a: Typed, b: Typed): Typed {
  return { sql: `ql_concat(${asText(a)}, ${asText(b)})`, type: 'text' }
}
