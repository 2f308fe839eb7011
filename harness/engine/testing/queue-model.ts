/**
 * The queue as a plain list, and random commands that put the same question to it and to a real queue: every answer must
 * agree. The real one may have several handles, as several processes have. For tests only.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { VirtualClock } from '../../../kernel/clock.ts'
import type { Queue, WorkItem } from '../queue.ts'

export type Payload = { readonly n: number }
export type Progress = { readonly step: number }
export type TestQueue = Queue<Payload, Progress>
export type Item = WorkItem<Payload, Progress>

export const LEASE_MS = 1_000

interface ModelEntry {
  readonly key: string
  readonly orderKey: string
  readonly priority: number
  readonly enqueuedMs: number
  state: 'waiting' | 'delayed' | 'leased' | 'done' | 'dead'
  deliveries: number
  untilMs: number
  abandoned: boolean
  progress: Progress | undefined
}

interface Claimed {
  readonly item: Item
  readonly entry: ModelEntry
  readonly deliveries: number
}

/** In order of arrival; every question is answered by walking it. A redriven item is a new entry at the end. */
export class Model {
  entries: ModelEntry[] = []
  readonly claims: Claimed[] = []

  wake(nowMs: number): void {
    for (const entry of this.entries) {
      if (entry.untilMs > nowMs) continue
      if (entry.state === 'leased') entry.abandoned = true
      if (entry.state === 'leased' || entry.state === 'delayed') entry.state = 'waiting'
    }
  }

  open(): ModelEntry[] {
    return this.entries.filter(({ state }) => state !== 'done' && state !== 'dead')
  }

  /** The first of every order key. */
  heads(): ModelEntry[] {
    const open = this.open()
    return open.filter((entry) => open.find(({ orderKey }) => orderKey === entry.orderKey) === entry)
  }

  claimable(): ModelEntry[] {
    // Sorting keeps the order of arrival among equals.
    return this.heads()
      .filter(({ state }) => state === 'waiting')
      .sort((a, b) => b.priority - a.priority)
  }

  isHeld({ entry, deliveries }: Claimed, nowMs: number): boolean {
    return entry.state === 'leased' && entry.deliveries === deliveries && entry.untilMs > nowMs
  }
}

export interface Real {
  readonly clock: VirtualClock
  readonly handles: readonly TestQueue[]
}
type Command = fc.AsyncCommand<Model, Real>
type Run = (model: Model, queue: TestQueue, clock: VirtualClock) => Promise<void>

/** A command by its text and what it does; `pick` chooses the handle. */
function command(text: string, pick: number, run: Run, check = (_: Readonly<Model>) => true): Command {
  return {
    check,
    run: (model, { clock, handles }) => run(model, handles[pick % handles.length]!, clock),
    toString: () => text,
  }
}

function enqueue(key: number, priority: number, delayMs: number): Command {
  return command(`enqueue(${key}, ${priority}, ${delayMs})`, key, async (model, queue, clock) => {
    const input = { dedupeKey: `k${key}`, orderKey: `o${key % 4}`, payload: { n: key }, priority }
    const known = model.entries.some((entry) => entry.key === input.dedupeKey)
    const untilMs = clock.now() + delayMs
    const times = delayMs === 0 ? {} : { notBeforeMs: untilMs }
    expect(await queue.enqueue([{ ...input, ...times }])).toEqual([known ? 'duplicate' : 'queued'])
    if (known) return
    model.entries.push({
      key: input.dedupeKey,
      orderKey: input.orderKey,
      priority,
      enqueuedMs: clock.now(),
      state: 'delayed',
      deliveries: 0,
      untilMs,
      abandoned: false,
      progress: undefined,
    })
    model.wake(clock.now())
  })
}

function claim(count: number): Command {
  return command(`claim(${count})`, count, async (model, queue, clock) => {
    const items = await queue.claim(count)
    model.wake(clock.now())
    const expected = model.claimable().slice(0, count)
    expect(items.map(({ dedupeKey }) => dedupeKey)).toEqual(expected.map(({ key }) => key))
    expected.forEach((entry, index) => {
      entry.state = 'leased'
      entry.deliveries++
      entry.untilMs = clock.now() + LEASE_MS
      const { deliveries, progress, abandoned, enqueuedMs, orderKey } = entry
      const payload = { n: Number(entry.key.slice(1)) }
      expect(items[index]).toMatchObject({ deliveries, progress, abandoned, enqueuedMs, orderKey, payload })
      model.claims.push({ item: items[index]!, entry, deliveries })
    })
  })
}

