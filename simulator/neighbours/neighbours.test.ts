/** If these fail, other integrations of the account take no slots, are not seen, or never end. */
import { describe, expect, it } from 'vitest'
import type { JournalEntry, NeighbourView, SlotsView } from '../../protocol/control.ts'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount } from '../test-account.ts'

type Neighbour = NonNullable<ProfileInput['neighbours']>[number]

const MINUTE_MS = 60_000
/** Every call holds its slot for half a minute. */
const wms = (changes: Partial<Neighbour> = {}): Neighbour => ({
  name: 'wms',
  channel: 'soap',
  operation: 'addList',
  workMs: { medianMs: 30_000, sigma: 0 },
  arrival: { everyMs: MINUTE_MS },
  ...changes,
})

function accountOf(neighbours: readonly Neighbour[], profile: ProfileInput = {}) {
  const latency = { sigma: 0, medianMs: { '*.get': 100 } }
  const account = createTestAccount({ profile: { latency, ...profile, neighbours: [...neighbours] } })
  const control = async (method: string, path: string, body?: unknown) =>
    (await account.send(method, `/_seatrial/${path}`, body)).json as never
  return {
    ...account,
    control,
    journal: async () => ((await control('GET', 'journal')) as { items: JournalEntry[] }).items,
    slots: (): Promise<SlotsView> => control('GET', 'slots'),
    view: async () => ((await control('GET', 'neighbours')) as { items: NeighbourView[] }).items,
    /** Sends, and lets time pass until the answer is there. */
    request: async (path: string) => {
      const answer = account.send('GET', path)
      await account.clock.advance(20_000)
      return answer
    },
  }
}

