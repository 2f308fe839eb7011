/**
 * What one write sets in motion in other records: an order that is fulfilled, an invoice that is paid, stock that moves.
 * Effects run inside the transaction of the write that caused them, in the order of `index.ts`; when one throws an
 * `ApiFault`, nothing of the write remains. They look at the difference between before and after only, so that a create,
 * a change and a delete need no separate code, and an effect that writes a record sets off the effects of that write.
 */
import type { Account } from '../../account.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import type { StoredRecord } from '../store.ts'

export interface Change {
  readonly account: Account
  readonly type: RecordType
  /** Undefined: the record is new. */
  readonly before: StoredRecord | undefined
  /** Undefined: the record is deleted. */
  readonly after: StoredRecord | undefined
}

export interface Effect {
  /** Whether a write of this type can move anything; asked once per type. */
  concerns(type: RecordType): boolean
  run(change: Change): void
}
