/**
 * The records of an account whose stamps are as bad as an account's can be: taken when a save begins, by the clock of whichever
 * server did it, cut to the minute. And a history of what stood when, which only a judge may read.
 */
import type { Clock } from '../../../kernel/clock.ts'
import type { Rng } from '../../../kernel/rng.ts'
import { createRecordStore, type RecordStore, type StoredRecord } from '../../../simulator/records/store.ts'
import type { Stamps } from './sync-plan.ts'

/** What a record was from a moment on. */
export interface Version {
  readonly type: string
  readonly id: string
  /** When it could be seen. */
  readonly atMs: number
  /** `undefined`: it is gone. */
  readonly body: Readonly<Record<string, unknown>> | undefined
  /** Stamped so long ago that no delta can know. */
  readonly isBackdated: boolean
}

/** Before every bookmark. */
const LONG_AGO_MS = 90 * 86_400_000

export interface StampedStore {
  readonly store: RecordStore
  readonly history: readonly Version[]
  /** Changes fields of a record behind everybody's back. Gives whether there is such a record. */
  backdate(type: string, id: string, fields: Readonly<Record<string, unknown>>): boolean
}

/** Stamps customers badly, and writes down what customers and locations were. */
export function createStampedStore(clock: Clock, rng: Rng, stamps: Stamps): StampedStore {
  const inner = createRecordStore()
  const history: Version[] = []
  const groups = new Map<string, string>()
  const note = (
    group: string,
    { type, id, body }: StoredRecord,
    isGone = false,
    isBackdated = false,
  ): void => {
    groups.set(type, group)
    if (type !== 'customer' && type !== 'location') return
    const shown = isGone ? undefined : body
    history.push({ type, id: String(id), atMs: clock.now(), body: shown, isBackdated })
  }
  const stampOf = ({ type }: StoredRecord, nowMs: number): number => {
    if (type !== 'customer') return nowMs
    const { lateMsMax, skewMsMax, grainMs } = stamps
    const atMs = nowMs - rng.integer(0, lateMsMax) + rng.integer(-skewMsMax, skewMsMax)
    return Math.floor(atMs / grainMs) * grainMs
  }
  const store: RecordStore = {
    ...inner,
    insert: (group, record, nowMs) => {
      inner.insert(group, record, stampOf(record, nowMs))
      note(group, record)
    },
    update: (group, record, before, nowMs) => {
      inner.update(group, record, before, stampOf(record, nowMs))
      note(group, record)
    },
    remove: (group, record) => {
      inner.remove(group, record)
      note(group, record, true)
    },
  }
  const backdate: StampedStore['backdate'] = (type, id, fields) => {
    const group = groups.get(type)
    const before = group === undefined ? undefined : inner.get(group, Number(id))
    if (before === undefined) return false
    const after = { ...before, body: { ...before.body, ...fields } }
    inner.update(group!, after, before, clock.now() - LONG_AGO_MS)
    note(group!, after, false, true)
    return true
  }
  return { store, history, backdate }
}