describe('a neighbour', () => {
  it('calls on its schedule and stands in the journal as its own integration and channel', async () => {
    const account = accountOf([wms({ user: 'packer' })])
    const startMs = account.clock.now()
    await account.clock.advance(3 * MINUTE_MS - 1)
    const entries = await account.journal()
    expect(entries).toHaveLength(3)
    expect(entries[1]).toMatchObject({
      sequence: 2,
      receivedMs: startMs + MINUTE_MS,
      endedMs: startMs + MINUTE_MS + 30_000,
      slotFromMs: startMs + MINUTE_MS,
      slotUntilMs: startMs + MINUTE_MS + 30_000,
      method: 'POST',
      path: '/services/NetSuitePort_2025_2',
      operation: 'neighbour.addList',
      recordType: 'salesOrder',
      integration: 'wms',
      channel: 'soap',
      status: 200,
      committed: false,
      delivery: 'answered',
    })
    expect((await account.slots()).inUse).toBe(0)
  })
  it('shares the one pool of the account with REST and RESTlets [GOV-001]', async () => {
    const account = accountOf(
      [
        wms(),
        wms({ name: 'shop', channel: 'restlet', operation: 'call' }),
        wms({ name: 'bi', channel: 'rest', operation: 'query' }),
      ],
      { concurrencyLimit: 3 },
    )
    await account.clock.advance(1)
    expect((await account.slots()).holders).toMatchObject([
      { integration: 'wms', channel: 'soap', user: 'wms' },
      { integration: 'shop', channel: 'restlet' },
      { integration: 'bi', channel: 'rest' },
    ])
    const refused = await account.request('currency/1')
    expect(refused.status).toBe(429)
    const entry = (await account.journal()).find(({ status }) => status === 429)
    expect(entry?.explanation).toMatch(/^3 of 3 slots held: bi 1 .*, shop 1 .*, wms 1 /)
  })
  it('is refused in the form of its channel [GOV-016, GOV-019, GOV-020]', async () => {
    const once = { retry: { triesMax: 1 } }
    const account = accountOf(
      [
        wms({ fromMs: 0 }),
        wms({ ...once, fromMs: 1 }),
        wms({ ...once, fromMs: 2, name: 'shop', channel: 'restlet', operation: 'call' }),
        wms({ ...once, fromMs: 3, name: 'bi', channel: 'rest', operation: 'query' }),
      ],
      { concurrencyLimit: 1 },
    )
    await account.clock.advance(1000)
    const refused = (await account.journal()).map(({ channel, status, errorCode }) => [
      channel,
      status,
      errorCode,
    ])
    expect(refused).toEqual([
      ['soap', 500, 'WS_REQUEST_BLOCKED'],
      ['restlet', 400, 'SSS_REQUEST_LIMIT_EXCEEDED'],
      ['rest', 429, 'CONCURRENCY_LIMIT_EXCEEDED'],
    ])
  })
  it('tries again every 2 s, at most 15 times [GOV-089]', async () => {
    const holder = wms({
      name: 'bi',
      workMs: { medianMs: 3_600_000, sigma: 0 },
      channel: 'rest',
      operation: 'query',
    })
    const account = accountOf(
      [
        { ...holder, untilMs: 1 },
        wms({ untilMs: 1, fromMs: 1, arrival: { everyMs: 10 } }),
        wms({ fromMs: 10, untilMs: 11 }),
      ],
      {
        concurrencyLimit: 1,
      },
    )
    await account.clock.advance(MINUTE_MS)
    const tries = (await account.journal()).filter(({ integration }) => integration === 'wms')
    expect(tries).toHaveLength(15)
    const gaps = tries.slice(1).map(({ receivedMs }, at) => receivedMs - tries[at]!.endedMs)
    expect(new Set(gaps)).toEqual(new Set([2000]))
    expect((await account.view())[2]).toMatchObject({ requests: 15, refused: 15, gaveUp: 1, inFlight: 0 })
  })
  it('gets the slot that becomes free between two of its tries', async () => {
    const account = accountOf(
      [
        wms({ untilMs: 1, workMs: { medianMs: 20_000, sigma: 0 } }),
        wms({ name: 'late', fromMs: 1, untilMs: 2 }),
      ],
      {
        concurrencyLimit: 1,
      },
    )
    await account.clock.advance(2 * MINUTE_MS)
    expect((await account.view())[1]).toMatchObject({ gaveUp: 0, inFlight: 0 })
    expect((await account.journal()).at(-1)).toMatchObject({ integration: 'late', status: 200 })
  })
  it('keeps to the slots allocated to its integration [GOV-010]', async () => {
    const account = accountOf([wms({ arrival: { everyMs: MINUTE_MS, burst: 4 } })])
    await account.control('PATCH', 'limits', { allocations: { wms: 2 } })
    await account.clock.advance(1)
    expect((await account.slots()).allocations).toEqual([{ integration: 'wms', limit: 2, inUse: 2 }])
  })
  it('counts in the frequency windows of the account [GOV-031]', async () => {
    const account = accountOf([wms({ arrival: { everyMs: 1000 }, workMs: { medianMs: 10 } })], {
      governance: { windows: { per60s: 5 } },
    })
    await account.clock.advance(4500)
    expect(((await account.control('GET', 'limits')) as { windows: object }).windows).toMatchObject({
      per60s: { used: 5, limit: 5 },
    })
    expect((await account.request('currency/1')).status).toBe(429)
  })
  it('has at most so many calls under way; what comes meanwhile does not start [GOV-088]', async () => {
    const account = accountOf([wms({ parallelMax: 2, arrival: { everyMs: 1000 } })])
    await account.clock.advance(10_500)
    expect((await account.view())[0]).toMatchObject({ inFlight: 2, requests: 2, skipped: 9 })
  })
  it('is told by a maintenance window that the account is down, as everybody is [RSL-007]', async () => {
    const account = accountOf([wms({ retry: { triesMax: 1 } })], {
      faults: [{ fault: 'maintenance', id: 'window', fromMs: MINUTE_MS, untilMs: 2 * MINUTE_MS }],
    })
    await account.clock.advance(3 * MINUTE_MS)
    const seen = (await account.journal()).map(({ status, fault }) => [status, fault])
    expect(seen).toEqual([
      [200, undefined],
      [503, 'window'],
      [200, undefined],
    ])
  })
  it('waits for a slot where the account lets requests wait', async () => {
    const account = accountOf([wms({ untilMs: 1 }), wms({ name: 'late', fromMs: 1, untilMs: 2 })], {
      concurrencyLimit: 1,
      governance: { overLimit: 'queue', queueMsMax: 60_000 },
    })
    const startMs = account.clock.now()
    await account.clock.advance(2 * MINUTE_MS)
    expect((await account.journal())[1]).toMatchObject({
      integration: 'late',
      receivedMs: startMs + 1,
      slotFromMs: startMs + 30_000,
      status: 200,
    })
  })
})

