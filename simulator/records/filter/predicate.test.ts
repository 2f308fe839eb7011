/** If this fails, SQL finds other records than the operators say: compared with a plain predicate over generated records. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preferencesSchema } from '../../preferences.ts'
import type { Field, RecordType } from '../../spec/catalogue.ts'
import { createRecordStore } from '../store.ts'
import { print, trees, valuesFor, type Written, type WrittenQuery } from './filter-test-kit.ts'
import { findOperator, OPERATOR_WORDS } from './operators.ts'
import { parseQuery } from './parse.ts'
import { resolveQuery } from './resolve.ts'
import { toSql } from './sql.ts'

const scalar = (name: string, type: 'string' | 'double' | 'boolean' | 'date' | 'date-time') =>
  ({ name, kind: 'scalar', type }) as const
const FIELDS: Field[] = [
  scalar('memo', 'string'),
  scalar('total', 'double'),
  scalar('paid', 'boolean'),
  scalar('day', 'date'),
  scalar('moment', 'date-time'),
  scalar('lastModifiedDate', 'date-time'),
  { name: 'word', kind: 'enum', values: [] },
  { name: 'entity', kind: 'reference', targets: [] },
  { name: 'tags', kind: 'multiSelect', targets: [] },
]
const TYPE: RecordType = {
  name: 'thing',
  body: { fields: FIELDS },
  transforms: [],
  methods: { collection: [], instance: [] },
}
const UTC = preferencesSchema.parse({ timeZone: 'UTC' })
const MINUTE = 60_000
const START = Date.UTC(2026, 0, 30, 23, 50)

/** A record as plain values; what is undefined is empty. Moments are in minutes from the start. */
interface Thing {
  readonly id: number
  readonly externalId: string | undefined
  readonly memo: string | undefined
  readonly word: string | undefined
  readonly total: number | undefined
  readonly paid: boolean | undefined
  readonly day: number | undefined
  readonly moment: number | undefined
  readonly lastModifiedDate: number
  readonly entity: string | undefined
  readonly tags: readonly string[] | undefined
}

const texts = fc.string({ unit: fc.constantFrom(...'aAbB%_\\" é', 'É', '😀'), minLength: 1, maxLength: 4 })
const numbers = fc.constantFrom(-2, -0.5, 0, 1, 1.5, 2, 10)
const minutes = fc.integer({ min: 0, max: 40 })
const days = fc.integer({ min: 0, max: 3 })
const ids = fc.constantFrom('-1', '0', '1', '2', '10')

