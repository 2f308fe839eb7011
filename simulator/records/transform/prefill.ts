/**
 * What a transform brings to the new record before the body of the request is laid over it: the header, the lines with the
 * quantity that is left, and the links back to the source. [REC-170..178, OPQ-019, OPQ-063]
 */
import type { Account } from '../../account.ts'
import { ApiFault, userError } from '../../api-fault.ts'
import { type Field, findField, type RecordType, type Shape } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { MOVERS, stepOf } from './families.ts'
import { openLines } from './open-lines.ts'
import { type Pair, pairOf } from './pairs.ts'
import { familyOf, linesOf, ORDER_SUBLISTS } from './progress.ts'

/** The record that another is made from. */
export interface Source {
  readonly type: RecordType
  readonly record: StoredRecord
  /** Where the goods are, as the request says. [REC-176] */
  readonly location?: StoredReference
}

export interface Prefill {
  readonly source: Source
  readonly pair: Pair
  readonly body: RecordBody
  /** Sublist (lower case) → column by which the request's lines name those of the source. [REC-174] */
  readonly lineKeys: Readonly<Record<string, string>>
}

/** Header fields that a new transaction takes over, lower case. K, beside custom fields. */
const HEADER = new Set(
  `entity customer subsidiary currency exchangeRate location department class terms salesRep otherRefNum memo job partner
  leadSource shipMethod shipAddressList billAddressList billingAddress shippingAddress discountItem discountRate
  transferLocation`
    .toLowerCase()
    .split(/\s+/),
)
/** What makes a record itself; a copy of all fields leaves it out. */
const IDENTITY = new Set(['id', 'externalid', 'entityid', 'autoname', 'links', 'refname', 'customform'])
/** Columns that belong to the line of the source, lower case. */
const OWN_COLUMNS = new Set([
  ...['line', 'lineuniquekey', 'uniquekey', 'orderline', 'orderdoc', 'quantity', 'isclosed', 'isopen'],
  ...['linked', 'links', 'refname', 'createpo', 'createdpo', 'inventorydetail'],
])

/** Throws when the record is no source of such a transform, or not in its present state. [REC-505, OPQ-019] */
export function prefill(account: Account, source: Source, target: RecordType): Prefill {
  const pair = pairOf(source.type, target)
  if (pair === undefined || !isOpen(source, target, pair)) throw notTransformable(account, source, target)
  const body: RecordBody = {}
  copyHeader(source, target, pair, body)
  linkSource(account, source, target, pair, body)
  const lineKeys = pair.lines === undefined ? {} : copyLines(account, source, target, pair, body)
  return { source, pair, body, lineKeys }
}

function isOpen({ type, record }: Source, target: RecordType, pair: Pair): boolean {
  const family = familyOf(type)
  const step = family === undefined ? undefined : stepOf(family, target.name.toLowerCase())
  const open = family !== undefined && step !== undefined ? family[step].open : pair.open
  return open === undefined || record.body.status === undefined || open.includes(String(record.body.status))
}

/** In the words that SOAP has for a wrong pair or state. [OPQ-019] */
export function notTransformable({ profile }: Account, source: Source, target: RecordType): ApiFault {
  const text = `You can not initialize ${target.name}: invalid reference ${source.record.id}.`
  if (profile.settings.transformRefused === '400') return userError(text)
  return new ApiFault('NONEXISTENT_ID', text)
}

function copyHeader({ type, record }: Source, target: RecordType, pair: Pair, body: RecordBody): void {
  const { computed } = rulesFor(target)
  const copies = (field: Field, to: Field): boolean => {
    const key = field.name.toLowerCase()
    if (pair.copiesAll === true) return !IDENTITY.has(key) && !computed.has(to.name)
    return field.custom === true ? !computed.has(to.name) : HEADER.has(key)
  }
  for (const name in record.body) {
    const field = findField(type.body, name)
    const to = findField(target.body, name)
    if (field === undefined || field.kind === 'sublist' || to?.kind !== field.kind) continue
    if (copies(field, to)) body[to.name] = record.body[name]
  }
  for (const [from, name] of Object.entries(pair.rename ?? {})) {
    const to = findField(target.body, name)
    if (to !== undefined && record.body[from] !== undefined) body[to.name] = record.body[from]
  }
}

