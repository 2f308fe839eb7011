/**
 * If these fail, the engine takes a doubtful write for a failed one (and doubles it), or repeats what will never pass.
 * The expected verdicts are written out here, code by code, and not read from the table under test.
 */
import { describe, expect, it } from 'vitest'
import { WIRE_ERROR_CODES } from '../../protocol/error-codes.ts'
import { TransportError } from '../../protocol/transport.ts'
import type { WireResponse } from '../../protocol/wire.ts'
import { classifyAnswer, classifyTransportError, parseRetryAfter, readProblem } from './classify.ts'

const NOW = Date.UTC(2026, 0, 5)

function answer(status: number, code: string, detail = 'text'): WireResponse {
  const body = { type: 't', title: 'Title', status, 'o:errorDetails': [{ detail, 'o:errorCode': code }] }
  return { status, headers: {}, body: JSON.stringify(body) }
}

/** kind · cause · retry, in one line. */
function verdict(response: WireResponse, write = true): string {
  const outcome = classifyAnswer(response, NOW, write)
  return outcome.kind === 'unknown' ? 'unknown' : `${outcome.cause} ${outcome.retry}`
}

const EXPECTED: Record<keyof typeof WIRE_ERROR_CODES, readonly [status: number, verdict: string]> = {
  INVALID_LOGIN: [401, 'login later'],
  INSUFFICIENT_PERMISSION: [403, 'request never'],
  NONEXISTENT_ID: [404, 'missing never'],
  INVALID_METHOD: [405, 'request never'],
  NOT_ACCEPTABLE: [406, 'request never'],
  REQUEST_TOO_LARGE: [413, 'request never'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'request never'],
  INVALID_CONTENT: [400, 'request never'],
  INVALID_HEADER: [400, 'request never'],
  IDEMPOTENCY_ERROR: [400, 'repeated never'],
  INVALID_ID: [400, 'request never'],
  INVALID_PARAMETER: [400, 'request never'],
  INVALID_REQUEST: [400, 'request never'],
  INVALID_URL: [400, 'request never'],
  INVALID_VALUE: [400, 'request never'],
  USER_ERROR: [400, 'request never'],
  CONCURRENCY_LIMIT_EXCEEDED: [429, 'capacity later'],
  UNEXPECTED_ERROR: [500, 'unknown'],
}

describe('classifyAnswer', () => {
  for (const [code, [status, expected]] of Object.entries(EXPECTED)) {
    it(`judges a write refused with ${status} ${code}: ${expected}`, () => {
      expect(verdict(answer(status, code))).toBe(expected)
    })
  }

  it('has a judgement for every code of the table', () => {
    expect(Object.keys(WIRE_ERROR_CODES).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  it('takes a full account for full, whatever the status [GOV-019]', () => {
    expect(verdict(answer(400, 'SSS_REQUEST_LIMIT_EXCEEDED'))).toBe('capacity later')
    expect(verdict(answer(429, 'REQUEST_LIMIT_EXCEEDED'))).toBe('capacity later')
  })

  it('knows both sentences of a lost optimistic lock [GOV-101]', () => {
    const sentence =
      'Unable to save record. Record was changed by a different user. Please reload and try again.'
    expect(verdict(answer(400, 'USER_ERROR', sentence))).toBe('conflict later')
    expect(verdict(answer(400, 'USER_ERROR', 'Record has been changed.'))).toBe('conflict later')
  })

  it('tells apart what NetSuite says by text alone', () => {
    const text = (detail: string) =>
      verdict(answer(400, 'USER_ERROR', `Error while accessing a resource. ${detail}`))
    expect(text('This entity already exists.')).toBe('exists never')
    expect(text('This record already exists.')).toBe('exists never')
    expect(text('Transaction type specified is incorrect.')).toBe('missing never')
    expect(text('Record has been changed.')).toBe('conflict later')
    expect(text('This record has been locked by a user defined workflow.')).toBe('conflict later')
  })

  it('doubts every 5xx and 408 to a write, and none to a read', () => {
    for (const status of [408, 500, 502, 503, 504, 520]) {
      const html = { status, headers: {}, body: '<html>gateway</html>' }
      expect(verdict(html)).toBe('unknown')
      expect(verdict(html, false)).toBe('outage later')
      expect(verdict(answer(status, 'UNEXPECTED_ERROR'))).toBe('unknown')
    }
  })

  it('takes no refusal for final that cannot be read', () => {
    expect(verdict({ status: 400, headers: {}, body: '{"o:errorDetails":[{"deta' })).toBe('request later')
    expect(verdict({ status: 403, headers: {}, body: '<html>' })).toBe('request later')
  })

  it('does not follow redirects of a wrong data centre, and says so', () => {
    expect(verdict({ status: 302, headers: {}, body: '' })).toBe('request never')
  })
})

describe('classifyTransportError', () => {
  it('trusts only what certainly never left', () => {
    const judge = (code: 'E_TIMEOUT' | 'E_CONNECTION_REFUSED', effect: 'none' | 'unknown', write: boolean) =>
      classifyTransportError(new TransportError(code, effect, 'message'), write)
    expect(judge('E_TIMEOUT', 'unknown', true)).toEqual({
      kind: 'unknown',
      status: 0,
      code: 'E_TIMEOUT',
      detail: 'message',
    })
    expect(judge('E_TIMEOUT', 'unknown', false)).toMatchObject({
      kind: 'refused',
      cause: 'outage',
      retry: 'later',
    })
    expect(judge('E_CONNECTION_REFUSED', 'none', true)).toMatchObject({
      kind: 'refused',
      cause: 'unreachable',
    })
  })
})

describe('readProblem', () => {
  it('reads NetSuite, a top-level code, and what is no JSON at all', () => {
    expect(readProblem(answer(400, 'INVALID_VALUE', 'Provide a valid value.'), NOW)).toMatchObject({
      status: 400,
      code: 'INVALID_VALUE',
      detail: 'Provide a valid value.',
    })
    const top = { status: 429, headers: {}, body: '{"title":"Bad Request","o:errorCode":"USER_ERROR"}' }
    expect(readProblem(top, NOW)).toMatchObject({ code: 'USER_ERROR', detail: 'Bad Request' })
    for (const body of ['', '<html>', '[]', 'null', '{"o:errorDetails":"?"}', '{"o:errorDetails":[null]}'])
      expect(readProblem({ status: 502, headers: {}, body }, NOW).code).toBe('HTTP_502')
  })

  it('reads Retry-After in seconds and as a date', () => {
    expect(parseRetryAfter('7', NOW)).toBe(7_000)
    expect(parseRetryAfter('Mon, 05 Jan 2026 00:00:30 GMT', NOW)).toBe(30_000)
    expect(parseRetryAfter('Sun, 04 Jan 2026 00:00:30 GMT', NOW)).toBe(0)
    expect(parseRetryAfter('soon', NOW)).toBeUndefined()
    expect(parseRetryAfter(undefined, NOW)).toBeUndefined()
  })
})
