/**
 * NetSuite's own functions, `BUILTIN.…`; those that stand for a list are in `sets.ts`. Their arguments and words are
 * those of the help; what they then compute, where the help leaves that open, docs/suiteql.md says. [SQL-057, SQL-058, SQL-060]
 */
import { unsupported } from '../refusals.ts'
import { EXPANSIONS, type Expansion } from '../tables/table.ts'
import type { Translation } from '../translate.ts'
import { asDate, asNumber, asText, type Owner, roughNumber, type Typed } from '../typed.ts'
import { any, type Polymorphic } from './polymorphic.ts'
import { wordOf } from './words.ts'

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

/** A field's value, or a sum of such: what knows its currency. */
function amountOf(name: string, arg: Typed): Owner {
  if (arg.type !== 'number' || arg.amount === undefined) throw unsupported(`${name} of no amount`)
  return arg.amount()
}

const product = (sql: string, currency: string): Typed => ({
  sql,
  type: 'number',
  rough: 'product',
  amount: () => ({ currency, subsidiary: 'NULL' }),
})

/**
 * To the currency of a subsidiary, by the rate of a period: in the ledger the current one, of income the average. Without
 * OneWorld the books have one currency: the amount itself.
 */
function consolidate(args: readonly Typed[], t: Translation): Typed {
  const name = 'BUILTIN.CONSOLIDATE'
  const [view, rate, kind] = [VIEWS, RATES, SUBSIDIARY_RATES].map((words, at) =>
    wordOf(name, args, at + 1, words),
  )
  const [amount, , , , target, period] = args as [Typed, Typed, Typed, Typed, Typed, Typed, Typed]
  const { currency, subsidiary } = amountOf(name, amount)
  if (rate === 'NONE') return amount
  if (!t.isOneWorld) return product(amount.sql, 'ql_base_currency(NULL)')
  const usual = view === 'INCOME' ? 'AVERAGE' : 'CURRENT'
  const rateKind = (kind === 'DEFAULT' ? usual : kind!).toLowerCase()
  const to = idOrDefault(target)
  return product(
    `ql_consolidate(${amount.sql}, ${currency}, ${subsidiary}, ${to}, ${idOrDefault(period)}, '${rateKind}')`,
    `ql_subsidiary_currency(${to})`,
  )
}

/** An id, as a number or a text, or the word DEFAULT. */
const idOrDefault = (value: Typed): string =>
  value.literal?.toUpperCase() === 'DEFAULT' || value.type === 'null' ? 'NULL' : asNumber(value)

/** To a currency, or that of the account, by the rate of a day, or today's. */
function convert([amount, target, date]: readonly Typed[], t: Translation): Typed {
  const { currency } = amountOf('BUILTIN.CURRENCY_CONVERT', amount!)
  const to = target === undefined ? 'ql_base_currency(NULL)' : asNumber(target)
  const day = date === undefined ? t.bind({ kind: 'now' }) : asDate(date)
  return product(`ql_convert(${roughNumber(amount!)}, ${currency}, ${to}, ${day})`, to)
}

/** The symbol of what an amount is in. */
function symbol([amount]: readonly Typed[]): Typed {
  const { currency } = amountOf('BUILTIN.CURRENCY', amount!)
  return { sql: `iif(${amount!.sql} IS NULL, NULL, ql_symbol(${currency}))`, type: 'text' }
}

const EDGES = ['START', 'END']
/** How a date is presented. The others shift it between zones. */
const FLAGS = ['DATE', 'DATETIME_AS_DATE']

/** A bare END and one of DATE are the last day, so that a date equals it; DATETIME_AS_DATE is that day's last second. */
function relativeRange(args: readonly Typed[], now: string): Typed {
  const [range, , flag] = args
  const edgeWord = wordOf('BUILTIN.RELATIVE_RANGES', args, 1, EDGES)
  const flagWord = flag === undefined ? 'DATE' : wordOf('BUILTIN.RELATIVE_RANGES', args, 2, FLAGS)
  return { sql: `ql_relative_range(${now}, ${asText(range!)}, '${edgeWord}', '${flagWord}')`, type: 'date' }
}

const SELF = ['SELF_DISPLAY', 'SELF_IDENTIFIER']

/** A reference by itself, or its way from the root down. */
function hierarchy(args: readonly Typed[]): Typed {
  const [field] = args
  const word = wordOf('BUILTIN.HIERARCHY', args, 1, [...Object.keys(EXPANSIONS), ...SELF])
  const from = field!.column
  if (from?.column.path === undefined) throw unsupported('BUILTIN.HIERARCHY of no hierarchical field')
  if (word === 'SELF_IDENTIFIER') return { sql: field!.sql, type: field!.type }
  if (word === 'SELF_DISPLAY') return ofField('BUILTIN.HIERARCHY', args, 'display')
  const sql = from.column.path(from.alias, word as Expansion)
  return { sql, type: word === 'LEVEL' ? 'number' : 'text' }
}

const OPERATORS = ['MN_INCLUDE', 'MN_EXCLUDE'].flatMap((name) => [name, `${name}_ALL`, `${name}_EXACTLY`])

/** T or F: whether a multiselect field has the values. By id only; the names of its values may hold commas. */
function multiSelect(args: readonly Typed[]): Typed {
  const [field, , display, , ...wanted] = args
  const word = wordOf('BUILTIN.MNFILTER', args, 1, OPERATORS)
  if (field!.column?.column.isMultiSelect !== true)
    throw unsupported('BUILTIN.MNFILTER of no multiselect field')
  if (display!.type !== 'null') throw unsupported('BUILTIN.MNFILTER by display name')
  wordOf('BUILTIN.MNFILTER', args, 3, ['TRUE', 'FALSE'])
  const values = wanted.map(asText).join(', ')
  return { sql: `ql_multi_select(${field!.sql}, '${word}', ${values})`, type: 'text' }
}

const MANY = 255

export const BUILTINS: Readonly<Record<string, Polymorphic>> = {
  'BUILTIN.CF': any(1, 1, (args) => ofField('BUILTIN.CF', args, 'code')),
  'BUILTIN.CONSOLIDATE': any(7, 7, consolidate),
  'BUILTIN.CURRENCY': any(1, 1, symbol),
  'BUILTIN.CURRENCY_CONVERT': any(1, 3, convert),
  'BUILTIN.DF': any(1, 1, (args) => ofField('BUILTIN.DF', args, 'display')),
  'BUILTIN.HIERARCHY': any(2, 2, hierarchy),
  'BUILTIN.MNFILTER': any(5, MANY, multiSelect),
  'BUILTIN.RELATIVE_RANGES': any(2, 3, (args, t) => relativeRange(args, t.bind({ kind: 'now' }))),
}
