/**
 * Records that others need cannot be deleted: entities and items with transactions, transactions that others came from or
 * were applied to. Found by looking through the records when something is deleted, which is rare. (common knowledge)
 */
import type { Account } from '../account.ts'
import { userError } from '../api-fault.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import type { StoredRecord } from './store.ts'

/** How one kind of record can be referred to: by body fields, and by columns of sublists. */
interface Uses {
  readonly fields: readonly string[]
  readonly columns: readonly (readonly [sublist: string, column: string])[]
}

const USES: Readonly<Record<string, Uses>> = {
  entity: { fields: ['entity', 'customer', 'vendor', 'employee'], columns: [] },
  item: {
    fields: ['assemblyItem'],
    columns: [
      ['item', 'item'],
      ['inventory', 'item'],
    ],
  },
  transaction: {
    fields: ['createdFrom'],
    columns: [
      ['apply', 'doc'],
      ['credit', 'doc'],
      ['deposit', 'doc'],
    ],
  },
}

/** Refuses to delete a record that a transaction refers to. */
export function refuseDependents(
  { catalogue, store }: Account,
  type: RecordType,
  record: StoredRecord,
): void {
  const { group } = rulesFor(type)
  const uses = USES[group]
  if (uses === undefined) return
  for (const other of catalogue.types) {
    // A transaction never comes from one of its own type; that spares looking through all orders to delete one.
    if (rulesFor(other).group !== 'transaction' || other === type || store.count(other.name) === 0) continue
    const { text, paths } = conditionOf(other, uses)
    if (text === '') continue
    const sql = `SELECT 1 FROM record WHERE type = $type AND (${text}) LIMIT 1`
    if (store.db.prepare(sql).get({ ...paths, type: other.name, id: String(record.id) }) !== undefined) {
      throw userError('This record cannot be deleted because it has dependent records.')
    }
  }
}

/** A user's document may spell names in any way, so paths into the body are bound, never written into the statement. */
function conditionOf({ body }: RecordType, { fields, columns }: Uses) {
  const paths: Record<string, string> = {}
  const bound = (...names: string[]): string => {
    const key = `p${Object.keys(paths).length}`
    paths[key] = `$.${names.map((name) => `"${name}"`).join('.')}`
    return `$${key}`
  }
  const parts = fields.flatMap((name) => {
    const field = findField(body, name)
    return field?.kind === 'reference' ? [`body ->> ${bound(field.name, 'id')} = $id`] : []
  })
  for (const [name, column] of columns) {
    const list = findField(body, name)
    const field = list?.kind === 'sublist' ? findField(list.line, column) : undefined
    if (list === undefined || field?.kind !== 'reference') continue
    const each = `json_each(body, ${bound(list.name)})`
    parts.push(`EXISTS (SELECT 1 FROM ${each} WHERE value ->> ${bound(field.name, 'id')} = $id)`)
  }
  return { text: parts.join(' OR '), paths }
}
