/** If these fail, a tester cannot bring the next day of a served account, or clients can no longer log in once it has come. */
import { describe, expect, it } from 'vitest'
import { type Clock, VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { ServedClock } from '../../kernel/served-clock.ts'
import { createSigner } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { createSimulator } from '../index.ts'
import { loadProfile, type ProfileInput } from '../profile.ts'
import { createTestAccount } from '../test-account.ts'

const DAY_MS = 86_400_000
const NINE_MS = Date.UTC(2026, 2, 2, 9)

/** An account served at nine o'clock of the machine, whose time the test moves as well. */
function serveAccount(mode: 'virtual' | 'wall', profile: ProfileInput = {}) {
  const machine = new VirtualClock(NINE_MS)
  const clock = new ServedClock(machine, { mode })
  const simulator = createSimulator({
    clock,
    clockControl: clock,
    machineClock: machine,
    rng: createRng('served'),
    profile: loadProfile('premium', { latency: { model: 'none' }, ...profile }),
  })
  const senderWith = (clientClock: Clock) => {
    const sign = createSigner(clientClock, createRng('client'), simulator.credentials)
    return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
      const url = simulator.baseUrl + (path.startsWith('/') ? path : `${RECORD_BASE_PATH}/${path}`)
      const content =
        body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const request = { method, url, ...content }
      const handled = path.startsWith('/_')
        ? simulator.control(request)
        : clock.during(() => simulator.serve(sign(request)))
      await machine.advance(100)
      const answer = await handled
      if (typeof answer === 'string') throw new Error(answer)
      return { ...answer, json: answer.body === '' ? {} : JSON.parse(answer.body) }
    }
  }
  return { machine, clock, send: senderWith(machine), senderWith }
}

describe('the clock of a served account', () => {
  it('says what time it is and how it goes', async () => {
    const { send } = serveAccount('virtual')
    const { status, json } = await send('GET', '/_seatrial/clock')
    expect([status, json]).toEqual([
      200,
      { nowMs: 1_772_442_000_000, iso: '2026-03-02T09:00:00.000Z', mode: 'virtual', speed: 0 },
    ])
  })
  it('moves by so much, or until then, and no further', async () => {
    const { send } = serveAccount('virtual')
    const advance = async (body: object) => (await send('POST', '/_seatrial/clock/advance', body)).json.iso
    expect(await advance({ byMs: DAY_MS })).toBe('2026-03-03T09:00:00.000Z')
    expect(await advance({ untilMs: Date.UTC(2026, 2, 31, 23, 59) })).toBe('2026-03-31T23:59:00.000Z')
    expect(await advance({ byMs: 0 })).toBe('2026-03-31T23:59:00.000Z')
    expect((await send('GET', 'currency/1')).headers.date).toBe('Tue, 31 Mar 2026 23:59:00 GMT')
  })
  it('goes n times as fast as the machine from the call on, or is held', async () => {
    const { send, machine } = serveAccount('wall')
    expect((await send('PUT', '/_seatrial/clock/speed', { speed: 60 })).json).toMatchObject({
      mode: 'wall',
      speed: 60,
    })
    const { nowMs } = (await send('GET', '/_seatrial/clock')).json
    await machine.advance(1000)
    const held = (await send('PUT', '/_seatrial/clock/speed', { speed: 0 })).json
    // The call itself took 100 ms of the machine.
    expect(held.nowMs - nowMs).toBe(66_000)
    await machine.advance(1000)
    expect((await send('GET', '/_seatrial/clock')).json.nowMs).toBe(held.nowMs)
  })
  it.each([
    ['into the past', 'POST', 'advance', { untilMs: NINE_MS - 1 }, 400, 'E_BAD_REQUEST'],
    ['by less than nothing', 'POST', 'advance', { byMs: -1 }, 400, 'E_BAD_REQUEST'],
    ['by a century', 'POST', 'advance', { byMs: 36_525 * DAY_MS }, 400, 'E_BAD_REQUEST'],
    ['until seconds were taken for milliseconds', 'POST', 'advance', { untilMs: 1e15 }, 400, 'E_BAD_REQUEST'],
    [
      'by and until at once',
      'POST',
      'advance',
      { byMs: 1, untilMs: NINE_MS + 1 },
      400,
      'give byMs or untilMs',
    ],
    ['without saying how far', 'POST', 'advance', {}, 400, 'give byMs or untilMs'],
    ['by a speed it does not have', 'PUT', 'speed', { speed: 2 }, 409, 'E_CLOCK_VIRTUAL'],
    ['at a speed below zero', 'PUT', 'speed', { speed: -1 }, 400, 'E_BAD_REQUEST'],
  ])('is not moved %s', async (_, method, path, body, status, words) => {
    const { send } = serveAccount('virtual')
    const refused = await send(method, `/_seatrial/clock/${path}`, body)
    expect([refused.status, refused.body]).toEqual([status, expect.stringContaining(words)])
    expect((await send('GET', '/_seatrial/clock')).json.nowMs).toBe(NINE_MS)
  })
  it('is left alone where the program that made the account moves it', async () => {
    const { send } = createTestAccount()
    expect((await send('GET', '/_seatrial/clock')).json).toMatchObject({ mode: 'virtual', speed: 0 })
    const refused = await send('POST', '/_seatrial/clock/advance', { byMs: 1 })
    expect([refused.status, refused.json]).toMatchObject([409, { error: { code: 'E_CLOCK_FIXED' } }])
  })
})

