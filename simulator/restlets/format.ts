/** How RESTlets speak: content types of requests and answers, and the three forms of an error. [RSL-004, RSL-005, RSL-008] */
import type { ApiFault } from '../api-fault.ts'
import type { ParsedRequest } from '../request.ts'

export const RESTLET_PATH = '/app/site/hosting/restlet.nl'

export type Format = 'json' | 'xml' | 'text'

const MEDIA: Readonly<Record<Format, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  text: 'text/plain',
}

/** What the request says it holds: undefined when it says nothing, null when it is none of the three. */
export function formatOf({ headers }: Pick<ParsedRequest, 'headers'>): Format | null | undefined {
  const media = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (media === undefined || media === '') return undefined
  const found = Object.entries(MEDIA).find(([, name]) => name === media)
  return found === undefined ? null : (found[0] as Format)
}

export function contentType(format: Format): string {
  return `${MEDIA[format]}; charset=utf-8`
}

/** An error in the form of the request; plain text where that has none, save for logins, which are seen as JSON. [AUT-044] */
export function restletFault(request: Pick<ParsedRequest, 'headers'>, fault: ApiFault) {
  const code = codeOf(fault)
  const message = code === 'INVALID_LOGIN_ATTEMPT' ? 'Invalid login attempt.' : fault.message
  const format = formatOf(request) ?? (fault.status === 401 ? 'json' : 'text')
  return {
    status: fault.status,
    headers: { ...fault.headers, 'content-type': contentType(format) },
    body: fault.rawBody ?? RENDER[format](code, message),
    code,
  }
}

/** Why a login failed → INVALID_REQUEST, where it is the form of the request and not what it proves. [AUT-029, AUT-030, AUT-044] */
const MALFORMED: ReadonlySet<string> = new Set([
  'MissingTokenPassportRequiredFields',
  'UnknownAlgorithm',
  'VersionRejected',
  'InvalidTimestamp',
  'parameter_rejected',
])

/** The codes of the REST services in the words of RESTlets. */
function codeOf({ code, loginFailure }: ApiFault): string {
  if (code === 'INVALID_LOGIN')
    return loginFailure !== undefined && MALFORMED.has(loginFailure)
      ? 'INVALID_REQUEST'
      : 'INVALID_LOGIN_ATTEMPT'
  return code
}

/** JSON with blanks around the colons, as captured. [RSL-008, GOV-019] */
const RENDER: Readonly<Record<Format, (code: string, message: string) => string>> = {
  json: (code, message) =>
    `{"error" : {"code" : ${JSON.stringify(code)}, "message" : ${JSON.stringify(message)}}}`,
  xml: (code, message) =>
    `<error><code>${escaped(code)}</code><message>${escaped(message)}</message></error>`,
  text: (code, message) => `error code: ${code}\nerror message: ${message}`,
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!)
}