type Settling = 'ack' | 'renew' | 'retry' | 'dead'

function settle(how: Settling, pick: number, delayMs: number): Command {
  const run: Run = async (model, queue, clock) => {
    const claimed = model.claims[pick % model.claims.length]!
    const { item, entry } = claimed
    const held = model.isHeld(claimed, clock.now())
    const untilMs = clock.now() + delayMs
    const progress = { step: pick }
    if (how === 'ack') expect(await queue.ack(item)).toBe(held)
    else if (how === 'renew') expect(await queue.renew(item)).toBe(held)
    else if (how === 'dead') expect(await queue.deadLetter(item, 'because')).toBe(held)
    else expect(await queue.retryAt(item, untilMs, progress)).toBe(held)
    if (!held) return
    if (how === 'ack') entry.state = 'done'
    else if (how === 'dead') entry.state = 'dead'
    else if (how === 'renew') entry.untilMs = clock.now() + LEASE_MS
    else Object.assign(entry, { state: 'delayed', untilMs, abandoned: false, progress })
  }
  return command(`${how}(${pick}, ${delayMs})`, pick, run, ({ claims }) => claims.length > 0)
}

function redrive(pick: number): Command {
  const run: Run = async (model, queue, clock) => {
    const letters = await queue.deadLetters(undefined, 100)
    const dead = model.entries.filter(({ state }) => state === 'dead')
    expect(letters.map(({ dedupeKey }) => dedupeKey).sort()).toEqual(dead.map(({ key }) => key).sort())
    const { id, dedupeKey } = letters[pick % letters.length]!
    expect(await queue.redrive([id, id])).toBe(1)
    const old = dead.find(({ key }) => key === dedupeKey)!
    model.entries = model.entries.filter((entry) => entry !== old)
    const fresh = {
      state: 'waiting',
      deliveries: 0,
      untilMs: 0,
      abandoned: true,
      progress: undefined,
    } as const
    model.entries.push({ ...old, ...fresh, enqueuedMs: clock.now() })
  }
  return command(`redrive(${pick})`, pick, run, ({ entries }) => entries.some((e) => e.state === 'dead'))
}

function look(ms: number): Command {
  return command(`wait(${ms})`, ms, async (model, queue, clock) => {
    await clock.advance(ms)
    model.wake(clock.now())
    const open = model.open()
    const heads = model.heads()
    const shown = open.map((entry) => ({
      dedupeKey: entry.key,
      state: heads.includes(entry) ? entry.state : 'waiting',
      deliveries: entry.deliveries,
      enqueuedMs: entry.enqueuedMs,
    }))
    const count = (state: string): number => shown.filter((item) => item.state === state).length
    expect(await queue.stats()).toEqual({
      waiting: count('waiting'),
      delayed: count('delayed'),
      leased: count('leased'),
      dead: model.entries.filter(({ state }) => state === 'dead').length,
      oldestMs: open[0]?.enqueuedMs,
    })
    expect(await scanAll(queue, 3)).toMatchObject(shown)
  })
}

/** Everything that is open, read in pages. */
export async function scanAll(queue: TestQueue, size: number) {
  const found = []
  for (;;) {
    const page = await queue.scan(found.at(-1)?.id, size)
    found.push(...page)
    if (page.length < size) return found
  }
}

/** The commands, as fast-check wants them. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  fc
    .tuple(fc.nat(30), fc.integer({ min: -1, max: 1 }), fc.constantFrom(0, 0, 0, 400))
    .map(([key, priority, delayMs]) => enqueue(key, priority, delayMs)),
  fc.integer({ min: 1, max: 5 }).map(claim),
  fc
    .tuple(fc.constantFrom<Settling>('ack', 'renew', 'retry', 'dead'), fc.nat(50), fc.nat(2_500))
    .map(([how, pick, delayMs]) => settle(how, pick, delayMs)),
  fc.nat(50).map(redrive),
  fc.nat(1_500).map(look),
]
