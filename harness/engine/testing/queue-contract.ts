/**
 * The contract of every queue, as one test suite: each implementation runs it from its own test file. Model based:
 * random commands on the real queue and on a plain list must agree on every answer. For tests only.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import type { WorkInput, WorkItem } from '../queue.ts'
import { COMMANDS, LEASE_MS, Model, type Payload, type Real, scanAll, type TestQueue } from './queue-model.ts'

/** Gives handles on one new, empty queue: one, or several as several processes would have them. */
export type MakeQueue = (
  clock: VirtualClock,
  leaseMs: number,
) => readonly TestQueue[] | Promise<readonly TestQueue[]>

const input = (
  dedupeKey: string,
  orderKey: string,
  more: Partial<WorkInput<Payload>> = {},
): WorkInput<Payload> => ({ dedupeKey, orderKey, payload: { n: 1 }, ...more })
const keys = (items: readonly { readonly dedupeKey: string }[]): string[] =>
  items.map(({ dedupeKey }) => dedupeKey)

/** Works everything off that is left and gives how often each key was acknowledged. */
async function drain({ clock, handles }: Real): Promise<Map<string, number>> {
  const acks = new Map<string, number>()
  for (;;) {
    for (const queue of handles)
      for (const item of await queue.claim(7)) {
        expect(await queue.ack(item)).toBe(true)
        acks.set(item.dedupeKey, (acks.get(item.dedupeKey) ?? 0) + 1)
      }
    const dueMs = await handles[0]!.nextDueMs()
    if (dueMs === undefined) return acks
    await clock.advance(Math.max(0, dueMs - clock.now()))
  }
}

const closeAll = async (handles: readonly TestQueue[]): Promise<void> => {
  for (const queue of handles) await queue.close()
}

/** Random commands on both, then everything left is worked off. */
async function agreesWithModel(make: MakeQueue, numRuns: number): Promise<void> {
  const sequences = fc.commands(COMMANDS, { maxCommands: 80, size: 'max' })
  await fc.assert(
    fc.asyncProperty(sequences, async (steps) => {
      const clock = new VirtualClock(0)
      const real: Real = { clock, handles: await make(clock, LEASE_MS) }
      const model = new Model()
      try {
        await fc.asyncModelRun(() => ({ model, real }), steps)
        const acks = await drain(real)
        expect([...acks].sort()).toEqual(
          model
            .open()
            .map(({ key }) => [key, 1])
            .sort(),
        )
      } finally {
        await closeAll(real.handles)
      }
    }),
    { numRuns, seed: 1 },
  )
}

type WithQueue = (
  test: (queue: TestQueue, clock: VirtualClock, other: TestQueue) => Promise<void>,
) => Promise<void>

/** Runs the suite against one implementation; `numRuns`: how many random sequences of commands. */
export function describeQueue(name: string, make: MakeQueue, numRuns: number): void {
  const withQueue: WithQueue = async (test) => {
    const clock = new VirtualClock(0)
    const handles = await make(clock, LEASE_MS)
    try {
      await test(handles[0]!, clock, handles.at(-1)!)
    } finally {
      await closeAll(handles)
    }
  }
  describe(`${name} keeps the queue contract`, () => {
    it('agrees with a plain list under any commands, and loses nothing', () => agreesWithModel(make, numRuns))
    describeLeases(withQueue)
    describeOrder(withQueue)
    describeBooks(withQueue)
  })
}

/** Who holds an item. */
function describeLeases(withQueue: WithQueue): void {
  it('hands an item out again when its holder falls silent, and ignores the holder afterwards', () =>
    withQueue(async (queue, clock, other) => {
      await queue.enqueue([input('a', 'a')])
      const [first] = await queue.claim(1)
      await clock.advance(LEASE_MS)
      const [second] = await other.claim(1)
      expect(second).toMatchObject({ dedupeKey: 'a', deliveries: 2, abandoned: true })
      expect(await queue.ack(first!)).toBe(false)
      expect(await other.ack(second!)).toBe(true)
    }))

  it('hands one item to one of many that ask at once', () =>
    withQueue(async (queue, _, other) => {
      await queue.enqueue(Array.from({ length: 40 }, (_, n) => input(`k${n}`, `o${n}`)))
      const asked = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? queue : other).claim(3))
      const items = (await Promise.all(asked)).flat()
      expect(new Set(keys(items)).size).toBe(40)
      expect(items).toHaveLength(40)
    }))

  it('redrives dead letters behind their key, as new and possibly done before', () =>
    withQueue(async (queue, clock) => {
      await queue.enqueue([input('a1', 'a'), input('a2', 'a'), input('b', 'b')])
      const kill = async ([item]: readonly WorkItem<Payload, { step: number }>[]): Promise<void> => {
        await queue.retryAt(item!, clock.now(), { step: 3 })
        await queue.deadLetter((await queue.claim(1))[0]!, 'poison')
      }
      await kill(await queue.claim(1))
      const [letter] = await queue.deadLetters(undefined, 10)
      expect(await queue.redrive([letter!.id, letter!.id, 'nobody', '4711'])).toBe(1)
      expect(await queue.deadLetters(undefined, 10)).toEqual([])
      expect(await queue.enqueue([input('a1', 'a')])).toEqual(['duplicate'])
      const [a2] = await queue.claim(2)
      expect(a2!.dedupeKey).toBe('a2')
      await queue.ack(a2!)
      const [a1] = await queue.claim(1)
      expect(a1).toMatchObject({ dedupeKey: 'a1', deliveries: 1, abandoned: true, progress: undefined })
    }))
}

