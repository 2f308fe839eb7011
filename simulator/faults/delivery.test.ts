/** If these fail, an injected bad day is not the one that was asked for, and an engine's resistance to it is proven by nothing. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { JournalPage } from '../../protocol/control.ts'
import { type FaultInput, faultSpecSchema } from '../../protocol/fault.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import { TransportError } from '../../protocol/transport.ts'
import { ApiFault } from '../api-fault.ts'
import { createTestAccount } from '../test-account.ts'
import { createFaults } from './fault.ts'
import { type FaultSubject, neverHits, operationKindOf } from './match.ts'

const TIMEOUT_MS = 40_000

/** Sends one create of a customer through the transport with a fault installed; what came back, when, and what was kept. */
async function suffer(fault: FaultInput) {
  const account = createTestAccount()
  const { clock, simulator, sign } = account
  await account.send('POST', '/_seatrial/faults', fault)
  const transport = createInProcessTransport(clock, simulator.handle)
  const request = sign({
    method: 'POST',
    url: `${simulator.baseUrl}/services/rest/record/v1/customer`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ companyName: 'Acme', externalId: 'C-1' }),
  })
  const startMs = clock.now()
  const outcome = await clock.run(async () => {
    try {
      const { status, body } = await transport.send(request, { timeoutMs: TIMEOUT_MS })
      return { status, body }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return { code: error.code, effect: error.effect }
    }
  })
  const afterMs = clock.now() - startMs
  await account.send('DELETE', '/_seatrial/faults')
  const kept = (await account.send('GET', 'customer/eid:C-1')).status === 200
  const journal = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
  return { outcome, afterMs, kept, entry: journal.items[0]! }
}

describe('before the account looks at the request', () => {
  it.each<[FaultInput, object]>([
    [{ fault: 'reject', status: 500 }, { status: 500 }],
    [{ fault: 'maintenance' }, { status: 503 }],
    [{ fault: 'auth-outage' }, { status: 401 }],
    [{ fault: 'reset-before' }, { code: 'E_CONNECTION_RESET', effect: 'unknown' }],
    [{ fault: 'refuse-connection' }, { code: 'E_CONNECTION_REFUSED', effect: 'none' }],
  ])('$fault keeps nothing', async (fault, expected) => {
    const { outcome, kept, entry } = await suffer(fault)
    expect(outcome).toMatchObject(expected)
    expect(kept).toBe(false)
    expect(entry).toMatchObject({ fault: `${fault.fault}-1`, committed: false })
  })
  it('a proxy answers with its own page', async () => {
    const { outcome } = await suffer({ fault: 'reject', status: 502, body: '<html>Bad Gateway</html>' })
    expect(outcome).toEqual({ status: 502, body: '<html>Bad Gateway</html>' })
  })
})

describe('while it works', () => {
  it('slow holds the slot for longer', async () => {
    const { outcome, afterMs, entry } = await suffer({ fault: 'slow', delayMs: 7000 })
    expect(outcome).toMatchObject({ status: 204 })
    expect(afterMs).toBe(7000)
    expect(entry.slotUntilMs! - entry.slotFromMs!).toBe(7000)
  })
  it('a record lock refuses in a slot, with the words of a workflow [REC-E25, OPQ-075]', async () => {
    const { outcome, kept, entry } = await suffer({ fault: 'record-locked' })
    expect(outcome).toMatchObject({ status: 400 })
    expect((outcome as { body: string }).body).toContain(
      'Error while accessing a resource. This record has been locked by a user defined workflow.',
    )
    expect(kept).toBe(false)
    expect(entry.slotFromMs).toBeDefined()
  })
})

describe('after it committed', () => {
  it.each<[FaultInput, object, string]>([
    [{ fault: 'drop-response' }, { code: 'E_CONNECTION_RESET', effect: 'unknown' }, 'dropped-after'],
    [{ fault: 'no-answer' }, { code: 'E_TIMEOUT', effect: 'unknown' }, 'silent-after'],
    [{ fault: 'truncate' }, { code: 'E_CONNECTION_RESET', effect: 'unknown' }, 'damaged'],
  ])('$fault keeps the record and hides it', async (fault, expected, delivery) => {
    const { outcome, kept, entry } = await suffer(fault)
    expect(outcome).toEqual(expected)
    expect(kept).toBe(true)
    expect(entry).toMatchObject({ committed: true, delivery, status: 204 })
  })
})

