/** If these fail, the engine misreads answers, reuses a signature, or reports attempts that were not as they are told. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { type Transport, TransportError } from '../../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../../protocol/wire.ts'
import { CALL_TIMEOUT_MS, createRecordClient, parseLocation } from './client.ts'
import type { EngineDeps } from './engine.ts'
import { createRecorder, depsOf } from './testing/recorder.ts'

const call = { key: '1001', attempt: 3 }

/** A client whose answers are given one by one; an `Error` is thrown. */
function scripted(...answers: (Partial<WireResponse> | Error)[]) {
  return scriptedWith({}, ...answers)
}

function scriptedWith(deps: Partial<EngineDeps>, ...answers: (Partial<WireResponse> | Error)[]) {
  const requests: WireRequest[] = []
  const timeouts: number[] = []
  const transport: Transport = {
    send: async (request, { timeoutMs }) => {
      requests.push(request)
      timeouts.push(timeoutMs)
      const next = answers.shift()
      if (next instanceof Error) throw next
      return { status: 204, headers: {}, body: '', ...next }
    },
    close: async () => {},
  }
  const recorder = createRecorder()
  const client = createRecordClient({ ...depsOf(new VirtualClock(), transport, recorder), ...deps })
  return { client, requests, timeouts, recorder }
}

const location = (path: string) => ({ headers: { location: path } })

describe('record client', () => {
  it('addresses each operation as NetSuite does', async () => {
    const { client, requests } = scripted()
    await client.create('salesOrder', { memo: 'm' }, call)
    await client.upsert('customer', 'SHOP-C-1', { email: 'e' }, call)
    await client.patch('salesOrder', '5', { memo: 'n' }, call)
    await client.get('customer', '7', call)
    await client.findByExternalId('salesOrder', 'SHOP-1', call)
    const base = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
    expect(requests.map(({ method, url, body }) => [method, url.replace(base, ''), body])).toEqual([
      ['POST', '/salesOrder', '{"memo":"m"}'],
      ['PUT', '/customer/eid:SHOP-C-1', '{"email":"e"}'],
      ['PATCH', '/salesOrder/5', '{"memo":"n"}'],
      ['GET', '/customer/7', undefined],
      ['GET', '/salesOrder/eid:SHOP-1', undefined],
    ])
    expect(requests[0]!.headers['content-type']).toBe('application/json')
    expect(requests[3]!.headers['content-type']).toBeUndefined()
  })

  it('reads the internal id from either form of Location', async () => {
    const { client } = scripted(
      location('https://x/services/rest/record/v1/salesOrder/42'),
      location('/a/b/-5'),
      {},
    )
    expect(await client.create('salesOrder', {}, call)).toEqual({ kind: 'done', value: { id: '42' } })
    expect(await client.create('salesOrder', {}, call)).toEqual({ kind: 'done', value: { id: '-5' } })
    expect(await client.create('salesOrder', {}, call)).toEqual({ kind: 'done', value: { id: undefined } })
    expect(parseLocation('/services/rest/record/v1/customer/eid:P12')).toBeUndefined()
    expect(parseLocation('/services/rest/record/v1/customer/12/')).toBe('12')
  })

  it('tells found, absent and could-not-ask apart', async () => {
    const { client } = scripted(
      { status: 200, body: '{"links":[],"id":"9"}' },
      { status: 404, body: '{"o:errorDetails":[{"detail":"none","o:errorCode":"NONEXISTENT_ID"}]}' },
      { status: 503 },
      new TransportError('E_TIMEOUT', 'unknown', 'late'),
    )
    const find = () => client.findByExternalId('salesOrder', 'SHOP-1', call)
    expect(await find()).toEqual({ kind: 'done', value: { id: '9' } })
    expect(await find()).toEqual({ kind: 'done', value: undefined })
    expect(await find()).toMatchObject({ kind: 'refused', retry: 'later', status: 503 })
    expect(await find()).toMatchObject({ kind: 'refused', retry: 'later', code: 'E_TIMEOUT' })
  })

  it('never takes an answer that it cannot read for an empty record', async () => {
    for (const body of ['', '{"id":"7","ite', '<html>']) {
      const { client } = scripted({ status: 200, body }, { status: 200, body })
      const unread = { kind: 'refused', cause: 'outage', retry: 'later', code: 'E_BODY_UNREADABLE' }
      expect(await client.get('salesOrder', '7', call)).toMatchObject(unread)
      expect(await client.findByExternalId('salesOrder', 'SHOP-1', call)).toMatchObject(unread)
    }
  })

  it('signs a failed login once more, under another nonce, and no further', async () => {
    const { client, requests, recorder } = scripted({ status: 401 }, { status: 401 }, { status: 204 })
    expect(await client.create('salesOrder', {}, call)).toMatchObject({ kind: 'refused', cause: 'login' })
    const nonces = requests.map(({ headers }) => /oauth_nonce="(\w+)"/.exec(headers.authorization!)![1])
    expect(new Set(nonces).size).toBe(2)
    expect(recorder.attempts.map(({ outcome }) => outcome)).toEqual(['retry', 'retry'])
  })

  it('reports what happened, with the code', async () => {
    const { client, recorder, timeouts } = scripted(
      new TransportError('E_CONNECTION_RESET', 'unknown', 'gone'),
      { status: 400, body: '{"o:errorDetails":[{"detail":"d","o:errorCode":"USER_ERROR"}]}' },
      { status: 404 },
    )
    await client.create('salesOrder', {}, call)
    await client.create('salesOrder', {}, call)
    await client.findByExternalId('salesOrder', 'SHOP-1', call)
    expect(recorder.attempts).toMatchObject([
      {
        operation: 'salesOrder.create',
        key: '1001',
        attempt: 3,
        status: 0,
        errorCode: 'E_CONNECTION_RESET',
        outcome: 'unknown',
      },
      { operation: 'salesOrder.create', status: 400, errorCode: 'USER_ERROR', outcome: 'refused' },
      { operation: 'salesOrder.find', status: 404, outcome: 'done' },
    ])
    expect(timeouts).toEqual([CALL_TIMEOUT_MS, CALL_TIMEOUT_MS, CALL_TIMEOUT_MS])
  })

  it('lets a fault of ours through', async () => {
    const { client } = scripted(new RangeError('ours'))
    await expect(client.create('salesOrder', {}, call)).rejects.toThrow('ours')
  })
})

