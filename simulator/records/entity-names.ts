/** No two entities of a type may have the same name: the number or name they are known by. [REC-E21] */
import type { StatementSync } from 'node:sqlite'
import { userError } from '../api-fault.ts'
import type { RecordBody, RecordStore } from './store.ts'

const statements = new WeakMap<RecordStore, StatementSync>()

/** Made when the first name is sent: accounts that number their entities by themselves never pay for the index. */
function statementOf(store: RecordStore): StatementSync {
  let statement = statements.get(store)
  if (statement === undefined) {
    store.db.exec(
      `CREATE INDEX IF NOT EXISTS record_entity_name ON record (body ->> '$.entityId') WHERE grp = 'entity'`,
    )
    statement = store.db.prepare(
      `SELECT 1 FROM record WHERE grp = 'entity' AND body ->> '$.entityId' = ? AND type = ? AND id <> ? LIMIT 1`,
    )
    statements.set(store, statement)
  }
  return statement
}

/** Refuses an `entityId` that another record of the type has. */
export function refuseTakenName(
  store: RecordStore,
  typeName: string,
  id: number,
  { entityId }: RecordBody,
): void {
  if (typeof entityId !== 'string' || entityId === '') return
  if (statementOf(store).get(entityId, typeName, id) !== undefined)
    throw userError('This entity already exists.')
}
