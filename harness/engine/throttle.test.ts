/**
 * If these fail, the engine wastes slots it could use, floods the account with refused calls, or lets one caller wait
 * for ever. The account here is nothing but a pool of slots, so that only the throttle is judged.
 */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createThrottle, type Throttle } from './throttle.ts'

/** n slots; refuses at once, or works 300–1100 ms, with 15 ms of network each way. Integrates its slot use. */
class Pool {
  readonly #clock: VirtualClock
  readonly #rng = createRng('pool')
  slots: number
  /** Calls that wait for a slot instead of being refused. */
  readonly #queueMax: number
  readonly #queue: (() => void)[] = []
  busy = 0
  calls = 0
  refused = 0
  slotMs = 0
  /** Longest queue since the last reading. */
  peak = 0
  /** Factor on the time of every call. */
  slowness = 1
  constructor(clock: VirtualClock, slots: number, queueMax = 0) {
    this.#clock = clock
    this.slots = slots
    this.#queueMax = queueMax
  }

  async call(): Promise<'ok' | 'refused'> {
    this.calls++
    await this.#clock.sleep(15)
    if (this.busy >= this.slots && this.#queue.length < this.#queueMax) {
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    } else if (this.busy >= this.slots) {
      this.refused++
      await this.#clock.sleep(15)
      return 'refused'
    }
    this.busy++
    this.peak = Math.max(this.peak, this.#queue.length)
    const workMs = this.slowness * (300 + this.#rng.next() * 800)
    await this.#clock.sleep(workMs)
    this.busy--
    this.slotMs += workMs
    this.#queue.shift()?.()
    await this.#clock.sleep(15)
    return 'ok'
  }

  /** Figures since the last call of it. */
  read(durationMs: number): { used: number; refusedShare: number; peak: number } {
    const used = this.slotMs / (durationMs * this.slots)
    const figures = { used, refusedShare: this.refused / this.calls, peak: this.peak }
    this.peak = 0
    this.calls = 0
    this.refused = 0
    this.slotMs = 0
    return figures
  }
}

/** 80 callers that always want to send. */
function overload(throttle: Throttle, pool: Pool, until: () => boolean): Promise<unknown> {
  return Promise.all(
    Array.from({ length: 80 }, async () => {
      while (!until()) {
        const permit = await throttle.acquire()
        permit.release(await pool.call())
      }
    }),
  )
}

describe('throttle', () => {
  for (const slots of [1, 5, 15, 20, 45]) {
    it(`fills a pool of ${slots} with few refusals`, async () => {
      const clock = new VirtualClock()
      const throttle = createThrottle(clock, createRng(1))
      const pool = new Pool(clock, slots)
      await clock.run(async () => {
        let over = false
        const load = overload(throttle, pool, () => over)
        await clock.sleep(20_000)
        pool.read(20_000)
        await clock.sleep(300_000)
        const { used, refusedShare } = pool.read(300_000)
        over = true
        await load
        expect({ used, refusedShare }).toSatisfy(() => used > 0.9 && refusedShare < 0.02)
      })
    })
  }

  it('keeps refusals under 2 % from a cold start', async () => {
    const clock = new VirtualClock()
    const pool = new Pool(clock, 15)
    await clock.run(async () => {
      let over = false
      const load = overload(createThrottle(clock, createRng(2)), pool, () => over)
      await clock.sleep(60_000)
      const { used, refusedShare } = pool.read(60_000)
      over = true
      await load
      expect(refusedShare).toBeLessThan(0.02)
      expect(used).toBeGreaterThan(0.85)
    })
  })

  it('follows the limit from 15 to 5 and back', async () => {
    const clock = new VirtualClock()
    const throttle = createThrottle(clock, createRng(3))
    const pool = new Pool(clock, 15)
    await clock.run(async () => {
      let over = false
      const load = overload(throttle, pool, () => over)
      await clock.sleep(60_000)
      pool.slots = 5
      await clock.sleep(10_000)
      expect(throttle.limit).toBeLessThanOrEqual(6)
      const adapting = pool.read(70_000)
      expect(adapting.refusedShare).toBeLessThan(0.03)
      await clock.sleep(120_000)
      const low = pool.read(120_000)
      expect(low.used).toBeGreaterThan(0.9)
      expect(low.refusedShare).toBeLessThan(0.02)
      pool.slots = 15
      await clock.sleep(60_000)
      expect(throttle.limit).toBeGreaterThanOrEqual(14)
      pool.read(60_000)
      await clock.sleep(60_000)
      expect(pool.read(60_000).used).toBeGreaterThan(0.9)
      over = true
      await load
    })
  })

  it('shares a pool with a restless neighbour', async () => {
    const clock = new VirtualClock()
    const rng = createRng('neighbour')
    const throttle = createThrottle(clock, createRng(4))
    const pool = new Pool(clock, 15)
    await clock.run(async () => {
      let over = false
      const load = overload(throttle, pool, () => over)
      for (let i = 0; i < 60; i++) {
        pool.slots = 15 - rng.integer(0, 4)
        await clock.sleep(5_000)
      }
      const { used, refusedShare } = pool.read(300_000)
      over = true
      await load
      expect(refusedShare).toBeLessThan(0.03)
      expect((used * pool.slots) / 13).toBeGreaterThan(0.75)
    })
  })

  for (const slots of [5, 15, 45]) {
    it(`sees in the times of calls that ${slots} slots are taken where the account queues [GOV-007]`, async () => {
      const clock = new VirtualClock()
      const pool = new Pool(clock, slots, 60)
      await clock.run(async () => {
        let over = false
        const throttle = createThrottle(clock, createRng(7))
        const load = overload(throttle, pool, () => over)
        await clock.sleep(120_000)
        pool.read(120_000)
        await clock.sleep(300_000)
        const { used, peak } = pool.read(300_000)
        over = true
        await load
        expect(used).toBeGreaterThan(0.93)
        expect(peak).toBeLessThanOrEqual(slots)
      })
    })
  }

  it('does not take an account that has become slower for a full one', async () => {
    const clock = new VirtualClock()
    const pool = new Pool(clock, 15)
    await clock.run(async () => {
      let over = false
      const load = overload(createThrottle(clock, createRng(8)), pool, () => over)
      await clock.sleep(60_000)
      pool.slowness = 4
      await clock.sleep(60_000)
      pool.read(60_000)
      await clock.sleep(300_000)
      expect(pool.read(300_000).used).toBeGreaterThan(0.95)
      over = true
      await load
    })
  })

  it('serves waiting callers in the order they came', async () => {
    const clock = new VirtualClock()
    const throttle = createThrottle(clock, createRng(5))
    const order: number[] = []
    await clock.run(async () => {
      await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const permit = await throttle.acquire()
          order.push(index)
          await clock.sleep(100)
          permit.release('ok')
        }),
      )
    })
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(throttle.inUse).toBe(0)
    expect(throttle.waiting).toBe(0)
  })