describe('what goes by the account’s time', () => {
  it('takes as long as it would, and no time of the client', async () => {
    const { send, clock } = serveAccount('virtual', {
      latency: { sigma: 0, medianMs: { 'customer.create': 90_000 } },
    })
    expect((await send('POST', 'customer', { companyName: 'Slow' })).status).toBe(204)
    expect(clock.now() - NINE_MS).toBe(90_000)
    const entry = (await send('GET', '/_seatrial/journal')).json.items[0]
    expect(entry.endedMs - entry.receivedMs).toBe(90_000)
  })
  it('meets the concurrency limit as it would', async () => {
    const { clock, send } = serveAccount('virtual', {
      concurrencyLimit: 2,
      latency: { sigma: 0, medianMs: { '*.get': 1000 } },
    })
    const answers = await Promise.all([1, 2, 3].map((id) => send('GET', `currency/${id}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429])
    expect(clock.now() - NINE_MS).toBe(1000)
  })
  it('jobs, their retention, and dates of records', async () => {
    const job = '/services/rest/async/v1/job/1'
    const { send } = serveAccount('virtual', {
      latency: { sigma: 0, medianMs: { '*.queue': 60_000, '*.create': 2000, '*.submit': 0, '*.poll': 0 } },
    })
    await send('POST', 'customer', { companyName: 'Later' }, { prefer: 'respond-async' })
    expect((await send('GET', job)).json.completed).toBe(false)
    await send('POST', '/_seatrial/clock/advance', { byMs: 60_000 })
    expect((await send('GET', job)).json.completed).toBe(false)
    await send('POST', '/_seatrial/clock/advance', { byMs: 2000 })
    expect((await send('GET', job)).json.completed).toBe(true)
    expect((await send('GET', 'customer/1')).json.lastModifiedDate).toBe('2026-03-02T09:01:00Z')
    await send('POST', '/_seatrial/clock/advance', { byMs: 30 * DAY_MS })
    expect((await send('GET', job)).status).toBe(404)
  })
  it('frequency windows and maintenance', async () => {
    const { send } = serveAccount('virtual', {
      governance: { windows: { per24h: 1 } },
      faults: [{ fault: 'maintenance', fromMs: 3 * DAY_MS, untilMs: 3 * DAY_MS + 3_600_000 }],
    })
    const status = async () => (await send('GET', 'currency/1')).status
    const advance = (byMs: number) => send('POST', '/_seatrial/clock/advance', { byMs })
    expect([await status(), await status()]).toEqual([200, 429])
    await advance(DAY_MS)
    expect(await status()).toBe(200)
    await advance(2 * DAY_MS)
    expect(await status()).toBe(503)
    await advance(3_600_000)
    expect(await status()).toBe(200)
  })
})

describe('logins', () => {
  it('go by the machine’s time, which is the client’s', async () => {
    const { send, clock, senderWith } = serveAccount('virtual')
    await send('POST', '/_seatrial/clock/advance', { byMs: 30 * DAY_MS })
    expect((await send('GET', 'currency/1')).status).toBe(200)
    expect((await senderWith(clock)('GET', 'currency/1')).status).toBe(401)
  })
  it('go by the account’s where the profile says so', async () => {
    const { send, clock, senderWith } = serveAccount('virtual', { auth: { clock: 'account' } })
    await send('POST', '/_seatrial/clock/advance', { byMs: DAY_MS })
    expect((await send('GET', 'currency/1')).status).toBe(401)
    expect((await senderWith(clock)('GET', 'currency/1')).status).toBe(200)
    const { items } = (await send('GET', '/_seatrial/logins')).json
    expect(items).toMatchObject([{ detail: 'InvalidTimestamp' }])
  })
})
