/** Functions whose SQL depends on the types of their arguments. [SQL-050, SQL-057] */
import { unsupported } from '../refusals.ts'
import { as, asDate, asNumber, asText, choiceType, comparisonType, type Typed } from '../typed.ts'

type Make = (args: readonly Typed[]) => Typed

interface Polymorphic {
  readonly least: number
  readonly most: number
  readonly make: Make
}

const any = (least: number, most: number, make: Make): Polymorphic => ({ least, most, make })

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

function ofColumn(args: readonly Typed[], show: 'display' | 'code'): Typed {
  const from = args[0]!.column
  if (from === undefined) throw unsupported('BUILTIN.DF and CF take a field')
  const make = from.column[show]
  return make === undefined
    ? { sql: args[0]!.sql, type: args[0]!.type }
    : { sql: make(from.alias), type: 'text' }
}

const extreme =
  (name: 'max' | 'min'): Make =>
  (args) =>
    args.length === 1 ? args[0]! : choice(args, (converted) => `${name}(${converted.join(', ')})`)

const MANY = 255

export const POLYMORPHIC: Readonly<Record<string, Polymorphic>> = {
  'BUILTIN.CF': any(1, 1, (args) => ofColumn(args, 'code')),
  'BUILTIN.DF': any(1, 1, (args) => ofColumn(args, 'display')),
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
  TO_DATE: any(1, 2, toDate),
  TO_NUMBER: any(1, 1, ([value]) => ({ sql: asNumber(value!), type: 'number' })),
  TO_TIMESTAMP: any(1, 2, toDate),
  TRUNC: any(1, 2, cut('trunc')),
}

/** NULL is an empty text here, and an empty text is NULL. */
export function concat(a: Typed, b: Typed): Typed {
  return { sql: `nullif(coalesce(${asText(a)}, '') || coalesce(${asText(b)}, ''), '')`, type: 'text' }
}
