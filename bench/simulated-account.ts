/**
 * A simulated account in virtual time with some network before it, for the benches of the engine, and what its journal says
 * of a run: slots used of those that were there for us, refusals, times. Nothing is taken from the engine's own counters.
 */
import { sweepSlots } from '../harness/metrics/slots.ts'
import type { ItemToImport } from '../harness/shop/catalogue.ts'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { JournalEntry, LimitsChange } from '../protocol/control.ts'
import type { FaultInput } from '../protocol/fault.ts'
import { createInProcessTransport } from '../protocol/in-process-transport.ts'
import { CONTROL_BASE_PATH } from '../protocol/wire.ts'
import { createSimulator } from '../simulator/index.ts'
import { loadProfile, type ProfileInput } from '../simulator/profile.ts'
import { loadBundledCatalogue } from '../simulator/spec/bundled.ts'

const catalogue = loadBundledCatalogue()

export interface SimulatedAccountOptions {
  readonly seed: string
  readonly preset?: string
  readonly profile?: ProfileInput
  /** Milliseconds each way, on average; 0: none. */
  readonly networkMs?: number
}

type NeighbourInput = NonNullable<ProfileInput['neighbours']>[number]

export type SimulatedAccount = ReturnType<typeof createSimulatedAccount>

export function createSimulatedAccount(options: SimulatedAccountOptions) {
  const { seed, preset = 'premium', networkMs = 0 } = options
  const clock = new VirtualClock()
  const rng = createRng(seed)
  const network = rng.fork('network')
  const profile = loadProfile(preset, { ...options.profile, journalCapacity: 1_000_000 })
  const simulator = createSimulator({ clock, rng: rng.fork('account'), profile, catalogue })
  const wayMs = (): number => networkMs * (0.5 + network.next())
  const transport = createInProcessTransport(clock, async (request) => {
    if (networkMs > 0) await clock.sleep(wayMs())
    const answer = await simulator.handle(request)
    if (networkMs > 0) await clock.sleep(wayMs())
    return answer
  })
  const originMs = clock.now()
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await simulator.control({
      method,
      url: simulator.baseUrl + CONTROL_BASE_PATH + path,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.body}`)
    return answer.body === '' ? undefined : JSON.parse(answer.body)
  }
  return {
    clock,
    rng,
    transport,
    simulator,
    originMs,
    /** What a client is built from. */
    deps: { clock, transport, baseUrl: simulator.baseUrl, credentials: simulator.credentials },
    changeLimits: (change: LimitsChange) => control('PATCH', '/limits', change),
    importItems: (items: readonly ItemToImport[]) =>
      control('POST', '/records/inventoryItem', {
        items: items.map(({ sku, title }) => ({ itemId: sku, externalId: sku, displayName: title })),
      }),
    /** Sales orders of so many lines each; gives their ids. */
    importOrders: async (orders: number, lines: number): Promise<string[]> => {
      await control('POST', '/records/inventoryItem', { items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }] })
      await control('POST', '/records/customer', { items: [{ companyName: 'Bench Ltd', externalId: 'C-1' }] })
      const line = { item: { externalId: 'SKU-1' }, quantity: 2, rate: 19.9 }
      const items = Array.from({ length: orders }, (_, at) => ({
        entity: { externalId: 'C-1' },
        otherRefNum: `#${at}`,
        item: { items: Array.from({ length: lines }, () => line) },
      }))
      return ((await control('POST', '/records/salesOrder', { items })) as { ids: string[] }).ids
    },
    emptyJournal: () => control('DELETE', '/journal'),
    installFault: (fault: FaultInput) => control('POST', '/faults', fault),
    journal: async (): Promise<JournalEntry[]> => {
      const entries: JournalEntry[] = []
      for (;;) {
        const after = entries.at(-1)?.sequence ?? 0
        const page = (await control('GET', `/journal?after=${after}&limit=10000`)) as {
          items: JournalEntry[]
          hasMore: boolean
        }
        entries.push(...page.items)
        if (!page.hasMore) return entries
      }
    },
  }
}

/** Another integration's job of so many threads, for a minute and a half in every three. */
export function jobs(slots: number, durationMs: number): NeighbourInput[] {
  const starts = Array.from({ length: Math.ceil(durationMs / 180_000) }, (_, at) => 60_000 + at * 180_000)
  return starts.map((fromMs, at) => ({
    name: `job ${at + 1}`,
    channel: 'rest',
    operation: 'create',
    recordType: 'invoice',
    arrival: { everyMs: 50 },
    parallelMax: slots,
    fromMs,
    untilMs: fromMs + 90_000,
  }))
}

/** From `fromMs` on the account has `slots`; 0: nobody is served. Milliseconds since the start, ascending. */
export interface Capacity {
  readonly fromMs: number
  readonly slots: number
}

/** Slot time of ours, and slot time there was for us: of all the slots, what no neighbour held. Milliseconds. */
export interface SlotUse {
  readonly usedMs: number
  readonly freeMs: number
}

/** Use of slots between two moments since the start. Slots held beyond the capacity (a limit cut at run time) are nobody's loss. */
export function slotUse(
  entries: readonly JournalEntry[],
  own: string,
  originMs: number,
  capacity: readonly Capacity[],
  [fromMs, untilMs]: readonly [number, number],
): SlotUse {
  const isOwn = ({ integration }: JournalEntry): boolean => integration === own
  const ours = steps(entries.filter(isOwn), originMs)
  const others = steps(
    entries.filter((entry) => !isOwn(entry)),
    originMs,
  )
  const edges = [...ours, ...others, ...capacity].map(({ fromMs: atMs }) => atMs)
  const times = [...new Set([fromMs, untilMs, ...edges])]
    .filter((atMs) => atMs >= fromMs && atMs <= untilMs)
    .sort((a, b) => a - b)
  const [slotsAt, oursAt, othersAt] = [capacity, ours, others].map(reader) as [Reader, Reader, Reader]
  let usedMs = 0
  let freeMs = 0
  for (let at = 0; at + 1 < times.length; at++) {
    const [start, end] = [times[at]!, times[at + 1]!]
    const free = Math.max(0, slotsAt(start) - othersAt(start))
    usedMs += Math.min(free, oursAt(start)) * (end - start)
    freeMs += free * (end - start)
  }
  return { usedMs, freeMs }
}

function steps(entries: readonly JournalEntry[], originMs: number): Capacity[] {
  return sweepSlots(entries).map(({ atMs, inUse }) => ({ fromMs: atMs - originMs, slots: inUse }))
}

/** Value of a step function at rising times. */
type Reader = (atMs: number) => number
function reader(changes: readonly Capacity[]): Reader {
  let next = 0
  return (atMs) => {
    while (next < changes.length && changes[next]!.fromMs <= atMs) next++
    return next === 0 ? 0 : changes[next - 1]!.slots
  }
}

/** The value that a share of all values do not exceed; 0 without any. */
export function percentile(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))] ?? 0
}
