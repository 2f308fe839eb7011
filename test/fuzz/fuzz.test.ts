/** If this fails, there is a request that makes the account blame itself, crash, or answer in another shape than NetSuite's. */
import { describe, expect, it } from 'vitest'
import type { WireResponse } from '../../protocol/wire.ts'
import { complaint, createFuzz } from './drive.ts'
import { KINDS } from './requests.ts'

const REQUESTS = 5000
const FOUND_SHOWN_MAX = 5

/** One request only: `SEATRIAL_FUZZ=1/4711`. Earlier ones may matter: then their number is the length of the run. */
const [SEED = '3', only] = (process.env.SEATRIAL_FUZZ ?? '3').split('/')

describe('malformed requests', () => {
  it(`get an error in its shape, ${REQUESTS} of them [REC-250, REC-251, REC-E07]`, {
    timeout: 120_000,
  }, async () => {
    const fuzz = createFuzz(SEED)
    const { found, seen } = await fuzz.drive(
      only === undefined ? 1 : Number(only),
      only === undefined ? REQUESTS : 1,
    )
    fuzz.close()
    expect(found.slice(0, FOUND_SHOWN_MAX).join('\n'), `${found.length} found`).toBe('')
    if (only !== undefined) return
    // A run that never got past the login, or never did anything, would prove nothing.
    expect(Object.keys(seen).sort()).toEqual([...KINDS].sort())
    for (const kind of ['read', 'page', 'confusedTypes', 'badJson'])
      expect(seen[kind]!['2xx'], kind).toBeGreaterThan(10)
    for (const kind of KINDS) expect(seen[kind]!['4xx'], kind).toBeGreaterThan(50)
  })
  it('are the same for the same seed', async () => {
    const [a, b] = [createFuzz('same'), createFuzz('same')]
    expect(await a.drive(1, 200)).toEqual(await b.drive(1, 200))
    a.close()
    b.close()
  })
})

const ANSWER: WireResponse = {
  status: 400,
  headers: { 'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8' },
  body: '{"type":"x","title":"Bad Request","status":400,"o:errorDetails":[{"detail":"no","o:errorCode":"USER_ERROR"}]}',
}
const PATH = '/services/rest/record/v1/customer'

describe('the eye on the answers', () => {
  it('lets a proper refusal pass', () => {
    expect(complaint(PATH, ANSWER)).toBeUndefined()
    expect(complaint(PATH, { status: 204, headers: {}, body: '' })).toBeUndefined()
  })
  it.each<[string, WireResponse | 'reset']>([
    ['a reset', 'reset'],
    ['a 500', { ...ANSWER, status: 500 }],
    ['a 501 of the record service', { ...ANSWER, status: 501 }],
    ['an error without details', { ...ANSWER, body: '{"type":"x","title":"t","status":400}' }],
    [
      'a detail without a code',
      { ...ANSWER, body: ANSWER.body.replace('"o:errorCode":"USER_ERROR"', '"a":1') },
    ],
    ['another media type', { ...ANSWER, headers: { 'content-type': 'text/html' } }],
    ['a stack trace', { ...ANSWER, body: ANSWER.body.replace('no', 'TypeError: x at f (store.ts:5)') }],
    ['a body that is no JSON', { status: 200, headers: {}, body: '{' }],
    ['a 204 with a body', { status: 204, headers: {}, body: '{}' }],
  ])('sees %s', (_, answer) => {
    expect(complaint(PATH, answer)).toBeTypeOf('string')
  })
  it.each<[string, string, boolean]>([
    [
      '/app/site/hosting/restlet.nl?script=1',
      '{"error" : {"code" : "INVALID_REQUEST", "message" : "no"}}',
      true,
    ],
    ['/app/site/hosting/restlet.nl?script=1', 'error code: INVALID_REQUEST\nerror message: no', true],
    ['/app/site/hosting/restlet.nl?script=1', ANSWER.body, false],
    ['/services/rest/auth/oauth2/v1/token', '{"error":"invalid_request"}', true],
    ['/services/rest/auth/oauth2/v1/token', ANSWER.body, false],
  ])('knows the forms of other services: %s %s', (path, body, isRight) => {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect(complaint(path, { ...ANSWER, headers, body }) === undefined).toBe(isRight)
  })
})
