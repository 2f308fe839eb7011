/**
 * The door: how the harness and the conformance suite reach an account, simulated or real.
 * A rejection says what is known of the effect. `none`: the request was certainly not carried out;
 * `unknown`: it may have been (a time-out, a lost connection), so a write must be looked up before it is repeated.
 */
import type { WireRequest, WireResponse } from './wire.ts'

export type TransportErrorCode =
  | 'E_TIMEOUT'
  | 'E_CONNECTION_REFUSED'
  | 'E_CONNECTION_RESET'
  | 'E_NAME_NOT_FOUND'
  | 'E_TLS'
  | 'E_CLOSED'

export interface SendOptions {
  /** Milliseconds until the caller gives up; the account goes on working regardless. */
  readonly timeoutMs: number
}

export interface Transport {
  /** Sends one request. Rejects with `TransportError` only. */
  send(request: WireRequest, options: SendOptions): Promise<WireResponse>
  close(): Promise<void>
}

export class TransportError extends Error {
  readonly code: TransportErrorCode
  readonly effect: 'none' | 'unknown'

  constructor(code: TransportErrorCode, effect: 'none' | 'unknown', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TransportError'
    this.code = code
    this.effect = effect
  }
}
