/**
 * The contract of every queue, as one test suite: each implementation runs it from its own test file. Model based:
 * random commands on the real queue and on a plain list must agree on every answer. For tests only.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import type { Queue, WorkItem } from '../queue.ts'

type Payload = { readonly n: number }
type Progress = { readonly step: number }
type Item = WorkItem<Payload, Progress>
export type MakeQueue = (clock: VirtualClock, leaseMs: number) => Queue<Payload, Progress>

const LEASE_MS = 1_000

interface ModelEntry {
  readonly key: string
  readonly orderKey: string
  state: 'waiting' | 'delayed' | 'leased' | 'done' | 'dead'
  deliveries: number
  untilMs: number
  abandoned: boolean
  progress: Progress | undefined
}

/** The whole queue as a list in order of arrival; every question is answered by walking it. */
class Model {
  readonly entries: ModelEntry[] = []
  readonly claims: { readonly item: Item; readonly entry: ModelEntry; readonly deliveries: number }[] = []

  wake(nowMs: number): void {
    for (const entry of this.entries) {
      if (entry.untilMs > nowMs) continue
      if (entry.state === 'leased') entry.abandoned = true
      if (entry.state === 'leased' || entry.state === 'delayed') entry.state = 'waiting'
    }
  }

  claimable(): ModelEntry[] {
    const open = this.entries.filter(({ state }) => state !== 'done' && state !== 'dead')
    return open.filter(
      (entry) =>
        entry.state === 'waiting' && open.find(({ orderKey }) => orderKey === entry.orderKey) === entry,
    )
  }

  isHeld(index: number, nowMs: number): boolean {
    const { entry, deliveries } = this.claims[index]!
    return entry.state === 'leased' && entry.deliveries === deliveries && entry.untilMs > nowMs
  }
}

interface Real {
  readonly clock: VirtualClock
  readonly queue: Queue<Payload, Progress>
}

