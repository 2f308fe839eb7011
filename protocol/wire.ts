/** What travels through the one door between the three programs: HTTP reduced to plain data. */

export interface WireRequest {
  /** Upper-case HTTP method. */
  readonly method: string
  /** Absolute URL; its scheme and host are what the client addressed (signatures depend on them). */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Whether the client is known to have hung up; absent where nobody can. Long work for it may end then. */
  readonly hungUp?: () => boolean
}

export interface WireResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Empty text where there is no body. */
  readonly body: string
  /** How a broken network carries the body; absent: at once and whole. */
  readonly carriage?: Carriage
}

export interface Carriage {
  /** Speed of the body. */
  readonly bytesPerSec?: number
  /** The connection ends after so many bytes of the body. */
  readonly cutAfterBytes?: number
}

/** `Content-Type` of JSON that the record service sends: `application/vnd.oracle.resource+json; type=…`. [OAS-031, REC-020, REC-250] */
export type ResourceKind =
  | 'singular'
  | 'collection'
  | 'error'
  | 'create-form'
  | 'edit-form'
  | 'select-options'

export const RECORD_BASE_PATH = '/services/rest/record/v1'
export const CONTROL_BASE_PATH = '/_seatrial'