/** The fields of the new record that point back. */
function linkSource(
  account: Account,
  source: Source,
  target: RecordType,
  pair: Pair,
  body: RecordBody,
): void {
  const { type, record } = source
  const isTransaction = rulesFor(type).kind === 'transaction'
  const set = (name: string, value: (field: Field) => unknown): void => {
    const field = findField(target.body, name)
    if (field !== undefined) body[field.name] = value(field)
  }
  if (pair.self !== undefined) set(pair.self, (field) => selfReference(account, source, field, body, target))
  if (isTransaction && pair.self === undefined && pair.applies === undefined) {
    set('createdFrom', (field) => linkValue(field, record))
    const { transactionCode = type.name } = rulesFor(type)
    if (findField(target.body, 'orderId')?.kind === 'scalar') body.orderId = record.id
    if (findField(target.body, 'orderType')?.kind === 'scalar') body.orderType = transactionCode
  }
  if (pair.applies !== undefined) {
    const sublist = findField(target.body, pair.applies)
    if (sublist?.kind === 'sublist')
      body[sublist.name] = [{ apply: true, doc: linkValue(findField(sublist.line, 'doc'), record) }]
  }
}

/** A project is no customer: where the field takes none, its customer stands there and the project beside it. (K) */
function selfReference(
  { catalogue }: Account,
  { type, record }: Source,
  field: Field,
  body: RecordBody,
  target: RecordType,
): unknown {
  const targets = field.kind === 'reference' ? field.targets.map((name) => catalogue.find(name)?.name) : []
  if (type.name !== 'job' || targets.length === 0 || targets.includes(type.name))
    return { id: String(record.id) }
  const job = findField(target.body, 'job')
  if (job !== undefined) body[job.name] = { id: String(record.id) }
  return record.body.customer ?? record.body.parent ?? { id: String(record.id) }
}

/** A link in the form of its column: most are references, some documents have plain numbers. */
export function linkValue(field: Field | undefined, { id, display }: StoredRecord): unknown {
  if (field?.kind === 'scalar') return field.type === 'string' ? String(id) : id
  if (field?.kind === 'reference' && field.targets.length > 0) return { id: String(id) }
  return { id: String(id), refName: display }
}

/** Copies the lines; gives the columns that name them. */
function copyLines(
  account: Account,
  source: Source,
  target: RecordType,
  pair: Pair,
  body: RecordBody,
): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const sublist of ORDER_SUBLISTS) {
    const from = findField(source.type.body, sublist)
    const to = findField(target.body, sublist)
    if (from?.kind !== 'sublist' || to?.kind !== 'sublist') continue
    const key = findField(to.line, 'orderLine')?.name ?? 'line'
    const columns = columnsOf(from.line, to.line, rulesFor(target).lineComputed[sublist], target)
    const lines: RecordBody[] = []
    const wanted =
      pair.lines === 'open'
        ? openLines(account, source, target, sublist)
        : linesOf(source.record.body, sublist).map((line) => ({ line, quantity: undefined, isTaken: true }))
    for (const { line, quantity, isTaken, location } of wanted as ReturnType<typeof openLines>) {
      const copy = copyLine(line, columns, quantity)
      if (location !== undefined && findField(to.line, 'location') !== undefined) copy.location = location
      copy[key] = line.line
      if (key === 'orderLine' || MOVERS.has(target.name.toLowerCase())) {
        copy.orderLine = line.line
        copy.orderDoc = linkValue(findField(to.line, 'orderDoc'), source.record)
      }
      copy.itemReceive = isTaken
      lines.push(copy)
    }
    if (lines.length > 0) body[to.name] = lines
    keys[sublist] = key
  }
  return keys
}

/** Columns that both lines have in one form and that say something of the goods, not of the line. */
function columnsOf(
  from: Shape,
  to: Shape,
  computed: ReadonlySet<string> | undefined,
  target: RecordType,
): (name: string) => string | undefined {
  // A fulfilment has no prices. (K)
  const hasPrices = findField(target.body, 'shipStatus') === undefined
  return (name) => {
    const key = name.toLowerCase()
    if (OWN_COLUMNS.has(key)) return undefined
    if (!hasPrices && (key === 'rate' || key === 'amount')) return undefined
    const field = findField(to, name)
    if (field === undefined || computed?.has(field.name)) return undefined
    return field.kind === findField(from, name)?.kind ? field.name : undefined
  }
}

/** `quantity` undefined: the whole line. A part of a line has the same part of its amount. */
function copyLine(
  line: RecordBody,
  columns: (name: string) => string | undefined,
  quantity: number | undefined,
): RecordBody {
  const copy: RecordBody = {}
  for (const name in line) {
    const column = columns(name)
    if (column !== undefined) copy[column] = line[name]
  }
  const { quantity: ordered, amount } = line
  if (quantity === undefined) {
    if (ordered !== undefined) copy.quantity = ordered
  } else if (ordered !== undefined || quantity === 0) {
    copy.quantity = quantity
    if (typeof amount === 'number' && copy.amount !== undefined && quantity !== ordered)
      copy.amount = Math.round(amount * 100 * (quantity / Number(ordered ?? 1))) / 100
  }
  return copy
}