/** What comes first. */
function describeOrder(withQueue: WithQueue): void {
  it('keeps the order within a key, even past a retry, and lets other keys pass', () =>
    withQueue(async (queue, clock) => {
      await queue.enqueue([input('a1', 'a'), input('a2', 'a'), input('b1', 'b')])
      const [a1, b1, none] = await queue.claim(3)
      expect([a1!.dedupeKey, b1!.dedupeKey, none]).toEqual(['a1', 'b1', undefined])
      await queue.retryAt(a1!, 500, { step: 1 })
      expect(await queue.claim(3)).toEqual([])
      expect(await queue.nextDueMs()).toBe(500)
      await clock.advance(500)
      const [again] = await queue.claim(3)
      expect(again).toMatchObject({ dedupeKey: 'a1', progress: { step: 1 }, abandoned: false })
      await queue.deadLetter(again!, 'poison')
      expect(keys(await queue.claim(3))).toEqual(['a2'])
      expect(await queue.deadLetters(undefined, 10)).toMatchObject([
        { dedupeKey: 'a1', reason: 'poison', atMs: 500 },
      ])
    }))

  it('claims by priority, but never past an earlier item of the same key', () =>
    withQueue(async (queue) => {
      const high = { priority: 5 }
      await queue.enqueue([input('a1', 'a'), input('a2', 'a', high), input('b', 'b', high)])
      await queue.enqueue([input('c', 'c'), input('d', 'd', { priority: -5 })])
      expect(keys(await queue.claim(9))).toEqual(['b', 'a1', 'c', 'd'])
    }))

  it('hands nothing out before its time, nor what comes after it in its key', () =>
    withQueue(async (queue, clock) => {
      await queue.enqueue([input('a1', 'a', { notBeforeMs: 300 }), input('a2', 'a')])
      expect(await queue.claim(9)).toEqual([])
      expect(await queue.stats()).toMatchObject({ waiting: 1, delayed: 1 })
      expect(await queue.nextDueMs()).toBe(300)
      await clock.advance(300)
      const [first] = await queue.claim(9)
      expect(first).toMatchObject({ dedupeKey: 'a1', deliveries: 1, abandoned: false })
      await queue.ack(first!)
      expect(keys(await queue.claim(9))).toEqual(['a2'])
    }))
}

/** What is known of what is in it. */
function describeBooks(withQueue: WithQueue): void {
  it('shows what is in it, in pages, and how old it is', () =>
    withQueue(async (queue, clock) => {
      await clock.advance(100)
      await queue.enqueue([input('a1', 'a'), input('a2', 'a'), input('b', 'b'), input('c', 'c')])
      const [a1, b] = await queue.claim(2)
      await queue.retryAt(b!, 5_000, { step: 2 })
      expect(await queue.stats()).toEqual({ waiting: 2, delayed: 1, leased: 1, dead: 0, oldestMs: 100 })
      expect(await scanAll(queue, 2)).toMatchObject([
        { dedupeKey: 'a1', state: 'leased', deliveries: 1, enqueuedMs: 100, progress: undefined },
        { dedupeKey: 'a2', state: 'waiting', deliveries: 0 },
        { dedupeKey: 'b', state: 'delayed', progress: { step: 2 }, payload: { n: 1 } },
        { dedupeKey: 'c', state: 'waiting' },
      ])
      await clock.advance(50)
      await queue.deadLetter(a1!, 'poison')
      const [first] = await queue.deadLetters(undefined, 1)
      expect(await queue.deadLetters(first!.id, 1)).toEqual([])
    }))

  it('knows a key for good, also within one batch', () =>
    withQueue(async (queue) => {
      const twice = input('a', 'a')
      expect(await queue.enqueue([twice, twice])).toEqual(['queued', 'duplicate'])
      await queue.ack((await queue.claim(1))[0]!)
      expect(await queue.enqueue([twice])).toEqual(['duplicate'])
      const empty = { waiting: 0, delayed: 0, leased: 0, dead: 0, oldestMs: undefined }
      expect(await queue.stats()).toEqual(empty)
      expect(await queue.nextDueMs()).toBeUndefined()
    }))

  it('keeps any text as it is, and refuses keys that a store would change', () =>
    withQueue(async (queue) => {
      const key = 'Ünïcode 🚢 "quoted" \\ \n'
      const bad = [input('ok', 'ok'), input('half \ud800', 'x')]
      await expect(queue.enqueue(bad)).rejects.toMatchObject({ code: 'E_QUEUE_INPUT' })
      await expect(queue.enqueue([input('a', '\0')])).rejects.toMatchObject({ code: 'E_QUEUE_INPUT' })
      const priority = { priority: 0.5 }
      await expect(queue.enqueue([input('a', 'a', priority)])).rejects.toThrow('priority 0.5 of a')
      expect(await queue.enqueue([input(key, key)])).toEqual(['queued'])
      expect(await queue.claim(9)).toMatchObject([{ dedupeKey: key, orderKey: key }])
    }))
}
