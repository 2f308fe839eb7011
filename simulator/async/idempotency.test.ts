/** If these fail, a client that submits again after a lost answer makes its records twice, or is refused without cause. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import { createSigner } from '../../protocol/signing.ts'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAnswer } from '../test-account.ts'

const JOB = '/services/rest/async/v1/job'
const K = '6fa459ea-ee8a-3ca4-894e-db77e160355e'
const FIRST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/async/v1/job/1'

const withKey = (key: string) => ({ prefer: 'respond-async', 'x-netsuite-idempotency-key': key })

function account(async: ProfileInput['async'] = {}) {
  const made = createTestAccount({ profile: { async } })
  const submit = (key: string, body: unknown = { companyName: 'Acme' }, type = 'customer') =>
    made.send('POST', type, body, withKey(key))
  return { ...made, submit }
}

/** Status, code and address of a refusal. */
const refusal = ({ status, error, headers }: TestAnswer) => [status, error?.['o:errorCode'], headers.location]
const REFUSED = [400, 'IDEMPOTENCY_ERROR', FIRST]

describe('a key used again', () => {
  it('is refused with the address of the first job [ASY-070, ASY-074, REC-222, REC-E41]', async () => {
    const { submit } = account()
    expect((await submit(K)).status).toBe(202)
    const again = await submit(K)
    expect(again.status).toBe(400)
    expect(again.headers).toMatchObject({
      'preference-applied': 'respond-async',
      location: FIRST,
      'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    })
    expect(again.body).toBe(
      '{"type":"https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.10","title":"Conflict","status":400,' +
        '"o:errorDetails":[{"detail":"A request with the same idempotency key is already submitted. See the \\"Location\\" ' +
        'header for a link to the previously submitted job","o:errorCode":"IDEMPOTENCY_ERROR"}]}',
    )
  })
  it('is refused with 409 where the profile says so, and with the newer type [OPQ-055, REC-252]', async () => {
    const { submit } = account({ keyStatus: 409, keyErrorType: 'rfc9110' })
    await submit(K)
    const again = await submit(K)
    expect(refusal(again)).toEqual([409, 'IDEMPOTENCY_ERROR', FIRST])
    expect([again.json.type, again.json.title, again.json.status]).toEqual([
      'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10',
      'Conflict',
      409,
    ])
  })
  it('counts alone, whatever the request is about [ASY-075]', async () => {
    const { submit, send } = account()
    await submit(K)
    expect(refusal(await submit(K, { companyName: 'Another' }))).toEqual(REFUSED)
    expect(refusal(await submit(K, { companyName: 'Vendor' }, 'vendor'))).toEqual(REFUSED)
    expect(refusal(await send('GET', 'currency/1', undefined, withKey(K)))).toEqual(REFUSED)
  })
  it('is refused after the first job ended too, well or badly [ASY-076]', async () => {
    for (const body of [{ companyName: 'Acme' }, {}]) {
      const { submit, clock, send } = account()
      await submit(K, body)
      await clock.advance(0)
      expect((await send('GET', `${JOB}/1`)).json.completed).toBe(true)
      expect(refusal(await submit(K, { companyName: 'Acme' }))).toEqual(REFUSED)
    }
  })
  it('is kept as long as its job, or shorter [ASY-076]', async () => {
    for (const options of [{ retentionDays: 3 }, { retentionDays: 30, keyDays: 3 }]) {
      const { submit, clock } = account(options)
      await submit(K)
      await clock.advance(3 * 86_400_000 - 1)
      expect(refusal(await submit(K))).toEqual(REFUSED)
      await clock.advance(1)
      expect((await submit(K)).status).toBe(202)
    }
  })
  it('is not taken by a request that was refused for another reason', async () => {
    const { submit } = account()
    expect((await submit(K, '{')).status).toBe(400)
    expect((await submit(K)).status).toBe(202)
  })
  it('protects a batch as well [ASY-057, REC-219]', async () => {
    const { send } = account()
    const batch = () =>
      send(
        'POST',
        'customer',
        { items: [{ companyName: 'A' }, { companyName: 'B' }] },
        { ...withKey(K), 'content-type': 'application/vnd.oracle.resource+json; type=collection' },
      )
    expect((await batch()).status).toBe(202)
    expect(refusal(await batch())).toEqual(REFUSED)
  })
})

describe('what makes two keys one', () => {
  it('any text is a key, and case matters, unless the profile says otherwise [ASY-072]', async () => {
    const exact = account()
    await exact.submit('order-1')
    expect((await exact.submit('ORDER-1')).status).toBe(202)
    const loose = account({ keyCase: 'ignore' })
    await loose.submit('order-1')
    expect(refusal(await loose.submit('ORDER-1'))).toEqual(REFUSED)
  })
  it('may have to be a UUID, as a setting [ASY-072]', async () => {
    const { submit } = account({ keyFormat: 'uuid' })
    expect((await submit(K)).status).toBe(202)
    const { status, error } = await submit('order-1')
    expect([status, error?.['o:errorCode'], error?.['o:errorHeader']]).toEqual([
      400,
      'INVALID_HEADER',
      'X-NetSuite-Idempotency-Key',
    ])
  })
  it.each([
    ['account', 400, 400],
    ['integration', 202, 400],
    ['recordType', 202, 202],
  ] as const)('within the %s [ASY-076]', async (keyScope, ofAnotherIntegration, ofAnotherType) => {
    const integrations = ['shop', 'erp'].map((name) => ({
      name,
      consumerKey: `${name}-key-1`,
      consumerSecret: `${name}-secret`,
      tokens: [{ tokenId: `${name}-token`, tokenSecret: `${name}-token-secret` }],
    }))
    const { clock, simulator, send } = createTestAccount({ profile: { integrations, async: { keyScope } } })
    const erp = createSigner(clock, createRng('erp'), {
      accountId: '1234567',
      consumerKey: 'erp-key-1',
      consumerSecret: 'erp-secret',
      tokenId: 'erp-token',
      tokenSecret: 'erp-token-secret',
    })
    await send('POST', 'customer', { companyName: 'A' }, withKey(K))
    const answer = await simulator.handle(
      erp({
        method: 'POST',
        url: `${simulator.baseUrl}/services/rest/record/v1/customer`,
        headers: { ...withKey(K), 'content-type': 'application/json' },
        body: '{"companyName":"B"}',
      }),
    )
    expect(typeof answer !== 'string' && answer.status).toBe(ofAnotherIntegration)
    expect((await send('POST', 'vendor', { companyName: 'V' }, withKey(K))).status).toBe(ofAnotherType)
  })
  it('hides the jobs of other integrations where the profile says so', async () => {
    const integrations = ['shop', 'erp'].map((name) => ({
      name,
      consumerKey: `${name}-key-1`,
      consumerSecret: `${name}-secret`,
      tokens: [{ tokenId: `${name}-token`, tokenSecret: `${name}-token-secret` }],
    }))
    for (const [readableBy, status] of [
      ['account', 200],
      ['integration', 404],
    ] as const) {
      const { clock, simulator, send } = createTestAccount({
        profile: { integrations, async: { readableBy } },
      })
      const erp = createSigner(clock, createRng('erp'), {
        accountId: '1234567',
        consumerKey: 'erp-key-1',
        consumerSecret: 'erp-secret',
        tokenId: 'erp-token',
        tokenSecret: 'erp-token-secret',
      })
      await send('POST', 'customer', { companyName: 'A' }, withKey(K))
      const url = `${simulator.baseUrl}${JOB}/1`
      const answer = await simulator.handle(erp({ method: 'GET', url, headers: {}, body: undefined }))
      expect(typeof answer !== 'string' && answer.status).toBe(status)
      expect((await send('GET', `${JOB}/1`)).status).toBe(200)
    }
  })
})

describe('a synchronous request', () => {
  it('ignores its key [ASY-073, REC-222]', async () => {
    const { send } = account()
    const headers = { 'x-netsuite-idempotency-key': K }
    const first = await send('POST', 'customer', { companyName: 'A' }, headers)
    const second = await send('POST', 'customer', { companyName: 'A' }, headers)
    expect([first.status, second.status, first.id === second.id]).toEqual([204, 204, false])
    expect((await send('POST', 'customer', { companyName: 'A' }, withKey(K))).status).toBe(202)
  })
  it('has its external id as the guard [ASY-079]', async () => {
    const { send } = account()
    await send('POST', 'customer', { companyName: 'A', externalId: 'A' })
    const { status, error } = await send('POST', 'customer', { companyName: 'A', externalId: 'A' })
    expect([status, error?.detail]).toEqual([
      400,
      'Error while accessing a resource. This entity already exists.',
    ])
    expect((await send('GET', 'customer')).json.count).toBe(1)
  })
})

describe('under any interleaving', () => {
  it('a key has one job and makes one record, however often and whenever it is sent [ASY-070, ASY-074]', async () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 3 }),
      pauseMs: fc.constantFrom(0, 0, 1, 700, 2500),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { clock, send } = createTestAccount({
          profile: { latency: { model: 'lean' }, concurrencyLimit: 100 },
        })
        const answers = await clock.run(async () => {
          const sent: Promise<readonly [number, TestAnswer]>[] = []
          for (const { key, pauseMs } of steps) {
            const body = { companyName: `C${key}` }
            sent.push(
              send('POST', 'customer', body, withKey(`key-${key}`)).then((one) => [key, one] as const),
            )
            await clock.sleep(pauseMs)
          }
          const all = await Promise.all(sent)
          await clock.sleep(600_000)
          return all
        })
        const jobs = new Map<number, Set<string>>()
        for (const [key, { status, id }] of answers) {
          expect([202, 400]).toContain(status)
          jobs.set(key, (jobs.get(key) ?? new Set()).add(id))
        }
        const accepted = answers.filter(([, { status }]) => status === 202).length
        expect([...jobs.values()].map(({ size }) => size)).toEqual(Array(jobs.size).fill(1))
        expect(accepted).toBe(jobs.size)
        const made = await clock.run(() => send('GET', 'customer'))
        expect(made.json.totalResults).toBe(jobs.size)
      }),
      { seed: 1, numRuns: 25 },
    )
  })
})
