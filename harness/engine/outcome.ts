/**
 * What came of one call, as a value. A caller must say what it does in each of the three cases; nothing is thrown for
 * what an account can answer. `unknown` is never a failure: the account may hold the record, so it is looked up first.
 */

/** Why the account, or the way to it, said no. The request had no effect in every one of these cases. */
export type RefusalCause =
  /** Wrong content or address: the same request will be refused again. */
  | 'request'
  /** A record holds this external ID (or name) already. [REC-E21, REC-E22] */
  | 'exists'
  /** No such record. [REC-E02, REC-E03] */
  | 'missing'
  /** The login failed although it was signed anew. [AUT-040] */
  | 'login'
  /** All concurrency slots were taken. [GOV-016] */
  | 'capacity'
  /** The idempotency key was used before: `location` is the job that it began. [ASY-070] */
  | 'repeated'
  /** Somebody else saved the record in between. [OPQ-018] */
  | 'conflict'
  /** No connection was made, so nothing was sent. */
  | 'unreachable'
  /** A read failed on the account's side. Only reads: a write that ends so is `unknown`. */
  | 'outage'

/** What a person needs to know of a call that did not end well. */
export interface Problem {
  /** HTTP status, or 0 where no answer came. */
  readonly status: number
  /** `o:errorCode`, the transport error's code, or `HTTP_<status>` where the answer had none. */
  readonly code: string
  /** NetSuite's own sentence where there is one. */
  readonly detail: string
  /** Milliseconds the account asked us to wait; absent where it did not. [REC-305] */
  readonly retryAfterMs?: number | undefined
  /** Where the answer pointed; absent where it did not. */
  readonly location?: string | undefined
}

/** Carried out, and we know it. */
export interface Done<T> {
  readonly kind: 'done'
  readonly value: T
}

/** Certainly not carried out. */
export interface Refused extends Problem {
  readonly kind: 'refused'
  readonly cause: RefusalCause
  /** `never`: for good, a person must act. `later`: the same request may pass. */
  readonly retry: 'never' | 'later'
}

/** A write that may or may not have been carried out. */
export interface Unknown extends Problem {
  readonly kind: 'unknown'
}

export type Outcome<T> = Done<T> | Refused | Unknown

/** Wraps a value. */
export function done<T>(value: T): Done<T> {
  return { kind: 'done', value }
}

/** One line for an operator, e.g. `salesOrder.create: 400 USER_ERROR: This record already exists.` */
export function describeProblem(operation: string, { status, code, detail }: Problem): string {
  return `${operation}: ${status === 0 ? 'no answer' : status} ${code}: ${detail}`
}