  it('hardly knocks while nothing works, and is back soon after', async () => {
    const clock = new VirtualClock()
    const throttle = createThrottle(clock, createRng(6))
    let calls = 0
    let down = true
    let over = false
    await clock.run(async () => {
      const load = Promise.all(
        Array.from({ length: 40 }, async () => {
          while (!over) {
            const permit = await throttle.acquire()
            calls++
            await clock.sleep(20)
            permit.release(down ? 'failed' : 'ok')
          }
        }),
      )
      await clock.sleep(600_000)
      expect(calls).toBeLessThan(150)
      down = false
      await clock.sleep(31_000)
      expect(throttle.limit).toBeGreaterThan(1)
      over = true
      await load
    })
  })

  it('keeps to a budget of calls, evenly, and shares permits between flows by weight', async () => {
    const clock = new VirtualClock(0)
    const budgets = [{ name: 'minute', windowMs: 60_000, callsMax: 60, burstRatio: 0 }]
    const throttle = createThrottle(clock, createRng(9), { budgets, weights: { order: 2, status: 1 } })
    const sent: string[] = []
    await clock.run(async () => {
      const caller = async (flow: string): Promise<void> => {
        const permit = await throttle.acquire({ flow })
        sent.push(`${flow} ${Math.round(clock.now() / 1000)}`)
        permit.release('ok')
      }
      for (let n = 0; n < 100; n++) void Promise.all([caller('status'), caller('order')])
      await clock.sleep(59_500)
    })
    expect(sent).toHaveLength(59)
    expect(sent.filter((line) => line.startsWith('order')).length).toBeGreaterThanOrEqual(38)
    expect(sent.slice(-3).map((line) => line.split(' ')[1])).toEqual(['57', '58', '59'])
    expect(throttle.budgets()).toEqual([{ name: 'minute', used: 59, limit: 60 }])
  })

  it('does not grow on idle permits', async () => {
    const clock = new VirtualClock()
    const throttle = createThrottle(clock, createRng(7))
    await clock.run(async () => {
      for (let i = 0; i < 200; i++) (await throttle.acquire()).release('ok')
    })
    expect(throttle.limit).toBe(2)
  })
})
