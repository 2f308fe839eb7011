/**
 * Bodies for any record type, drawn from the catalogue: valid ones with what a GET must show, and invalid ones with the
 * field that is wrong. The rules of a type tell which fields are mandatory or not the client's; they give no expected value.
 */
import type { Rng } from '../../kernel/rng.ts'
import { type Field, findField, type RecordType, type Shape } from '../../simulator/spec/catalogue.ts'
import { type Requirement, rulesFor } from '../../simulator/spec/rules.ts'
import { type Drawn, drawText, drawValue, type Pool, wrongValues } from './values.ts'

type Body = Record<string, unknown>

export interface DrawnBody {
  readonly sent: Body
  /** What GET with expandSubResources=true shows at least. */
  readonly shown: Body
}

export interface InvalidBody {
  readonly sent: Body
  /** The body field that is wrong; the error's path begins with it. */
  readonly field: string
}

/**
 * Fields that mean more than they hold: writing them sets other records in motion or is refused by what the account knows.
 * They have tests of their own.
 */
const MEANINGFUL = new Set(
  [
    'id links externalId refName isInactive status orderStatus shipStatus approvalStatus createdFrom orderDoc orderLine',
    'line lineUniqueKey doc isPerson accountingBook accountingBookDetail inventoryDetail inventoryAssignment',
    'apply credit deposit itemCost expCost time price locations item inventory component revision',
    'url addrText defaultBilling defaultShipping webStore storeOrder',
    'isClosed commitInventory grossAmt taxDetails taxDetailsOverride nextLine parent',
  ].flatMap((names) => names.toLowerCase().split(' ')),
)

const FIELDS_MAX = 10
const LINES_MAX = 2
const COLUMNS_MAX = 4

/** A body the account must take. */
export function drawBody(rng: Rng, type: RecordType, pool: Pool): DrawnBody {
  const rules = rulesFor(type)
  const sent: Body = {}
  const shown: Body = {}
  const put = (field: Field, drawn: Drawn | undefined): void => {
    if (drawn === undefined) return
    sent[field.name] = drawn.sent
    shown[field.name] = drawn.shown
  }
  const free = type.body.fields.filter((field) => isFree(field) && !rules.computed.has(field.name))
  for (const field of some(rng, free, FIELDS_MAX)) {
    if (field.kind === 'sublist') put(field, drawLines(rng, type, field.name, field.line, pool))
    else if (field.kind === 'subrecord') put(field, drawShape(rng, field.body, pool, NOTHING, []))
    else put(field, drawValue(rng, field, pool))
  }
  for (const requirement of rules.required) {
    if (!applies(requirement, sent)) continue
    put(...drawRequired(rng, type.body, requirement, pool))
  }
  const list = findField(type.body, rules.requiredLines[0] ?? '')
  if (list?.kind === 'sublist') put(list, drawLines(rng, type, list.name, list.line, pool))
  const externalId = findField(type.body, 'externalId')
  if (externalId !== undefined) put(externalId, { sent: `x-${rng.hex(12)}`, shown: undefined })
  if (externalId !== undefined) shown[externalId.name] = sent[externalId.name]
  return { sent, shown }
}

function isFree(field: Field): boolean {
  return !MEANINGFUL.has(field.name.toLowerCase())
}

function some<T>(rng: Rng, items: readonly T[], max: number): readonly T[] {
  if (items.length === 0) return []
  return [...new Set(Array.from({ length: rng.integer(0, max) }, () => rng.pick(items)))]
}

function applies({ when, unless }: Requirement, body: Body): boolean {
  if (when !== undefined && (body[when.field] ?? false) !== when.equals) return false
  return unless === undefined || (body[unless.field] ?? false) !== unless.equals
}

/** The first field of a requirement that can be filled. */
function drawRequired(rng: Rng, shape: Shape, { anyOf }: Requirement, pool: Pool): [Field, Drawn] {
  for (const name of anyOf) {
    const field = findField(shape, name)
    const drawn = field === undefined ? undefined : drawMandatory(rng, field, pool)
    if (field !== undefined && drawn !== undefined) return [field, drawn]
  }
  throw new Error(`nothing to put into ${anyOf.join(' or ')}`)
}

/** Quantities are whole and positive: what they mean is tested elsewhere. */
function drawMandatory(rng: Rng, field: Field, pool: Pool): Drawn | undefined {
  const isAmount = /quantity|qty/i.test(field.name)
  return isAmount ? { sent: 2, shown: 2 } : drawValue(rng, field, pool)
}

const NOTHING: ReadonlySet<string> = new Set()

/** Lines of a sublist; one only where the client chooses the key. */
function drawLines(rng: Rng, type: RecordType, name: string, line: Shape, pool: Pool): Drawn | undefined {
  const rules = rulesFor(type)
  const list = name.toLowerCase()
  const key = rules.lineKeys[list]
  const column = key?.length === 1 ? findField(line, key[0]!) : undefined
  const isChosen = column?.kind === 'reference' || (key !== undefined && key.length > 1)
  const count = isChosen ? 1 : rng.integer(1, LINES_MAX)
  const own = new Set([...(rules.lineComputed[list] ?? []), ...(key ?? [])])
  const lines = Array.from({ length: count }, () =>
    drawShape(rng, line, pool, own, rules.lineRequired[list] ?? []),
  )
  if (lines.some(({ sent }) => Object.keys(sent as Body).length === 0)) return undefined
  return { sent: { items: lines.map(({ sent }) => sent) }, shown: { items: lines.map(({ shown }) => shown) } }
}

/** Columns of a line or fields of a subrecord: what is required and some of the rest, nothing nested. */
function drawShape(
  rng: Rng,
  shape: Shape,
  pool: Pool,
  own: ReadonlySet<string>,
  required: readonly Requirement[],
): Drawn {
  const sent: Body = {}
  const shown: Body = {}
  const free = shape.fields.filter(
    (field) =>
      isFree(field) &&
      field.kind !== 'sublist' &&
      field.kind !== 'subrecord' &&
      !own.has(field.name) &&
      !field.name.toLowerCase().endsWith('_text'),
  )
  const put = (field: Field, drawn: Drawn | undefined): void => {
    if (drawn === undefined) return
    sent[field.name] = drawn.sent
    shown[field.name] = drawn.shown
  }
  for (const field of some(rng, free, COLUMNS_MAX)) put(field, drawValue(rng, field, pool))
  for (const requirement of required) put(...drawRequired(rng, shape, requirement, pool))
  return { sent, shown }
}

/** A valid body made wrong in one field; undefined for a type whose fields take anything. */
export function drawInvalid(rng: Rng, type: RecordType, pool: Pool): InvalidBody | undefined {
  const { computed } = rulesFor(type)
  const { sent } = drawBody(rng, type, pool)
  const wrong = type.body.fields.flatMap((field) =>
    computed.has(field.name) || field.name === 'links' || field.name === 'externalId'
      ? []
      : wrongValues(field).map((value) => ({ field, value })),
  )
  if (wrong.length === 0) return undefined
  const { field, value } = rng.pick(wrong)
  return { sent: { ...sent, [field.name]: value }, field: field.name }
}

/** A valid body and a name that the type does not have. */
export function drawUnknownName(rng: Rng, type: RecordType, pool: Pool): InvalidBody {
  const field = `no${rng.hex(8)}`
  return { sent: { ...drawBody(rng, type, pool).sent, [field]: drawText(rng) }, field }
}
