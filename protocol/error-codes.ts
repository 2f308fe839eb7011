/**
 * Error codes of the wire and what a client may conclude from each. One table for simulator and engine; conformance
 * cases state their expectations as literals instead.
 */

export interface WireErrorCode {
  readonly status: number
  readonly title: string
  /** Whether the request may have changed the account. */
  readonly effect: 'none' | 'unknown'
  readonly retry: 'never' | 'later'
  /** Fact it rests on. */
  readonly source: string
}

/** Keyed by `o:errorCode`. */
export const WIRE_ERROR_CODES = {
  INVALID_LOGIN: { status: 401, title: 'Unauthorized', effect: 'none', retry: 'never', source: 'AUT-040' },
  INSUFFICIENT_PERMISSION: {
    status: 403,
    title: 'Forbidden',
    effect: 'none',
    retry: 'never',
    source: 'REC-E24',
  },
  NONEXISTENT_ID: { status: 404, title: 'Not Found', effect: 'none', retry: 'never', source: 'REC-E02' },
  INVALID_METHOD: {
    status: 405,
    title: 'Method Not Allowed',
    effect: 'none',
    retry: 'never',
    source: 'OPQ-010',
  },
  NOT_ACCEPTABLE: { status: 406, title: 'Not Acceptable', effect: 'none', retry: 'never', source: 'REC-502' },
  REQUEST_TOO_LARGE: {
    status: 413,
    title: 'Payload Too Large',
    effect: 'none',
    retry: 'never',
    source: 'REC-503',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported Media Type',
    effect: 'none',
    retry: 'never',
    source: 'REC-502',
  },
  INVALID_CONTENT: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E15' },
  INVALID_HEADER: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'OPQ-003' },
  IDEMPOTENCY_ERROR: { status: 400, title: 'Conflict', effect: 'none', retry: 'never', source: 'ASY-070' },
  INVALID_ID: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E05' },
  INVALID_PARAMETER: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E10' },
  INVALID_REQUEST: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E07' },
  INVALID_URL: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E06' },
  INVALID_VALUE: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-E18' },
  USER_ERROR: { status: 400, title: 'Bad Request', effect: 'none', retry: 'never', source: 'REC-254' },
  CONCURRENCY_LIMIT_EXCEEDED: {
    status: 429,
    title: 'Bad Request',
    effect: 'none',
    retry: 'later',
    source: 'GOV-016',
  },
  UNEXPECTED_ERROR: {
    status: 500,
    title: 'Internal Server Error',
    effect: 'unknown',
    retry: 'later',
    source: 'REC-E40',
  },
} as const satisfies Record<string, WireErrorCode>

export type ErrorCode = keyof typeof WIRE_ERROR_CODES
