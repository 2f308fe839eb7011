/**
 * What customers and vendors owe or are owed: kept beside the records, since every invoice and payment changes it, and shown
 * with the entity. Showing it changes no `lastModifiedDate`. Amounts are whole cents, so that sums are exact. [REC-331]
 */
import type { Account } from '../account.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { createCache } from './cache.ts'
import type { RecordBody, RecordStore, StoredRecord } from './store.ts'
import { leftOf, moneyOf, partyOf } from './transform/amounts.ts'
import { sortKeys } from './values.ts'

/** In cents. */
export interface EntityBalance {
  readonly owed: number
  readonly deposits: number
}

export interface Balances {
  /** Undefined: no money ever moved. */
  of(entity: number): EntityBalance | undefined
  add(entity: number, change: EntityBalance): void
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS entity_balance (
  entity INTEGER PRIMARY KEY, owed INTEGER NOT NULL, deposits INTEGER NOT NULL) STRICT`

/** The same customers are read again and again, and most of them owe nothing. */
const KNOWN_MAX = 5000

export function createBalances({ db, onForget }: Pick<RecordStore, 'db' | 'onForget'>): Balances {
  db.exec(SCHEMA)
  const get = db.prepare('SELECT owed, deposits FROM entity_balance WHERE entity = ?')
  const add = db.prepare(
    `INSERT INTO entity_balance VALUES (?1, ?2, ?3)
     ON CONFLICT (entity) DO UPDATE SET owed = owed + ?2, deposits = deposits + ?3`,
  )
  const known = createCache<{ readonly balance: EntityBalance | undefined }>(KNOWN_MAX)
  onForget(known.clear)
  return {
    of: (entity) =>
      known.get(String(entity), () => ({ balance: get.get(entity) as EntityBalance | undefined }))?.balance,
    add(entity, { owed, deposits }) {
      add.run(entity, owed, deposits)
      known.delete(String(entity))
    },
  }
}

const NOTHING: EntityBalance = { owed: 0, deposits: 0 }

/** What a transaction has its entity owe. Invoices and bills that are pending, rejected or voided count for nothing. */
export function shareOf(type: RecordType, body: RecordBody | undefined): EntityBalance {
  const row = moneyOf(type)
  if (row === undefined || body === undefined) return NOTHING
  const left = Math.round(leftOf(row, body) * 100)
  if (row.isOwed) return /^[AB]$/.test(String(body.status ?? 'A')) ? { owed: left, deposits: 0 } : NOTHING
  return type.name.toLowerCase() === 'customerdeposit'
    ? { owed: 0, deposits: left }
    : { owed: -left, deposits: 0 }
}

export function moveBalance(
  { balances }: Account,
  type: RecordType,
  body: RecordBody | undefined,
  sign: 1 | -1,
): void {
  const { owed, deposits } = shareOf(type, body)
  const party = body === undefined ? undefined : partyOf(body)
  if (party !== undefined) balances.add(party, { owed: sign * owed, deposits: sign * deposits })
}

/** The body of an entity as it is shown. */
export function withBalance({ balances }: Account, type: RecordType, { id, body }: StoredRecord): RecordBody {
  if (rulesFor(type).kind !== 'entity') return body
  const balance = balances.of(id)
  if (balance === undefined) return body
  const shown: RecordBody = { ...body }
  const columns = { balance: balance.owed, depositBalance: balance.deposits }
  for (const [name, cents] of Object.entries(columns)) {
    const field = findField(type.body, name)
    if (field?.kind === 'scalar') shown[field.name] = cents / 100
  }
  return sortKeys(shown)
}
