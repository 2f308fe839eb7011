/**
 * For the harness's own tests: an account that is nothing but what the control API shows of it. Records are pushed
 * into it directly; faults are kept and never act. It pages honestly, two items at a time, and shares no code with
 * the simulator.
 */
import type { FaultView, JournalEntry } from '../../protocol/control.ts'
import type { FaultSpec } from '../../protocol/fault.ts'
import type { Transport } from '../../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../../protocol/wire.ts'

export interface FakeRecord {
  readonly id: string
  readonly body: Record<string, unknown>
}

const PAGE_ITEMS = 2
const PREFIX = 'http://account.test/_seatrial'

export class FakeControl {
  readonly url = 'http://account.test'
  readonly records: Record<'salesOrder' | 'customer' | 'inventoryItem' | 'customerDeposit', FakeRecord[]> = {
    salesOrder: [],
    customer: [],
    inventoryItem: [],
    customerDeposit: [],
  }
  readonly journal: JournalEntry[] = []
  readonly faults: FaultView[] = []
  readonly calls: string[] = []
  overwritten = 0
  slotsInUse = 0
  limit = 15
  #nextId = 1

  readonly transport: Transport = {
    send: async (request) => this.#answer(request),
    close: async () => {},
  }

  /** Adds a record and gives its id. */
  add(type: keyof FakeControl['records'], body: Record<string, unknown>): string {
    const id = String(this.#nextId++)
    this.records[type].push({ id, body })
    return id
  }

  /** Adds a journal entry of a call that held a slot from `fromMs` to `untilMs`. */
  log(fromMs: number, untilMs: number, entry: Partial<JournalEntry> = {}): void {
    this.journal.push(journalEntry(this.journal.length + 1, fromMs, untilMs, entry))
  }

  #answer({ method, url, body }: WireRequest): WireResponse {
    const { pathname, searchParams } = new URL(url)
    const call = `${method} ${pathname.slice(new URL(PREFIX).pathname.length)}`
    this.calls.push(call)
    const after = Number(searchParams.get('after') ?? 0)
    const [, resource, name] = call.split('/')
    switch (`${method} ${resource}`) {
      case 'GET health':
        return json({
          status: 'ready',
          product: 'seatrial',
          version: '1',
          accountId: 'TSTDRV1',
          concurrencyLimit: this.limit,
          profile: 'premium',
        })
      case 'DELETE journal':
        this.journal.length = 0
        return empty
      case 'GET journal': {
        const rest = this.journal.filter(({ sequence }) => sequence > after)
        const total = this.journal.length + this.overwritten
        return json({ ...page(rest), overwritten: this.overwritten, total })
      }
      case 'GET records':
        return json(page(this.records[name as 'customer'].filter(({ id }) => Number(id) > after)))
      case 'POST records': {
        const { items } = JSON.parse(body!) as { items: Record<string, unknown>[] }
        return json({ ids: items.map((item) => this.add(name as 'customer', item)) })
      }
      case 'GET slots':
        return json({ limit: this.limit, inUse: this.slotsInUse, peak: 0 })
      case 'GET faults':
        return json({ items: this.faults })
      case 'POST faults': {
        const spec = JSON.parse(body!) as FaultSpec
        const view = { id: spec.id ?? spec.fault, spec, installedMs: 0, considered: 0, hits: 0 }
        this.faults.push(view)
        return json(view)
      }
      case 'DELETE faults':
        this.faults.splice(0, this.faults.length, ...this.faults.filter(({ id }) => id !== name))
        return empty
      default:
        return json({ error: { code: 'E_NOT_FOUND', message: `no ${call}`, mend: 'read the manual' } }, 404)
    }
  }
}

/** A finished, answered, committed call; `entry` overrides. */
export function journalEntry(
  sequence: number,
  fromMs: number,
  untilMs: number,
  entry: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    sequence,
    receivedMs: fromMs,
    endedMs: untilMs,
    method: 'POST',
    path: '/services/rest/record/v1/salesOrder',
    operation: 'record.create',
    status: 204,
    committed: true,
    delivery: 'answered',
    slotFromMs: fromMs,
    slotUntilMs: untilMs,
    requestBytes: 0,
    responseBytes: 0,
    operationId: String(sequence),
    ...entry,
  }
}

function page<T>(rest: readonly T[]): { items: readonly T[]; hasMore: boolean } {
  return { items: rest.slice(0, PAGE_ITEMS), hasMore: rest.length > PAGE_ITEMS }
}

const empty: WireResponse = { status: 204, headers: {}, body: '' }

function json(value: unknown, status = 200): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