describe('bodies that arrive broken', () => {
  const read = async (fault: FaultInput) => {
    const account = createTestAccount()
    const whole = await account.send('GET', 'currency/1')
    await account.send('POST', '/_seatrial/faults', fault)
    const { simulator, sign } = account
    const url = `${simulator.baseUrl}/services/rest/record/v1/currency/1`
    const answer = await simulator.handle(sign({ method: 'GET', url, headers: {} }))
    if (typeof answer === 'string') throw new Error(answer)
    return { whole: whole.body, answer }
  }
  it('malform leaves half the JSON, a page, or nothing', async () => {
    const half = await read({ fault: 'malform' })
    expect(half.answer.body).toBe(half.whole.slice(0, Math.ceil(half.whole.length / 2)))
    expect(half.answer.headers['content-length']).toBe(String(half.answer.body.length))
    const page = await read({ fault: 'malform', as: 'html' })
    expect(page.answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
    expect((await read({ fault: 'malform', as: 'empty' })).answer.body).toBe('')
  })
  it('dribble takes as long as its speed says', async () => {
    const { answer } = await read({ fault: 'dribble', bytesPerSec: 100 })
    const clock = new VirtualClock()
    const startMs = clock.now()
    const transport = createInProcessTransport(clock, async () => answer)
    await clock.run(() =>
      transport.send({ method: 'GET', url: 'https://x/', headers: {} }, { timeoutMs: 60_000 }),
    )
    expect(clock.now() - startMs).toBe((Buffer.byteLength(answer.body) / 100) * 1000)
  })
})

describe('a fault asked for by a request', () => {
  it('hits that request alone, where the profile allows it', async () => {
    const account = createTestAccount({ profile: { settings: { faultHeader: true } } })
    const hit = await account.send('GET', 'currency/1', undefined, { 'x-seatrial-fault': 'maintenance' })
    expect(hit.status).toBe(503)
    expect((await account.send('GET', 'currency/1')).status).toBe(200)
    const wrong = await account.send('GET', 'currency/1', undefined, { 'x-seatrial-fault': 'explode' })
    expect([wrong.status, wrong.error?.['o:errorHeader']]).toEqual([400, 'X-Seatrial-Fault'])
    const plain = createTestAccount()
    const ignored = await plain.send('GET', 'currency/1', undefined, { 'x-seatrial-fault': 'maintenance' })
    expect(ignored.status).toBe(200)
  })
})

describe('counting', () => {
  const subject: FaultSubject = {
    method: 'GET',
    path: '/services/rest/record/v1/customer/1',
    recordType: 'customer',
    integration: 'shop',
    headers: {},
    body: undefined,
  }
  const setUp = (input: FaultInput) => {
    const clock = new VirtualClock()
    const faults = createFaults(clock, createRng(1), (reason) => new ApiFault('INVALID_LOGIN', reason))
    faults.install(faultSpecSchema.parse(input))
    return {
      clock,
      hits: (count: number) => Array.from({ length: count }, () => faults.judge(subject) !== undefined),
      faults,
    }
  }
  it('hits every n-th matching request', () => {
    expect(setUp({ fault: 'slow', everyNth: 3 }).hits(7)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
      false,
    ])
  })
  it('stops after its count', () => {
    expect(setUp({ fault: 'slow', countMax: 2 }).hits(4)).toEqual([true, true, false, false])
  })
  it('removes itself when its time is up', async () => {
    const { clock, faults, hits } = setUp({ fault: 'slow', ttlMs: 1000 })
    expect(hits(1)).toEqual([true])
    await clock.advance(1000)
    expect(faults.view()).toEqual([])
    expect(hits(1)).toEqual([false])
  })
})

describe('what a request does, told by method and path', () => {
  const R = '/services/rest/record/v1'
  it.each([
    ['POST', `${R}/salesOrder`, 'create'],
    ['GET', `${R}/salesOrder/?q=x`, 'list'],
    ['GET', `${R}/salesOrder?ids=1,2`, 'batch'],
    ['DELETE', `${R}/salesOrder?ids=1`, 'batch'],
    ['GET', `${R}/salesOrder/7`, 'get'],
    ['PATCH', `${R}/salesOrder/eid:A`, 'update'],
    ['PUT', `${R}/salesOrder/eid:A`, 'upsert'],
    ['DELETE', `${R}/salesOrder/7`, 'delete'],
    ['POST', `${R}/salesOrder/7/!transform/invoice`, 'transform'],
    ['GET', `${R}/metadata-catalog/customer`, 'metadata'],
    ['POST', '/services/rest/query/v1/suiteql', 'suiteql'],
    ['GET', '/services/rest/async/v1/job/1', 'async'],
    ['POST', '/services/rest/auth/oauth2/v1/token', 'token'],
    ['GET', '/app/site/hosting/restlet.nl?script=1&deploy=1', 'restlet'],
    ['GET', '/services/rest/system/v1/serverTime', 'other'],
  ])('%s %s: %s', (method, path, kind) => {
    expect(
      operationKindOf({
        method,
        path,
        recordType: undefined,
        integration: undefined,
        headers: {},
        body: undefined,
      }),
    ).toBe(kind)
  })
})

describe('a fault that can never hit', () => {
  it('is a warning at the start, and where it is installed', async () => {
    const match = { recordTypes: ['costumer'] }
    const { simulator, send } = createTestAccount({
      profile: { faults: [{ fault: 'slow', id: 'mine', match }] },
    })
    const warning = 'never hits: the account has no record type costumer'
    expect(simulator.warnings).toEqual([`fault mine ${warning}`])
    expect((await send('POST', '/_seatrial/faults', { fault: 'slow', match })).json.warning).toBe(warning)
  })
  const catalogue = { find: (name: string) => (name.toLowerCase() === 'customer' ? {} : undefined) }
  it.each<[FaultInput, string | undefined]>([
    [{ fault: 'slow', match: { recordTypes: ['Customer'] } }, undefined],
    [{ fault: 'slow', match: { recordTypes: ['costumer'] } }, 'no record type costumer'],
    [{ fault: 'slow', match: { integrations: ['shpo'] } }, 'no integration shpo; it has shop'],
    [{ fault: 'slow', fromMs: 10, untilMs: 5 }, 'before it starts'],
    [{ fault: 'slow', fromMs: 10, ttlMs: 5 }, 'removes itself'],
    [{ fault: 'slow', probabilityRatio: 0 }, 'is 0'],
  ])('%j', (input, why) => {
    const said = neverHits(faultSpecSchema.parse(input), catalogue, ['shop'])
    if (why === undefined) expect(said).toBeUndefined()
    else expect(said).toContain(why)
  })
})