class Enqueue implements fc.AsyncCommand<Model, Real> {
  readonly #key: number
  constructor(key: number) {
    this.#key = key
  }
  check = (): boolean => true
  async run(model: Model, { queue }: Real): Promise<void> {
    const [key, orderKey] = [`k${this.#key}`, `o${this.#key % 4}`]
    const known = model.entries.some((entry) => entry.key === key)
    const input = { dedupeKey: key, orderKey, payload: { n: this.#key } }
    expect(await queue.enqueue([input])).toEqual([known ? 'duplicate' : 'queued'])
    if (known) return
    const fresh = {
      state: 'waiting',
      deliveries: 0,
      untilMs: 0,
      abandoned: false,
      progress: undefined,
    } as const
    model.entries.push({ key, orderKey, ...fresh })
  }
  toString = (): string => `enqueue(${this.#key})`
}

class Claim implements fc.AsyncCommand<Model, Real> {
  readonly #count: number
  constructor(count: number) {
    this.#count = count
  }
  check = (): boolean => true
  async run(model: Model, { clock, queue }: Real): Promise<void> {
    const items = await queue.claim(this.#count)
    model.wake(clock.now())
    const expected = model.claimable().slice(0, this.#count)
    expect(items.map(({ dedupeKey }) => dedupeKey)).toEqual(expected.map(({ key }) => key))
    expected.forEach((entry, index) => {
      entry.state = 'leased'
      entry.deliveries++
      entry.untilMs = clock.now() + LEASE_MS
      const { deliveries, progress, abandoned } = entry
      expect(items[index]).toMatchObject({
        deliveries,
        progress,
        abandoned,
        payload: { n: Number(entry.key.slice(1)) },
      })
      model.claims.push({ item: items[index]!, entry, deliveries })
    })
  }
  toString = (): string => `claim(${this.#count})`
}

type Settling = 'ack' | 'renew' | 'retry' | 'dead'

class Settle implements fc.AsyncCommand<Model, Real> {
  readonly #how: Settling
  readonly #pick: number
  readonly #delayMs: number
  constructor(how: Settling, pick: number, delayMs: number) {
    this.#how = how
    this.#pick = pick
    this.#delayMs = delayMs
  }
  check = (model: Readonly<Model>): boolean => model.claims.length > 0
  async run(model: Model, { clock, queue }: Real): Promise<void> {
    const index = this.#pick % model.claims.length
    const { item, entry } = model.claims[index]!
    const held = model.isHeld(index, clock.now())
    const step = this.#pick
    if (this.#how === 'ack') expect(await queue.ack(item)).toBe(held)
    else if (this.#how === 'renew') expect(await queue.renew(item)).toBe(held)
    else if (this.#how === 'dead') expect(await queue.deadLetter(item, 'because')).toBe(held)
    else expect(await queue.retryAt(item, clock.now() + this.#delayMs, { step })).toBe(held)
    if (!held) return
    if (this.#how === 'ack') entry.state = 'done'
    else if (this.#how === 'dead') entry.state = 'dead'
    else if (this.#how === 'renew') entry.untilMs = clock.now() + LEASE_MS
    else
      Object.assign(entry, {
        state: 'delayed',
        untilMs: clock.now() + this.#delayMs,
        abandoned: false,
        progress: { step },
      })
  }
  toString = (): string => `${this.#how}(${this.#pick}, ${this.#delayMs})`
}

class Wait implements fc.AsyncCommand<Model, Real> {
  readonly #ms: number
  constructor(ms: number) {
    this.#ms = ms
  }
  check = (): boolean => true
  async run(model: Model, { clock, queue }: Real): Promise<void> {
    await clock.advance(this.#ms)
    const stats = await queue.stats()
    const count = (...states: string[]): number =>
      model.entries.filter(({ state }) => states.includes(state)).length
    expect(stats.waiting + stats.delayed + stats.leased).toBe(count('waiting', 'delayed', 'leased'))
    expect(stats.dead).toBe(count('dead'))
  }
  toString = (): string => `wait(${this.#ms})`
}

/** Works everything off that is left and gives how often each key was acknowledged. */
async function drain({ clock, queue }: Real): Promise<Map<string, number>> {
  const acks = new Map<string, number>()
  for (;;) {
    for (const item of await queue.claim(7)) {
      expect(await queue.ack(item)).toBe(true)
      acks.set(item.dedupeKey, (acks.get(item.dedupeKey) ?? 0) + 1)
    }
    const dueMs = await queue.nextDueMs()
    if (dueMs === undefined) return acks
    await clock.advance(Math.max(0, dueMs - clock.now()))
  }
}

/** Random commands on both, then everything left is worked off. */
async function agreesWithModel(make: MakeQueue): Promise<void> {
  const commands = [
    fc.nat(30).map((key) => new Enqueue(key)),
    fc.integer({ min: 1, max: 5 }).map((count) => new Claim(count)),
    fc
      .tuple(fc.constantFrom<Settling>('ack', 'renew', 'retry', 'dead'), fc.nat(50), fc.nat(2_500))
      .map(([how, pick, delayMs]) => new Settle(how, pick, delayMs)),
    fc.nat(1_500).map((ms) => new Wait(ms)),
  ]
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (steps) => {
      const clock = new VirtualClock(0)
      const real: Real = { clock, queue: make(clock, LEASE_MS) }
      const model = new Model()
      await fc.asyncModelRun(() => ({ model, real }), steps)
      const open = model.entries.filter(({ state }) => state !== 'done' && state !== 'dead')
      const acks = await drain(real)
      expect([...acks].sort()).toEqual(open.map(({ key }) => [key, 1]).sort())
    }),
    { numRuns: 300 },
  )
}

/** Runs the suite against one implementation. */
export function describeQueue(name: string, make: MakeQueue): void {
  describe(`${name} keeps the queue contract`, () => {
    it('agrees with a plain list under any commands, and loses nothing', () => agreesWithModel(make))

    it('hands an item out again when its holder falls silent, and ignores the holder afterwards', async () => {
      const clock = new VirtualClock(0)
      const queue = make(clock, LEASE_MS)
      await queue.enqueue([{ dedupeKey: 'a', orderKey: 'a', payload: { n: 1 } }])
      const [first] = await queue.claim(1)
      await clock.advance(LEASE_MS)
      const [second] = await queue.claim(1)
      expect(second).toMatchObject({ dedupeKey: 'a', deliveries: 2, abandoned: true })
      expect(await queue.ack(first!)).toBe(false)
      expect(await queue.ack(second!)).toBe(true)
    })

    it('keeps the order within a key, even past a retry, and lets other keys pass', async () => {
      const clock = new VirtualClock(0)
      const queue = make(clock, LEASE_MS)
      const input = (key: string, orderKey: string, n: number) => ({
        dedupeKey: key,
        orderKey,
        payload: { n },
      })
      await queue.enqueue([input('a1', 'a', 1), input('a2', 'a', 2), input('b1', 'b', 3)])
      const [a1, b1, none] = await queue.claim(3)
      expect([a1!.dedupeKey, b1!.dedupeKey, none]).toEqual(['a1', 'b1', undefined])
      await queue.retryAt(a1!, 500, { step: 1 })
      expect(await queue.claim(3)).toEqual([])
      expect(await queue.nextDueMs()).toBe(500)
      await clock.advance(500)
      const [again] = await queue.claim(3)
      expect(again).toMatchObject({ dedupeKey: 'a1', progress: { step: 1 }, abandoned: false })
      await queue.deadLetter(again!, 'poison')
      expect((await queue.claim(3)).map(({ dedupeKey }) => dedupeKey)).toEqual(['a2'])
      expect(await queue.deadLetters(undefined, 10)).toMatchObject([
        { dedupeKey: 'a1', reason: 'poison', atMs: 500 },
      ])
    })

    it('knows a key for good, also within one batch', async () => {
      const queue = make(new VirtualClock(0), LEASE_MS)
      const input = { dedupeKey: 'a', orderKey: 'a', payload: { n: 1 } }
      expect(await queue.enqueue([input, input])).toEqual(['queued', 'duplicate'])
      await queue.ack((await queue.claim(1))[0]!)
      expect(await queue.enqueue([input])).toEqual(['duplicate'])
      expect(await queue.stats()).toEqual({ waiting: 0, delayed: 0, leased: 0, dead: 0 })
    })
  })
}
