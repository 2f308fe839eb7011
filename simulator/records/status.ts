/**
 * The status that a write gives a transaction: the letters a client may set, approval and its undoing, and closing an order
 * by closing its lines. What follows from other records is an effect of their writes. [REC-341..344]
 */
import { userError } from '../api-fault.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { rulesFor, type TypeRules } from '../spec/rules.ts'
import type { RecordBody } from './store.ts'
import type { FieldValues } from './values.ts'

/** `before` is the body as it was; undefined for a new record. */
export function setStatus(
  type: RecordType,
  body: RecordBody,
  values: FieldValues,
  before: RecordBody | undefined,
): void {
  const rules = rulesFor(type)
  if (rules.statuses === undefined) return
  for (const name in rules.settable) if (name in values) setLetter(rules, name, body, before)
  if ('item' in values) closeByLines(type, rules, body)
}

/** A letter the client may write, and that the record may come to from where it is. [REC-341] */
function setLetter(rules: TypeRules, name: string, body: RecordBody, before: RecordBody | undefined): void {
  const letter = String(body[name])
  if (before !== undefined && before[name] === letter) return
  const from = before?.status
  const reachable =
    typeof from !== 'string' || from === letter || (rules.transitions[from]?.includes(letter) ?? true)
  if (!rules.settable[name]!.includes(letter) || !reachable) {
    throw userError(`You have entered an Invalid Field Value ${letter} for the following field: ${name}.`, {
      path: name,
    })
  }
  body.status = letter
}

const CLOSED = 'H'

/** An order whose lines are all closed is closed; one of which a line is opened again goes on where it began. [REC-344] */
function closeByLines(type: RecordType, { statuses, initialStatus }: TypeRules, body: RecordBody): void {
  const items = findField(type.body, 'item')
  if (statuses?.[CLOSED] !== 'Closed' || items?.kind !== 'sublist') return
  if (findField(items.line, 'isClosed') === undefined) return
  const lines = (body[items.name] as RecordBody[] | undefined) ?? []
  const isClosed = lines.length > 0 && lines.every((line) => line.isClosed === true)
  if (isClosed) body.status = CLOSED
  else if (body.status === CLOSED) body.status = body.orderStatus ?? initialStatus
}
