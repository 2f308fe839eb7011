/**
 * The control API's wire shapes (`/_seatrial/…`): how a tester looks into a simulated account and moves it.
 * Loopback only unless told otherwise. Served by simulator/control.ts, used by harness/control-client.ts.
 *
 *   GET    /_seatrial/health                      Health
 *   POST   /_seatrial/reset                       204: records, journal, nonces and faults back to the start
 *   GET    /_seatrial/journal?after=SEQ&limit=N   JournalPage
 *   DELETE /_seatrial/journal                     204
 *   GET    /_seatrial/records                     { [recordType]: count }
 *   GET    /_seatrial/records/{type}?after=ID&limit=N   RecordPage: full bodies, in id order
 *   POST   /_seatrial/records/{type}              { items: [body, …] } → { ids: [...] }; all or none
 *   GET    /_seatrial/slots                       SlotsView
 *   GET    /_seatrial/limits                      LimitsView
 *   PATCH  /_seatrial/limits                      LimitsChange → LimitsView; holds from now on
 *   GET    /_seatrial/faults                      { items: FaultView[] }
 *   POST   /_seatrial/faults                      FaultInput → FaultView
 *   DELETE /_seatrial/faults[/{id}]               204
 */
import type { FaultSpec } from './fault.ts'

export interface Health {
  readonly status: 'ready'
  readonly product: 'seatrial'
  readonly version: string
  readonly accountId: string
  readonly nowMs: number
  readonly concurrencyLimit: number
  readonly recordTypes: number
  readonly profile: string
}

/** One request as the account saw it. Bodies and credentials are never in it. */
export interface JournalEntry {
  /** From 1, without gaps, in order of arrival. */
  readonly sequence: number
  readonly receivedMs: number
  /** When the account was done with it, whether or not the client still listened. */
  readonly endedMs: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** e.g. `record.create`; `unknown` where routing failed. */
  readonly operation: string
  readonly recordType?: string | undefined
  readonly recordId?: string | undefined
  readonly externalId?: string | undefined
  readonly integration?: string | undefined
  /** Status of the answer made, even if it never reached the client; 0 where none was made. */
  readonly status: number
  readonly errorCode?: string | undefined
  /** Why it was refused, with the figures of that moment, e.g. who held the slots. */
  readonly explanation?: string | undefined
  /** Why the login failed, in the words of the Login Audit Trail. [AUT-042] */
  readonly loginFailure?: string | undefined
  /** Whether the account changed. */
  readonly committed: boolean
  /** `damaged`: an answer left, but not whole or not in time. */
  readonly delivery:
    | 'answered'
    | 'reset-before'
    | 'refused-before'
    | 'dropped-after'
    | 'silent-after'
    | 'damaged'
  /** Id of the fault that hit it. */
  readonly fault?: string | undefined
  /** When the concurrency slot was taken and given back; absent where none was granted. */
  readonly slotFromMs?: number | undefined
  readonly slotUntilMs?: number | undefined
  /** A bug of the simulator, in its own words; absent in every healthy run. */
  readonly internalError?: string | undefined
  readonly requestBytes: number
  readonly responseBytes: number
  /** `X-N-OperationId` of the answer. [REC-300] */
  readonly operationId: string
}

export interface JournalPage {
  readonly items: readonly JournalEntry[]
  readonly hasMore: boolean
  /** Entries pushed out of the ring since the last reset: a page can only be complete when this is 0. */
  readonly overwritten: number
  /** All requests since the last reset, kept or not. */
  readonly total: number
}

export interface RecordPage {
  /** In internal-id order; `body` as a GET with everything expanded and enums simple would show it, without links. */
  readonly items: readonly {
    readonly id: string
    readonly externalId?: string
    readonly body: Record<string, unknown>
  }[]
  readonly hasMore: boolean
}

/** Through which door a request came in; all of them share one pool. [GOV-001] */
export type Channel = 'rest' | 'restlet' | 'soap'

export interface SlotHolder {
  readonly sequence: number
  readonly sinceMs: number
  readonly method: string
  readonly path: string
  readonly integration: string
  readonly channel: Channel
  readonly user: string
}

export interface SlotsView {
  readonly limit: number
  readonly inUse: number
  readonly peak: number
  readonly granted: number
  readonly refused: number
  /** Requests that wait for a slot; always 0 unless the account queues. */
  readonly waiting: number
  /** Slots that belong to no integration alone, and how many of them are held. [GOV-010] */
  readonly unallocated: { readonly limit: number; readonly inUse: number }
  /** Slots that belong to one integration. [GOV-009] */
  readonly allocations: readonly {
    readonly integration: string
    readonly limit: number
    readonly inUse: number
  }[]
  readonly holders: readonly SlotHolder[]
}

export interface WindowView {
  readonly windowMs: number
  readonly limit: number
  /** Requests counted in the window that ends now. */
  readonly used: number
}

/** Something the account would have mailed to its administrators. */
export interface Notice {
  readonly atMs: number
  readonly text: string
}

/** What the account grants, and how much of it is used. */
export interface LimitsView {
  readonly concurrencyLimit: number
  readonly allocations: Readonly<Record<string, number>>
  readonly windows: { readonly per60s?: WindowView; readonly per24h?: WindowView }
  readonly notices: readonly Notice[]
}

/** Limits that change while the account runs; what is absent stays. `null` takes a limit away. */
export interface LimitsChange {
  readonly concurrencyLimit?: number | undefined
  readonly allocations?: Readonly<Record<string, number | null>> | undefined
  readonly windows?:
    | { readonly per60s?: number | null | undefined; readonly per24h?: number | null | undefined }
    | undefined
}

export interface FaultView {
  readonly id: string
  readonly spec: FaultSpec
  readonly installedMs: number
  /** Requests that matched scope and window. */
  readonly considered: number
  readonly hits: number
  /** Why it can never hit anything in this account; absent where it can. */
  readonly warning?: string
}