const things: fc.Arbitrary<Thing[]> = fc
  .array(
    fc.record({
      externalId: fc.option(texts, { nil: undefined }),
      memo: fc.option(texts, { nil: undefined }),
      word: fc.option(texts, { nil: undefined }),
      total: fc.option(numbers, { nil: undefined }),
      paid: fc.option(fc.boolean(), { nil: undefined }),
      day: fc.option(days, { nil: undefined }),
      moment: fc.option(minutes, { nil: undefined }),
      lastModifiedDate: minutes,
      entity: fc.option(fc.oneof(ids, fc.constant('x')), { nil: undefined }),
      tags: fc.option(fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    }),
    { maxLength: 12 },
  )
  .map((list) => {
    const taken = new Set<string | undefined>()
    return list.map((thing, index) => {
      const externalId = taken.has(thing.externalId) ? undefined : thing.externalId
      taken.add(externalId)
      return { ...thing, id: index + 1, externalId }
    })
  })

const isoMinute = (minute: number): string =>
  `${new Date(START + minute * MINUTE).toISOString().slice(0, 16)}:00Z`
const isoDay = (day: number): string => new Date(Date.UTC(2026, 0, 30 + day)).toISOString().slice(0, 10)

function store(list: readonly Thing[]) {
  const made = createRecordStore()
  for (const { id, externalId, day, moment, entity, tags, lastModifiedDate, ...plain } of list) {
    const body = {
      ...plain,
      ...(day === undefined ? {} : { day: isoDay(day) }),
      ...(moment === undefined ? {} : { moment: isoMinute(moment) }),
      ...(entity === undefined ? {} : { entity: { id: entity } }),
      tags: (tags ?? []).map((tag) => ({ id: tag })),
    }
    // Somewhere within the minute that is shown.
    const modifiedMs = START + lastModifiedDate * MINUTE + ((id * 7919) % MINUTE)
    made.insert('thing', { type: 'thing', id, externalId, display: '', body }, modifiedMs)
  }
  return made
}

type Name = keyof Thing
const FAMILY: Record<
  Name,
  'string' | 'number' | 'boolean' | 'date' | 'dateTime' | 'reference' | 'multiSelect'
> = {
  id: 'number',
  externalId: 'string',
  memo: 'string',
  word: 'string',
  total: 'number',
  paid: 'boolean',
  day: 'date',
  moment: 'dateTime',
  lastModifiedDate: 'dateTime',
  entity: 'reference',
  tags: 'multiSelect',
}
const dayText = (day: number): string => `${day < 2 ? `1/${30 + day}` : `2/${day - 1}`}/2026`
const minuteText = (minute: number): string => {
  const date = new Date(START + minute * MINUTE)
  const hour = date.getUTCHours()
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${String(date.getUTCMinutes()).padStart(2, '0')}`
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/2026 ${clock} ${hour < 12 ? 'am' : 'pm'}`
}

/** Literals, and what they mean where that is not their text: the index of a day or minute. */
const LITERALS: Record<string, fc.Arbitrary<string>> = {
  string: texts,
  number: numbers.map(String),
  boolean: fc.constantFrom('true', 'false'),
  date: days.map(dayText),
  dateTime: minutes.map(minuteText),
  reference: ids,
  multiSelect: ids,
}
const MEANING = new Map<string, number>([
  ...Array.from({ length: 41 }, (_, minute) => [minuteText(minute), minute] as const),
  ...Array.from({ length: 4 }, (_, day) => [dayText(day), day] as const),
])

const conditions: fc.Arbitrary<Written> = fc
  .constantFrom(...(Object.keys(FAMILY) as Name[]))
  .chain((field) => {
    const family = FAMILY[field]
    const fitting = OPERATOR_WORDS.filter((word) => findOperator(word)!.fits.includes(family))
    return fc.constantFrom(...fitting).chain((word) =>
      valuesFor(word, LITERALS[family]!).map((values) => ({
        kind: 'condition' as const,
        field,
        word,
        values,
      })),
    )
  })

/** The operators as sentences. */
function meets(query: WrittenQuery, thing: Thing): boolean {
  if (query.kind !== 'condition') {
    const meetsPart = (part: WrittenQuery): boolean => meets(part, thing)
    return query.kind === 'and' ? query.parts.every(meetsPart) : query.parts.some(meetsPart)
  }
  const { field, word, values } = query
  const stored = thing[field as Name]
  if (word === 'EMPTY') return stored === undefined
  if (stored === undefined) return false
  if (word === 'EMPTY_NOT') return true
  const holds = positive(FAMILY[field as Name], word.replace(/_NOT$/, ''), stored, values)
  return word.endsWith('_NOT') ? !holds : holds
}

function positive(family: string, word: string, stored: unknown, values: readonly string[]): boolean {
  const [first, second] = values
  if (family === 'string') return text(word, String(stored).toLowerCase(), first!.toLowerCase())
  if (family === 'boolean') return String(stored) === first
  if (family === 'multiSelect') return (stored as string[]).some((tag) => values.includes(tag))
  const isDate = family === 'date' || family === 'dateTime'
  const [a, b] = [first, second].map((value) => (isDate ? MEANING.get(value!)! : Number(value)))
  const number = Number(stored)
  switch (word) {
    case 'EQUAL':
    case 'ON':
      return number === a
    case 'GREATER':
    case 'AFTER':
      return number > a!
    case 'GREATER_OR_EQUAL':
    case 'ON_OR_AFTER':
      return number >= a!
    case 'LESS':
    case 'BEFORE':
      return number < a!
    case 'LESS_OR_EQUAL':
    case 'ON_OR_BEFORE':
      return number <= a!
    case 'BETWEEN':
    case 'WITHIN':
      return number >= a! && number <= b!
    default:
      return values.map(Number).includes(number)
  }
}

function text(word: string, stored: string, wanted: string): boolean {
  if (word === 'IS') return stored === wanted
  if (word === 'CONTAIN') return stored.includes(wanted)
  return word === 'START_WITH' ? stored.startsWith(wanted) : stored.endsWith(wanted)
}

describe('a filter in SQL', () => {
  it('finds what a plain predicate finds, for any records, fields, operators and values', () => {
    fc.assert(
      fc.property(things, trees(conditions), (list, query) => {
        const made = store(list)
        const filter = resolveQuery(parseQuery(print(query)), TYPE, UTC)
        const condition = toSql(filter, { group: 'thing', isCaseSensitive: false })
        const wanted = list.filter((thing) => meets(query, thing)).map(({ id }) => id)
        expect(made.matching('thing', condition, { limit: 100, offset: 0, max: 100 })).toEqual({
          ids: wanted,
          total: wanted.length,
        })
        made.close()
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})
