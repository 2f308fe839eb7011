/**
 * What NetSuite's own pages show of concurrency: totals of thirty days, a cell for each hour, each minute of an hour, and
 * the share of every integration. [GOV-062, GOV-064, GOV-065] Exact, whatever the journal has forgotten; bounded by the
 * minutes of thirty days.
 */
import type { AccountUsage, UsageCell } from '../../protocol/control.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** [GOV-062, GOV-067] */
const DAYS = 30
const MINUTES_MAX = DAYS * 24 * 60
/** SIM: a request is granted close to the limit when it takes one of the last fifth of the slots. [GOV-064] */
const CLOSE_RATIO = 0.8

interface Cell {
  readonly minute: number
  peak: number
  requests: number
  rejected: number
  errors: number
  close: number
}

interface Share {
  requests: number
  rejected: number
}

export class Usage {
  /** In order of time; minutes without anything are absent. */
  readonly #cells = new Map<number, Cell>()
  readonly #shares = new Map<string, Share>()
  #current: Cell | undefined
  #inUse = 0

  /** A slot was taken; `inUse` counts it. */
  granted(nowMs: number, integration: string, inUse: number, limit: number): void {
    const cell = this.#cell(nowMs)
    cell.requests++
    if (inUse > cell.peak) cell.peak = inUse
    if (inUse >= limit * CLOSE_RATIO) cell.close++
    this.#share(integration).requests++
    this.#inUse = inUse
  }

  refused(nowMs: number, integration: string): void {
    const cell = this.#cell(nowMs)
    cell.requests++
    cell.rejected++
    const share = this.#share(integration)
    share.requests++
    share.rejected++
  }

  /** A slot was given back. */
  released(nowMs: number, inUse: number): void {
    this.#cell(nowMs)
    this.#inUse = inUse
  }

  /** A request that held a slot ended with an error. */
  failed(nowMs: number): void {
    this.#cell(nowMs).errors++
  }

  view(nowMs: number): Omit<AccountUsage, 'concurrencyLimit' | 'unallocatedLimit'> {
    this.#cell(nowMs)
    const cells = [...this.#cells.values()]
    const total = summed(cells)
    const highest = cells.reduce((best, cell) => (cell.peak > best.peak ? cell : best))
    return {
      totalRequests: total.requests,
      rejectedRequests: total.rejected,
      rejectedRatio: ratio(total.rejected, total.requests),
      peakConcurrency: highest.peak,
      ...(highest.peak === 0 ? {} : { peakMs: highest.minute * MINUTE_MS }),
      closeToLimitRatio: ratio(total.close, total.requests),
      overLimitRatio: ratio(total.rejected, total.requests),
      errorRatio: ratio(total.errors, total.requests),
      integrations: [...this.#shares]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([integration, { requests, rejected }]) => ({
          integration,
          requests,
          rejected,
          rejectedRatio: ratio(rejected, requests),
        })),
      hours: hoursOf(cells),
    }
  }

  /** The minutes of the hour that `atMs` is in; those without anything are absent. */
  minutes(nowMs: number, atMs: number): UsageCell[] {
    this.#cell(nowMs)
    const first = Math.floor(atMs / HOUR_MS) * 60
    const found: UsageCell[] = []
    for (let minute = first; minute < first + 60; minute++) {
      const cell = this.#cells.get(minute)
      if (cell !== undefined && !isNothing(cell)) found.push(shown(minute * MINUTE_MS, cell))
    }
    return found
  }

  /** Requests still at work keep their slots. */
  reset(): void {
    this.#cells.clear()
    this.#shares.clear()
    this.#current = undefined
  }

  #cell(nowMs: number): Cell {
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (this.#current?.minute === minute) return this.#current
    // Slots held across the turn of a minute are in use in the next one from its start.
    const from = Math.max((this.#current?.minute ?? minute) + 1, minute - MINUTES_MAX)
    for (let between = from; between < minute && this.#inUse > 0; between++) this.#add(between)
    this.#current = this.#add(minute)
    for (const known of this.#cells.keys()) {
      if (known > minute - MINUTES_MAX) break
      this.#cells.delete(known)
    }
    return this.#current
  }

  #add(minute: number): Cell {
    const cell = { minute, peak: this.#inUse, requests: 0, rejected: 0, errors: 0, close: 0 }
    this.#cells.set(minute, cell)
    return cell
  }

  #share(integration: string): Share {
    let share = this.#shares.get(integration)
    if (share === undefined) {
      share = { requests: 0, rejected: 0 }
      this.#shares.set(integration, share)
    }
    return share
  }
}

function isNothing({ peak, requests, errors }: Cell): boolean {
  return peak === 0 && requests === 0 && errors === 0
}

function summed(cells: readonly Cell[]): Omit<Cell, 'minute'> {
  const total = { peak: 0, requests: 0, rejected: 0, errors: 0, close: 0 }
  for (const { peak, requests, rejected, errors, close } of cells) {
    total.peak = Math.max(total.peak, peak)
    total.requests += requests
    total.rejected += rejected
    total.errors += errors
    total.close += close
  }
  return total
}

function hoursOf(cells: readonly Cell[]): UsageCell[] {
  const hours = new Map<number, Cell[]>()
  for (const cell of cells) {
    if (isNothing(cell)) continue
    const hour = Math.floor(cell.minute / 60)
    const known = hours.get(hour)
    if (known === undefined) hours.set(hour, [cell])
    else known.push(cell)
  }
  return [...hours].map(([hour, inside]) => shown(hour * HOUR_MS, summed(inside)))
}

function shown(fromMs: number, { peak, requests, rejected, errors }: Omit<Cell, 'minute'>): UsageCell {
  return { fromMs, peak, requests, rejected, errors }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
