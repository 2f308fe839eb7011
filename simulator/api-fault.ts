/**
 * An answer that is not a success, as a value: simulator code throws `ApiFault`, pipeline.ts renders it here and
 * nowhere else. The shape and the order of its keys are NetSuite's. [REC-250..254]
 */
import { type ErrorCode, WIRE_ERROR_CODES } from '../protocol/error-codes.ts'

/** Who tried to log in, as far as that is known. [AUT-051] */
export interface LoginAttempt {
  readonly integration?: string | undefined
  readonly token?: string | undefined
  readonly user?: string | undefined
  readonly role?: string | undefined
}

/** Where the mistake is; at most one. [REC-250] */
export interface Locator {
  /** JSON path into the request body, e.g. `item.items[0].item`. */
  readonly path?: string
  readonly queryParam?: string
  readonly header?: string
  /** Path of the request. */
  readonly url?: string
}

export interface ApiFaultOptions extends Locator {
  /** Overrides the status of the code's row, e.g. for an injected 503. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Title of the flat shape that refused record actions have. [REC-E42] */
  readonly flatTitle?: string
  /** Instead of what the status gives. [ASY-070] */
  readonly title?: string
  readonly type?: string
  /** Why a login failed, for the audit trail only. [AUT-042] */
  readonly loginFailure?: string | undefined
  /** Whose login it was, for the audit trail only. [AUT-051] */
  readonly loginAttempt?: LoginAttempt | undefined
  /** For the journal: the figures that led to the refusal. */
  readonly explanation?: string
  /** Whole body in place of the error shape, e.g. the page of a proxy. */
  readonly rawBody?: string | undefined
  /** Milliseconds until it is answered; default: what the latency model says of its kind. */
  readonly delayMs?: number
}

export class ApiFault extends Error {
  readonly code: string
  readonly status: number
  readonly locator: Locator
  readonly headers: Readonly<Record<string, string>>
  readonly flatTitle: string | undefined
  readonly title: string | undefined
  readonly type: string | undefined
  readonly loginFailure: string | undefined
  readonly loginAttempt: LoginAttempt | undefined
  readonly explanation: string | undefined
  readonly rawBody: string | undefined
  readonly delayMs: number | undefined

  constructor(code: ErrorCode | (string & {}), detail: string, options: ApiFaultOptions = {}) {
    super(detail)
    this.name = 'ApiFault'
    this.code = code
    this.status = options.status ?? WIRE_ERROR_CODES[code as ErrorCode]?.status ?? 500
    this.locator = options
    this.headers = options.headers ?? {}
    this.flatTitle = options.flatTitle
    this.title = options.title
    this.type = options.type
    this.loginFailure = options.loginFailure
    this.loginAttempt = options.loginAttempt
    this.explanation = options.explanation
    this.rawBody = options.rawBody
    this.delayMs = options.delayMs
  }
}

/** The prefix of business-rule refusals. [REC-254] */
const ACCESSING = 'Error while accessing a resource. '

/** A business rule said no, in the words of the user interface. [REC-254] */
export function userError(text: string, options: ApiFaultOptions = {}): ApiFault {
  return new ApiFault('USER_ERROR', ACCESSING + text, options)
}

/** The words of a fault without that prefix. */
export function messageOf({ message }: ApiFault): string {
  return message.startsWith(ACCESSING) ? message.slice(ACCESSING.length) : message
}

/** [REC-117, REC-503] */
export function requestTooLarge(bytesMax: number): ApiFault {
  const limit = bytesMax % MB === 0 ? `${bytesMax / MB} MB` : `${bytesMax} bytes`
  return new ApiFault('REQUEST_TOO_LARGE', `The request body is larger than ${limit}.`)
}

const MB = 1024 * 1024

/** [REC-E18] */
export function invalidValue(field: string, path: string): ApiFault {
  return new ApiFault(
    'INVALID_VALUE',
    `Invalid value for the resource or sub-resource field '${field}'. Provide a valid value.`,
    { path },
  )
}

/** As observed the locator names the line only [REC-E17]; as documented the field, with another code and prefix [REC-E16]. */
export function invalidReference(
  form: 'observed' | 'documented',
  field: string,
  value: string,
  path: string,
): ApiFault {
  const text = `You have entered an Invalid Field Value ${value} for the following field: ${field}`
  return form === 'observed'
    ? userError(`${text}.`, { path: path.replace(/(\.items\[\d+\])\..*$/, '$1') })
    : new ApiFault('INVALID_CONTENT', `Error while accessing resource: ${text}`, { path })
}

/** Status → section of RFC 9110, as answers of 2025 and 2026 carry it. [REC-252, GOV-018] */
const RFC_9110_SECTION: Record<number, string> = {
  400: '15.5.1',
  401: '15.5.2',
  403: '15.5.4',
  404: '15.5.5',
  405: '15.5.6',
  406: '15.5.7',
  409: '15.5.10',
  413: '15.5.14',
  415: '15.5.16',
  500: '15.6.1',
  501: '15.6.2',
  502: '15.6.3',
  503: '15.6.4',
  504: '15.6.5',
}
const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  // NetSuite's own words for 429. [GOV-016]
  429: 'Bad Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
const RFC_2616 = 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html'

/** The body of an error answer. Order of keys inside a detail: [REC-253, OPQ-011]. */
export function renderApiFault({ status, code, message, locator, flatTitle, ...own }: ApiFault): string {
  if (flatTitle !== undefined) {
    // [REC-E42]
    return JSON.stringify({ type: RFC_2616, title: flatTitle, detail: message, status, 'o:errorCode': code })
  }
  const section = RFC_9110_SECTION[status]
  const type =
    section === undefined ? RFC_2616 : `https://www.rfc-editor.org/rfc/rfc9110.html#section-${section}`
  const detail: Record<string, string> = { detail: message }
  if (locator.queryParam !== undefined) detail['o:errorQueryParam'] = locator.queryParam
  if (locator.header !== undefined) detail['o:errorHeader'] = locator.header
  if (locator.url !== undefined) detail['o:errorUrl'] = locator.url
  detail['o:errorCode'] = code
  if (locator.path !== undefined) detail['o:errorPath'] = locator.path
  const title = own.title ?? TITLES[status] ?? 'Error'
  const body: Record<string, unknown> = { type: own.type ?? type, title, status }
  // Oracle's sample of the 429 repeats a coarse code at the top. [GOV-016]
  if (code === 'CONCURRENCY_LIMIT_EXCEEDED') body['o:errorCode'] = 'USER_ERROR'
  body['o:errorDetails'] = [detail]
  return JSON.stringify(body)
}

/** The whole answer, for whoever sends or keeps it. [REC-251] */
export function faultAnswer(fault: ApiFault): {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
} {
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
      ...fault.headers,
    },
    body: fault.rawBody ?? renderApiFault(fault),
  }
}
