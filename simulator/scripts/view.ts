/** Records as scripts see them: SuiteScript's getters over a stored body, and setters that go the way of a request. */
import type { Account } from '../account.ts'
import { referenceTarget } from '../operations/operation.ts'
import { exportBody } from '../records/render.ts'
import type { RecordBody } from '../records/store.ts'
import type { StoredReference } from '../records/values.ts'
import { type Field, findField, type RecordType, type Shape } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import type { EditableRecord, FieldValue, RecordView, SublistPlace } from './api.ts'
import { ScriptError } from './guard.ts'

/** `read` gives the body as it is now; it is never handed out. */
export function createView(
  account: Account,
  type: RecordType,
  id: string | undefined,
  read: () => RecordBody,
): RecordView {
  const target = (targets: readonly string[], wanted: string) => referenceTarget(account, targets, wanted)
  const linesOf = (sublistId: string): readonly RecordBody[] => {
    const field = findField(type.body, String(sublistId))
    const lines = field?.kind === 'sublist' ? read()[field.name] : undefined
    return Array.isArray(lines) ? (lines as RecordBody[]) : []
  }
  return {
    type: type.name,
    id,
    getValue: (fieldId) => valueIn(type.body, read(), fieldId),
    getText(fieldId) {
      const field = findField(type.body, String(fieldId))
      const value = field === undefined ? undefined : read()[field.name]
      if (field?.kind !== 'reference' || value === undefined)
        return textOf(valueIn(type.body, read(), fieldId))
      const { id: wanted, refName } = value as StoredReference
      return target(field.targets, wanted)?.display ?? refName ?? wanted
    },
    getLineCount: (sublistId) => linesOf(sublistId).length,
    getSublistValue({ sublistId, fieldId, line }) {
      const field = findField(type.body, String(sublistId))
      const body = linesOf(sublistId)[line]
      return field?.kind === 'sublist' && body !== undefined ? valueIn(field.line, body, fieldId) : undefined
    },
    toJSON: () => structuredClone(exportBody(type.body, read(), { target })),
  }
}

/** `apply` lays values over the draft, or throws what is wrong with them. */
export function createEditable(
  account: Account,
  type: RecordType,
  id: string | undefined,
  read: () => RecordBody,
  apply: (json: RecordBody) => void,
): EditableRecord {
  const view = createView(account, type, id, read)
  return {
    ...view,
    setValue({ fieldId, value }) {
      const field = findField(type.body, String(fieldId))
      if (field === undefined || field.kind === 'sublist' || field.kind === 'subrecord')
        throw new ScriptError('INVALID_FLD_VALUE', `${String(fieldId)} is no body field of ${type.name}.`)
      apply({ [field.name]: sent(field, value) })
    },
    setSublistValue(place) {
      const { sublistId, fieldId, value } = place
      const field = findField(type.body, String(sublistId))
      const column = field?.kind === 'sublist' ? findField(field.line, String(fieldId)) : undefined
      if (field === undefined || column === undefined)
        throw new ScriptError(
          'SSS_INVALID_SUBLIST_OPERATION',
          'You have attempted an invalid sublist operation.',
        )
      const key = keyOfLine(type, field.name, read(), place)
      apply({ [field.name]: { items: [{ ...key, [column.name]: sent(column, value) }] } })
    },
  }
}

/** The columns that name a line; none for a line that is to be added. */
function keyOfLine(
  type: RecordType,
  sublist: string,
  body: RecordBody,
  { line }: Pick<SublistPlace, 'line'>,
): RecordBody {
  const lines = (body[sublist] ?? []) as readonly RecordBody[]
  if (line === lines.length) return {}
  const key = rulesFor(type).lineKeys[sublist.toLowerCase()]
  const found = lines[line]
  if (key === undefined || found === undefined)
    throw new ScriptError('SSS_INVALID_SUBLIST_OPERATION', 'You have attempted an invalid sublist operation.')
  return Object.fromEntries(key.map((name) => [name, found[name]]))
}

function sent(field: Field, value: unknown): unknown {
  if (value === '' || value === undefined) return null
  return field.kind === 'multiSelect' && Array.isArray(value) ? { items: value.map((id) => ({ id })) } : value
}

function valueIn(shape: Shape, body: RecordBody, fieldId: string): FieldValue {
  const field = findField(shape, String(fieldId))
  const value = field === undefined ? undefined : body[field.name]
  if (field === undefined || value === undefined || value === null) return undefined
  if (field.kind === 'reference') return (value as StoredReference).id
  if (field.kind === 'multiSelect') return (value as StoredReference[]).map(({ id }) => id)
  return typeof value === 'object' ? undefined : (value as FieldValue)
}

function textOf(value: FieldValue): string | undefined {
  return value === undefined ? undefined : String(value)
}