describe('record client by OAuth 2.0', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const byOAuth2 = (...answers: (Partial<WireResponse> | Error)[]) =>
    scriptedWith({ credentials: { clientId: 'c', certificateId: 'k', privateKeyPem } }, ...answers)
  const token = (text: string) => ({ status: 200, body: `{"access_token":"${text}","expires_in":3600}` })
  const bearers = (requests: readonly WireRequest[]) => requests.map(({ headers }) => headers.authorization)

  it('carries one token, and after a 401 another one, once [AUT-091]', async () => {
    const { client, requests, recorder } = byOAuth2(token('one'), {}, { status: 401 }, token('two'), {})
    await client.create('salesOrder', {}, call)
    expect(await client.create('salesOrder', {}, call)).toMatchObject({ kind: 'done' })
    expect(bearers(requests)).toEqual([undefined, 'Bearer one', 'Bearer one', undefined, 'Bearer two'])
    expect(recorder.attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['done', 204],
      ['retry', 401],
      ['done', 204],
    ])
  })
  it('treats a refused token as a login that failed, never as the fault of the order [AUT-084]', async () => {
    const refusal = { status: 400, body: '{"error":"invalid_grant"}' }
    const { client, requests } = byOAuth2(refusal, refusal)
    expect(await client.create('salesOrder', {}, call)).toMatchObject({
      kind: 'refused',
      cause: 'login',
      retry: 'later',
      status: 400,
      code: 'invalid_grant',
    })
    expect(requests).toHaveLength(2)
  })
  it('knows that nothing was sent where the token endpoint is down or silent', async () => {
    const { client } = byOAuth2({ status: 503 }, new TransportError('E_TIMEOUT', 'unknown', 'late'))
    const create = () => client.create('salesOrder', {}, call)
    expect(await create()).toMatchObject({ kind: 'refused', cause: 'outage', retry: 'later' })
    expect(await create()).toMatchObject({ kind: 'refused', cause: 'unreachable', retry: 'later' })
  })
})
