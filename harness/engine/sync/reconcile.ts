/**
 * The nightly comparison: two sides read whole, in order of their keys, side by side in bounded memory. It finds what
 * every-day synchronisation has missed, whatever the reason, and has it repaired; it is no substitute for it.
 */
import type { Clock } from '../../../kernel/clock.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { SyncStore } from './store.ts'

export type Entry<V> = readonly [key: string, value: V]

/** One key on which the sides differ; `undefined`: it is not there. */
export interface Drift<V> {
  readonly key: string
  /** What should be, by the system of record. */
  readonly wanted: V | undefined
  readonly found: V | undefined
}

export interface Reconciled {
  /** Distinct keys. */
  readonly checked: number
  readonly missing: number
  readonly extra: number
  readonly differing: number
}

/**
 * Compares two ascending streams, `wanted` being the system of record, and gives each difference to `repair`, in order. Keys
 * ascend by UTF-16 code units.
 */
export async function reconcile<V>(
  wanted: AsyncIterable<Entry<V>>,
  found: AsyncIterable<Entry<V>>,
  isEqual: (wanted: V, found: V) => boolean,
  repair: (drift: Drift<V>) => Promise<void>,
): Promise<Reconciled> {
  const left = ascending(wanted)
  const right = ascending(found)
  let a = await left.next()
  let b = await right.next()
  const counts = { checked: 0, missing: 0, extra: 0, differing: 0 }
  while (!a.done || !b.done) {
    const key = b.done || (!a.done && a.value[0] <= b.value[0]) ? a.value![0] : b.value[0]
    const should = a.done || a.value[0] !== key ? undefined : a.value
    const is = b.done || b.value[0] !== key ? undefined : b.value
    counts.checked++
    if (is === undefined) counts.missing++
    else if (should === undefined) counts.extra++
    else if (!isEqual(should[1], is[1])) counts.differing++
    if (should === undefined || is === undefined || !isEqual(should[1], is[1]))
      await repair({ key, wanted: should?.[1], found: is?.[1] })
    if (should !== undefined) a = await left.next()
    if (is !== undefined) b = await right.next()
  }
  return counts
}

async function* ascending<V>(entries: AsyncIterable<Entry<V>>): AsyncGenerator<Entry<V>, undefined> {
  let last: string | undefined
  for await (const entry of entries) {
    invariant(last === undefined || entry[0] > last, `${entry[0]} comes after ${last}: not in order of keys`)
    last = entry[0]
    yield entry
  }
  return undefined
}

export interface NightlyOptions {
  /** Names the bookmark. */
  readonly name: string
  /** Milliseconds after midnight UTC at which it is due. */
  readonly atMs: number
  /** Rejects: it is tried again, with the next check. */
  readonly run: () => Promise<unknown>
}

const DAY_MS = 86_400_000

/**
 * Runs once a day, whoever asks and however often, also after a crash and after a night in which nothing ran. Gives whether
 * it ran now; ask every few minutes.
 */
export async function runNightly(
  clock: Clock,
  store: SyncStore,
  { name, atMs, run }: NightlyOptions,
): Promise<boolean> {
  const key = `nightly/${name}`
  const day = Math.floor((clock.now() - atMs) / DAY_MS)
  const last = (await store.get(key)) as number | undefined
  if (last !== undefined && last >= day) return false
  await run()
  await store.write({ [key]: day })
  return true
}
