/** Makes Oracle's functions known to SQLite, under names of our own that no statement can say. */
import type { SQLOutputValue } from 'node:sqlite'
import type { Account } from '../../account.ts'
import { dayText, localTime, readCalendarDay } from '../../account-dates.ts'
import { rulesFor } from '../../spec/rules.ts'
import { unsupported } from '../refusals.ts'
import { TYPE_LABELS } from '../tables/codes.ts'
import { itemTypeOf } from '../tables/item-types.ts'
import { entityTypeOf } from '../tables/records.ts'
import { bookFunctions } from './books.ts'
import { charOfDate, dateOfChar } from './date-masks.ts'
import * as dates from './dates.ts'
import { namedGroup } from './named-groups.ts'
import * as masks from './number-masks.ts'
import * as numbers from './numbers.ts'
import * as regexps from './regexps.ts'
import { relativeRange } from './relative-ranges.ts'
import * as texts from './texts.ts'

const PURE = {
  ql_add_days: dates.addDays,
  ql_days_between: dates.daysBetween,
  ql_add_months: dates.addMonths,
  ql_last_day: dates.lastDay,
  ql_months_between: dates.monthsBetween,
  ql_next_day: dates.nextDay,
  ql_trunc_date: dates.truncDate,
  ql_round_date: dates.roundDate,
  ql_char_date: charOfDate,
  ql_char: numbers.charOfNumber,
  ql_char_masked: masks.charOfMasked,
  ql_number_masked: masks.numberOfMasked,
  ql_number: numbers.numberOfChar,
  ql_id: numbers.idOfText,
  ql_settle: numbers.settle,
  ql_single: numbers.single,
  ql_divide: numbers.divide,
  ql_round: numbers.round,
  ql_trunc: numbers.trunc,
  ql_mod: numbers.mod,
  ql_power: numbers.power,
  ql_sqrt: numbers.squareRoot,
  ql_width_bucket: numbers.widthBucket,
  ql_acos: numbers.arcCosine,
  ql_asin: numbers.arcSine,
  ql_atan: numbers.arcTangent,
  ql_atan2: numbers.arcTangent2,
  ql_bitand: numbers.bitAnd,
  ql_cos: numbers.cosine,
  ql_cosh: numbers.hyperbolicCosine,
  ql_exp: numbers.exponential,
  ql_ln: numbers.naturalLog,
  ql_log: numbers.log,
  ql_remainder: numbers.remainder,
  ql_sin: numbers.sine,
  ql_sinh: numbers.hyperbolicSine,
  ql_tan: numbers.tangent,
  ql_tanh: numbers.hyperbolicTangent,
  ql_ascii: texts.ascii,
  ql_multi_select: multiSelect,
  ql_soundex: texts.soundex,
  ql_concat: texts.concat,
  ql_substr: texts.substr,
  ql_instr: texts.instr,
  ql_lpad: texts.padLeft,
  ql_rpad: texts.padRight,
  ql_trim: texts.trim,
  ql_ltrim: texts.trimLeft,
  ql_rtrim: texts.trimRight,
  ql_replace: texts.replace,
  ql_translate: texts.translate,
  ql_initcap: texts.initCap,
  ql_chr: texts.chr,
  ql_like: texts.like,
  ql_upper: (text: string | null) => text?.toUpperCase() ?? null,
  ql_lower: (text: string | null) => text?.toLowerCase() ?? null,
  ql_regexp_substr: regexps.regexpSubstr,
  ql_regexp_instr: regexps.regexpInstr,
  ql_regexp_replace: regexps.regexpReplace,
  ql_shuffled: shuffled,
  ql_item_type: itemTypeOf,
  ql_entity_type: entityTypeOf,
  ql_type_label: (code: string | null) => (code === null ? null : (TYPE_LABELS[code] ?? code)),
} as const

/** Ids that a multiselect field has, against those that are wanted: any of them, all, or exactly those. [SQL-057] */
function multiSelect(ids: string | null, operator: string, ...wanted: (string | null)[]): string {
  const has = new Set(ids === null ? [] : ids.split(', '))
  const found = wanted.filter((id) => id !== null && has.has(id))
  const isExact = found.length === wanted.length && has.size === new Set(wanted).size
  const holds = operator.endsWith('_EXACTLY')
    ? isExact
    : operator.endsWith('_ALL')
      ? found.length === wanted.length
      : found.length > 0
  return holds === operator.startsWith('MN_INCLUDE') ? 'T' : 'F'
}

/** A number that looks like chance and is the same for the same row of the same page. [OPQ-061] */
function shuffled(...values: (string | number | null)[]): number {
  let hash = 0x811c9dc5
  for (const character of JSON.stringify(values)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
}

type Fn = (...args: SQLOutputValue[]) => string | number | null

/** Once per account. `version` is another number after every change of a record. */
export function registerFunctions(account: Account, version: () => number): void {
  const { store, clock, profile, catalogue } = account
  const { timeZone, firstFiscalMonth } = profile.preferences
  const add = (name: string, fn: unknown): void =>
    store.db.function(name, { deterministic: true, varargs: true }, fn as Fn)
  for (const [name, fn] of Object.entries({ ...PURE, ...bookFunctions(account, version) })) add(name, fn)
  add('ql_named_group', (type: string, user: string | null) => namedGroup(account, type, user))
  add('ql_relative_range', (now: string, id: string | null, edge: string, flag: string) =>
    relativeRange(now, id, edge, flag, firstFiscalMonth),
  )
  add('ql_local', (utc: string | null) => (utc === null ? null : localTime(Date.parse(utc), timeZone)))
  add('ql_local_ms', (utcMs: number | null) => (utcMs === null ? null : localTime(utcMs, timeZone)))
  add('ql_day', (date: string | null) => (date === null ? null : dayText(date, profile.preferences)))
  add('ql_to_date', (text: string | null, mask: string | null) =>
    dateOfChar(text, mask, localTime(clock.now(), timeZone)),
  )
  add('ql_to_timestamp_tz', (text: string | null, mask: string | null) =>
    dateOfChar(text, mask, localTime(clock.now(), timeZone), (utcMs) => localTime(utcMs, timeZone)),
  )
  add('ql_date', (text: string | null) => {
    if (text === null) return null
    const day = readCalendarDay(text, profile.preferences)
    if (day === undefined) throw unsupported(`'${text}' is no date of this account`)
    return dates.fromMs(day.fromMs)
  })
  // Of the present it is known which of two equal hours is meant.
  add('ql_utc', (local: string | null) =>
    local === localTime(clock.now(), timeZone) ? dates.fromMs(clock.now()) : utcOf(local, timeZone),
  )
  add('ql_status_label', (recordType: string | null, letter: string | null) => {
    const type = catalogue.find(recordType ?? '')
    const rules = type && rulesFor(type)
    if (rules === undefined || letter === null) return null
    const code = rules.transactionCode ?? type!.name
    return `${TYPE_LABELS[code] ?? code} : ${rules.statuses?.[letter] ?? letter}`
  })
}

/** [SQL-050: SYS_EXTRACT_UTC] Off by the change on the hours at which clocks change. */
function utcOf(local: string | null, timeZone: string): string | null {
  if (local === null) return null
  const shown = dates.toMs(local)
  const ahead = dates.toMs(localTime(shown, timeZone)) - shown
  return dates.fromMs(shown - (dates.toMs(localTime(shown - ahead, timeZone)) - (shown - ahead)))
}
