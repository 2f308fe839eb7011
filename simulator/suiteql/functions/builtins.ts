/**
 * NetSuite's own functions, `BUILTIN.…`. What needs data that no account here has is refused by name: rates of exchange
 * (CURRENCY_CONVERT, and CONSOLIDATE between subsidiaries), who is asking (NAMED_GROUP), and PERIOD. [SQL-057, SQL-058, SQL-060]
 */
import { unsupported } from '../refusals.ts'
import { asText, type Typed } from '../typed.ts'
import { any, type Polymorphic } from './polymorphic.ts'

/** Arguments that say how, as they are written: texts, in capitals. */
function words(name: string, args: readonly Typed[], accepted: readonly (readonly string[])[]): string[] {
  return accepted.map((list, index) => {
    const word = args[index]?.literal?.toUpperCase()
    if (word === undefined || !list.includes(word)) throw unsupported(`argument ${index + 2} of ${name}`)
    return word
  })
}

function ofField(name: string, args: readonly Typed[], show: 'display' | 'code'): Typed {
  const from = args[0]!.column
  if (from === undefined) throw unsupported(`${name} of what is no field`)
  const make = from.column[show]
  return make === undefined
    ? { sql: args[0]!.sql, type: args[0]!.type }
    : { sql: make(from.alias), type: 'text' }
}

const VIEWS = ['LEDGER', 'INCOME']
const RATES = ['DEFAULT', 'STANDARD', 'BUDGET', 'NONE']
const SUBSIDIARY_RATES = ['DEFAULT', 'CURRENT', 'HISTORICAL', 'AVERAGE']

/** An account of one company has one currency in its books: the amount itself. */
function consolidate([amount, view, rate, subsidiaryRate]: readonly Typed[]): Typed {
  words('BUILTIN.CONSOLIDATE', [view!, rate!, subsidiaryRate!], [VIEWS, RATES, SUBSIDIARY_RATES])
  if (amount!.type !== 'number') throw unsupported('BUILTIN.CONSOLIDATE of no amount')
  return { sql: `ql_consolidate(${amount!.sql})`, type: 'number' }
}

/** The symbol of the first currency: the books are kept in it. */
const BASE_CURRENCY = "(SELECT body ->> '$.symbol' FROM main.record WHERE grp = 'currency' AND id = 1)"

const EDGES = ['START', 'END']
/** How a date is presented. The others shift it between zones. */
const FLAGS = ['DATE', 'DATETIME_AS_DATE']

/** A bare END and one of DATE are the last day, so that a date equals it; DATETIME_AS_DATE is that day's last second. */
function relativeRange(args: readonly Typed[], now: string): Typed {
  const [range, edge, flag] = args
  const [edgeWord] = words('BUILTIN.RELATIVE_RANGES', [edge!], [EDGES])
  const flagWord = flag === undefined ? 'DATE' : words('BUILTIN.RELATIVE_RANGES', [flag], [FLAGS])[0]
  return { sql: `ql_relative_range(${now}, ${asText(range!)}, '${edgeWord}', '${flagWord}')`, type: 'date' }
}

const PATHS = ['DISPLAY', 'DISPLAY_JOINED', 'SELF_DISPLAY', 'SELF_IDENTIFIER']

/** The names from the root down, as NetSuite writes full names. How ids and separated names look has no source. */
function hierarchy([field, expansion]: readonly Typed[]): Typed {
  const from = field!.column
  const [path] = words('BUILTIN.HIERARCHY', [expansion!], [PATHS])
  if (from?.column.path === undefined) throw unsupported('BUILTIN.HIERARCHY of no hierarchical field')
  if (path === 'SELF_IDENTIFIER') return { sql: field!.sql, type: field!.type }
  return { sql: from.column.path(from.alias, path === 'SELF_DISPLAY'), type: 'text' }
}

const OPERATORS = ['MN_INCLUDE', 'MN_EXCLUDE'].flatMap((name) => [name, `${name}_ALL`, `${name}_EXACTLY`])

/** T or F: whether a multiselect field has the values. By id only; the names of its values may hold commas. */
function multiSelect([field, operator, display, isCaseSensitive, ...wanted]: readonly Typed[]): Typed {
  const [word] = words('BUILTIN.MNFILTER', [operator!], [OPERATORS])
  if (field!.column?.column.isMultiSelect !== true)
    throw unsupported('BUILTIN.MNFILTER of no multiselect field')
  if (display!.type !== 'null') throw unsupported('BUILTIN.MNFILTER by display name')
  words('BUILTIN.MNFILTER', [isCaseSensitive!], [['TRUE', 'FALSE']])
  const values = wanted.map(asText).join(', ')
  return { sql: `ql_multi_select(${field!.sql}, '${word}', ${values})`, type: 'text' }
}

const refused = (least: number, most: number, why: string): Polymorphic =>
  any(least, most, () => {
    throw unsupported(why)
  })

const MANY = 255

export const BUILTINS: Readonly<Record<string, Polymorphic>> = {
  'BUILTIN.CF': any(1, 1, (args) => ofField('BUILTIN.CF', args, 'code')),
  'BUILTIN.CONSOLIDATE': any(7, 7, consolidate),
  'BUILTIN.CURRENCY': any(1, 1, ([amount]) => {
    if (!/^(?:sum\()?ql_consolidate\(/.test(amount!.sql))
      throw unsupported('BUILTIN.CURRENCY of a bare field')
    return { sql: `iif(${amount!.sql} IS NULL, NULL, ${BASE_CURRENCY})`, type: 'text' }
  }),
  'BUILTIN.CURRENCY_CONVERT': refused(1, 3, 'BUILTIN.CURRENCY_CONVERT: no rates of exchange are simulated'),
  'BUILTIN.DF': any(1, 1, (args) => ofField('BUILTIN.DF', args, 'display')),
  'BUILTIN.HIERARCHY': any(2, 2, hierarchy),
  'BUILTIN.MNFILTER': any(5, MANY, multiSelect),
  'BUILTIN.NAMED_GROUP': refused(2, 2, 'BUILTIN.NAMED_GROUP: tokens belong to roles here, not to employees'),
  'BUILTIN.PERIOD': refused(4, 4, 'BUILTIN.PERIOD: which periods it compares with which edge has no source'),
  'BUILTIN.RELATIVE_RANGES': any(2, 3, (args, t) => relativeRange(args, t.bind({ kind: 'now' }))),
}
