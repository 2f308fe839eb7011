/** Answers that arrive broken although all was carried out: `dribble`, `truncate`, `malform`. */
import type { FaultSpec } from '../../protocol/fault.ts'
import type { WireResponse } from '../../protocol/wire.ts'
import type { Verdict } from './fault.ts'

export function dribble({ bytesPerSec }: Extract<FaultSpec, { fault: 'dribble' }>): Verdict {
  return { phase: 'after', change: (response) => ({ ...response, carriage: { bytesPerSec } }) }
}

export function truncate({ keepRatio }: Extract<FaultSpec, { fault: 'truncate' }>): Verdict {
  return {
    phase: 'after',
    change: (response) => ({
      ...response,
      carriage: { cutAfterBytes: Math.floor(Buffer.byteLength(response.body) * keepRatio) },
    }),
  }
}

const HTML =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Bad Gateway</h1></body></html>\n'

/** The status stays; a 204 has no body to damage. */
export function malform({ as }: Extract<FaultSpec, { fault: 'malform' }>): Verdict {
  const change = (response: WireResponse): WireResponse => {
    if (response.status === 204) return response
    const body =
      as === 'html' ? HTML : as === 'empty' ? '' : response.body.slice(0, Math.ceil(response.body.length / 2))
    const type = as === 'html' ? { 'content-type': 'text/html; charset=utf-8' } : {}
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    return { ...response, body, headers: { ...response.headers, ...type, ...length } }
  }
  return { phase: 'after', change }
}
