/**
 * Values for a field of the catalogue: right ones with what a GET must show for them, and wrong ones with where the error
 * must point. What is expected is written here from the facts, never asked of the simulator. [REC-030..035, REC-109]
 */
import type { Rng } from '../../kernel/rng.ts'
import type { EnumField, Field, ScalarField, ScalarType } from '../../simulator/spec/catalogue.ts'

/** A value as sent, and what a GET shows for it: objects with at least these keys, as conformance/match.ts compares. */
export interface Drawn {
  readonly sent: unknown
  readonly shown: unknown
}

/** The records that references may point at. */
export interface Pool {
  /** Ids of records of one type; none when there are none. */
  idsOf(type: string): readonly string[]
}

const WORDS = [
  'Mug',
  'Sand & Stone',
  '"quoted"',
  "O'Neill",
  'Ünïcødé',
  '株式会社',
  '🚢',
  '<b>bold</b>',
  'a|b',
  '%20',
  '\\',
]
const LONG = 4000

/** Text that no two draws share. */
export function drawText(rng: Rng): string {
  const word = rng.chance(0.03) ? 'x'.repeat(LONG) : rng.pick(WORDS)
  return `${word} ${rng.hex(10)}`
}

const same = (value: unknown): Drawn => ({ sent: value, shown: value })
const two = (value: number): string => String(value).padStart(2, '0')

/** Draws of each scalar: what is sent, what is shown. */
const SCALARS: Readonly<Record<ScalarType, (rng: Rng) => Drawn>> = {
  string: (rng) => same(drawText(rng)),
  boolean: (rng) => same(rng.chance(0.5)),
  integer: (rng) => same(rng.pick([0, 1, rng.integer(2, 1000), 2_147_483_647])),
  double: drawNumber,
  float: drawNumber,
  date: drawDate,
  'date-time': drawDateTime,
  any: (rng) => same(drawText(rng)),
}

function drawNumber(rng: Rng): Drawn {
  const value = rng.pick([0, 1, rng.integer(1, 100_000) / 100, 12.5, 999_999_999.99])
  return { sent: rng.chance(0.1) ? String(value) : value, shown: value }
}

/** Unpadded dates are accepted; answers are padded. [REC-032, REC-033] */
function drawDate(rng: Rng): Drawn {
  const [year, month, day] = [rng.integer(1990, 2037), rng.integer(1, 12), rng.integer(1, 28)]
  const shown = `${year}-${two(month)}-${two(day)}`
  return { sent: rng.chance(0.3) ? `${year}-${month}-${day}` : shown, shown }
}

/** Any offset is accepted; answers are in UTC and cut to the minute. [REC-032, OPQ-028] */
function drawDateTime(rng: Rng): Drawn {
  const day = `20${two(rng.integer(10, 35))}-${two(rng.integer(1, 12))}-${two(rng.integer(1, 28))}`
  const [hour, minute] = [rng.integer(2, 23), two(rng.integer(0, 59))]
  if (rng.chance(0.5))
    return { sent: `${day}T${two(hour)}:${minute}:41Z`, shown: `${day}T${two(hour)}:${minute}:00Z` }
  return { sent: `${day}T${two(hour)}:${minute}:00+02:00`, shown: `${day}T${two(hour - 2)}:${minute}:00Z` }
}

/** A right value for a field without fields of its own; undefined when the account holds none. */
export function drawValue(rng: Rng, field: Field, pool: Pool): Drawn | undefined {
  switch (field.kind) {
    case 'scalar':
      return SCALARS[field.type](rng)
    case 'enum':
      return drawEnum(rng, field)
    case 'reference': {
      const id = drawId(rng, field.targets, pool)
      if (id === undefined) return undefined
      return { sent: rng.pick([{ id }, { id: Number(id) }, id]), shown: { id } }
    }
    case 'multiSelect': {
      const id = drawId(rng, field.targets, pool)
      if (id === undefined) return undefined
      return { sent: { items: [{ id }] }, shown: { items: [{ id }] } }
    }
    default:
      return undefined
  }
}

function drawEnum(rng: Rng, { values }: EnumField): Drawn | undefined {
  if (values.length === 0) return undefined
  const id = rng.pick(values)
  return { sent: rng.pick([{ id }, id]), shown: { id } }
}

/** Where the document does not say what is meant, the account cannot look: any id will do. */
function drawId(rng: Rng, targets: readonly string[], pool: Pool): string | undefined {
  if (targets.length === 0) return '7'
  const ids = targets.flatMap((type) => pool.idsOf(type))
  return ids.length === 0 ? undefined : rng.pick(ids)
}

/** An id that no record of these tests has. */
const NO_ID = '888888888'

const WRONG_SCALARS: Readonly<Record<ScalarType, readonly unknown[]>> = {
  string: [{}, [], { a: 1 }, [['x']]],
  boolean: ['maybe', 7, {}, [], 'yes please'],
  integer: ['abc', 1.5, 1e300, {}, [], '12x', '0x10', true, ''],
  double: ['abc', {}, [], true, '1,5', 'NaN', '--1', 'Infinity'],
  float: ['abc', {}, [], true, '1..5', 'NaN'],
  date: ['not a date', '2026-13-45', '2026-02-30', {}, [], true, '', '01/02/2026 99:99'],
  'date-time': ['yesterday', {}, [], true, '2026-02-30T25:61:00Z', '2026-99-99T00:00:00Z'],
  any: [],
}

/** Wrong values for a field: each must be refused with a path that begins with the field. Empty: nothing is wrong here. */
export function wrongValues(field: Field): readonly unknown[] {
  switch (field.kind) {
    case 'scalar':
      return wrongScalars(field)
    case 'enum':
      return field.values.length === 0
        ? [{}, []]
        : ['no such value', {}, [], { id: 'no such' }, { refName: 'no such' }]
    case 'reference': {
      const shapes = [{}, [], true, { id: {} }, { id: [] }, { refName: 'a name alone' }]
      return field.targets.length === 0 ? shapes : [...shapes, { id: NO_ID }, NO_ID, { externalId: 'nobody' }]
    }
    case 'multiSelect':
      return [[], 'x', 5, { items: 5 }, { items: [true] }, { items: [[]] }]
    case 'sublist':
      return [[], 'x', 5, true, { items: 'x' }, { items: [5] }, { items: [[]] }, { items: ['x'] }]
    case 'subrecord':
      return ['x', [], 5, true]
  }
}

function wrongScalars({ type }: ScalarField): readonly unknown[] {
  return WRONG_SCALARS[type]
}