describe('its hours', () => {
  it('are those of the account’s day', async () => {
    const hours = { fromHour: 10, untilHour: 12 }
    const account = accountOf(
      [wms({ hours }), wms({ name: 'shop', hours, workMs: { medianMs: 10 }, arrival: { ratePerSec: 0.01 } })],
      { preferences: { timeZone: 'UTC' } },
    )
    await account.clock.advance(12 * 60 * MINUTE_MS)
    const entries = await account.journal()
    const hourOf = ({ receivedMs }: JournalEntry): number => new Date(receivedMs).getUTCHours()
    expect([...new Set(entries.map(hourOf))].sort()).toEqual([10, 11])
    expect(entries.filter(({ integration }) => integration === 'wms')).toHaveLength(120)
    const random = entries.filter(({ integration }) => integration === 'shop').length
    expect(random).toBeGreaterThan(45)
    expect(random).toBeLessThan(100)
  })
})

describe('neighbours', () => {
  it('come at the same times with the same seed, whoever else is there', async () => {
    const random = wms({ name: 'shop', arrival: { ratePerSec: 0.1 }, workMs: { medianMs: 100, sigma: 1 } })
    const timesOf = async (neighbours: Neighbour[]): Promise<number[]> => {
      const account = accountOf(neighbours, { latency: { sigma: 1 } })
      await account.clock.advance(10 * MINUTE_MS)
      const own = (await account.journal()).filter(({ integration }) => integration === 'shop')
      return own.map(({ endedMs }) => endedMs)
    }
    const alone = await timesOf([random])
    expect(alone.length).toBeGreaterThan(30)
    expect(await timesOf([random, wms({ arrival: { ratePerSec: 0.05 } })])).toEqual(alone)
  })
  it('shift no draw of anybody else', async () => {
    const timeOf = async (neighbours: Neighbour[]): Promise<number> => {
      const account = accountOf(neighbours, { latency: { sigma: 1 } })
      const startMs = account.clock.now()
      await account.request('currency/1')
      const own = (await account.journal()).find(({ operation }) => operation === 'record.get')
      return own!.endedMs - startMs
    }
    expect(await timeOf([wms({ arrival: { everyMs: 10 } })])).toBe(await timeOf([]))
  })
  it('start anew with a reset, and their old calls hold no slot', async () => {
    const account = accountOf([wms({ workMs: { medianMs: 3_600_000, sigma: 0 } })])
    await account.clock.advance(2 * MINUTE_MS + 1)
    expect((await account.slots()).inUse).toBe(3)
    await account.control('POST', 'reset')
    expect((await account.slots()).inUse).toBe(0)
    await account.clock.advance(1)
    expect((await account.slots()).inUse).toBe(1)
    expect((await account.view())[0]).toMatchObject({ requests: 1 })
  })
  it('do not keep a simulation running, and end with the account', async () => {
    const account = accountOf([wms({ arrival: { everyMs: 10 } })])
    const endMs = account.clock.now() + 5000
    await account.clock.run(() => account.clock.sleep(5000))
    expect(account.clock.now()).toBe(endMs)
    const { requests } = (await account.view())[0]!
    account.simulator.close()
    await account.clock.advance(MINUTE_MS)
    expect(requests).toBe(5)
    expect(await account.view()).toEqual([])
  })
  it('can be changed while the account runs; a refused change changes nothing', async () => {
    const account = accountOf([wms()])
    const change = (items: unknown) => account.send('PUT', '/_seatrial/neighbours', { items })
    const bad = await change([wms({ name: 'other' }), wms({ size: 201 })])
    expect(bad.status).toBe(400)
    expect((bad.json.error as { message: string }).message).toContain(
      'addList takes at most 200 records [GOV-050]',
    )
    expect((await account.view()).map(({ spec }) => spec.name)).toEqual(['wms'])
    const good = await change([wms({ name: 'other', workMs: undefined, size: 20 })])
    expect(good.status).toBe(200)
    await account.clock.advance(1)
    expect((await account.slots()).holders).toMatchObject([{ integration: 'other' }])
    await change([])
    expect(await account.view()).toEqual([])
    expect((await account.slots()).inUse).toBe(0)
  })
  it('of an unknown record type are warned of', () => {
    const { simulator } = accountOf([wms({ recordType: 'salesOdrer' })])
    expect(simulator.warnings).toEqual([
      'neighbour wms: the account has no record type salesOdrer; its calls cost what those of other records do',
    ])
  })
})
