/**
 * The account's pool of concurrency slots, shared by REST, RESTlets and SOAP [GOV-001]. A slot is held for as long as the
 * account works on the request, whether or not the client still listens. An allocation reserves slots for one integration
 * and caps it; all others share the rest [GOV-009, GOV-010]. What happens to a request without a slot is decided by
 * governance.ts; here it is counted only. Invariant: holders never exceed the limit, save the overshoot of GOV-014.
 */
import type { SlotHolder, SlotsView } from '../../protocol/control.ts'

export interface PoolLimits {
  readonly concurrencyLimit: number
  /** Integration → slots that are its own. */
  readonly allocations: Readonly<Record<string, number>>
  readonly overshootSlots: number
  readonly overshootMs: number
}

export interface ConcurrencyPool {
  /** Takes a slot if one is free for this holder. Call the result once, when the work is over. */
  take(holder: SlotHolder): (() => void) | undefined
  /** Counts a request that got none. */
  refuse(): void
  /** Limits that hold from now on. Requests at work keep their slots. */
  change(limits: PoolLimits): void
  /** Told when a slot is given back or limits change. */
  onRelease(listener: () => void): void
  readonly inUse: number
  readonly holders: Iterable<SlotHolder>
  readonly limits: PoolLimits
  view(): Omit<SlotsView, 'waiting'>
  reset(): void
}

export function createConcurrencyPool(initial: PoolLimits): ConcurrencyPool {
  return new Pool(initial)
}

class Pool implements ConcurrencyPool {
  limits: PoolLimits
  // Not by their sequence: the journal may be emptied while they work, and then counts from 1 again.
  #holders = new Set<SlotHolder>()
  /** Slots held per integration with an allocation. */
  #allocated = new Map<string, number>()
  #unallocated = 0
  #unallocatedLimit = 0
  #overSinceMs: number | undefined
  #peak = 0
  #granted = 0
  #refused = 0
  #listener = (): void => {}

  constructor(limits: PoolLimits) {
    this.limits = limits
    this.change(limits)
  }

  get inUse(): number {
    return this.#holders.size
  }

  get holders(): Iterable<SlotHolder> {
    return this.#holders.values()
  }

  take(holder: SlotHolder): (() => void) | undefined {
    const own = this.limits.allocations[holder.integration]
    if (!this.#fits(holder, own)) return undefined
    this.#holders.add(holder)
    this.#count(holder.integration, own !== undefined, 1)
    this.#granted++
    this.#peak = Math.max(this.#peak, this.#holders.size)
    return () => {
      if (!this.#holders.delete(holder)) return
      // Asked anew: allocations may have changed meanwhile, and `change` counted this holder where it then belonged.
      this.#count(holder.integration, this.limits.allocations[holder.integration] !== undefined, -1)
      if (this.#holders.size <= this.limits.concurrencyLimit) this.#overSinceMs = undefined
      this.#listener()
    }
  }

  refuse(): void {
    this.#refused++
  }

  change(limits: PoolLimits): void {
    this.limits = limits
    const reserved = Object.values(limits.allocations).reduce((sum, slots) => sum + slots, 0)
    this.#unallocatedLimit = Math.max(0, limits.concurrencyLimit - reserved)
    // Allocations made or taken away while requests are at work: each counts where it now belongs.
    this.#allocated.clear()
    this.#unallocated = 0
    for (const { integration } of this.#holders.values())
      this.#count(integration, limits.allocations[integration] !== undefined, 1)
    this.#listener()
  }

  onRelease(listener: () => void): void {
    this.#listener = listener
  }

  view(): Omit<SlotsView, 'waiting'> {
    const { concurrencyLimit, allocations } = this.limits
    return {
      limit: concurrencyLimit,
      inUse: this.#holders.size,
      peak: this.#peak,
      granted: this.#granted,
      refused: this.#refused,
      unallocated: { limit: this.#unallocatedLimit, inUse: this.#unallocated },
      allocations: Object.entries(allocations).map(([integration, limit]) => ({
        integration,
        limit,
        inUse: this.#allocated.get(integration) ?? 0,
      })),
      holders: [...this.#holders.values()],
    }
  }

  /** Requests still at work keep their slots: a reset empties the account, it does not stop time. */
  reset(): void {
    this.#peak = this.#holders.size
    this.#granted = 0
    this.#refused = 0
  }

  #fits({ integration, sinceMs }: SlotHolder, own: number | undefined): boolean {
    if (own !== undefined) {
      if ((this.#allocated.get(integration) ?? 0) >= own) return false
      return this.#holders.size < this.limits.concurrencyLimit
    }
    if (this.#unallocated < this.#unallocatedLimit && this.#holders.size < this.limits.concurrencyLimit)
      return true
    return this.#overshoots(sinceMs)
  }

  /** For a moment the account grants more than its limit. [GOV-014] */
  #overshoots(nowMs: number): boolean {
    const { concurrencyLimit, overshootSlots, overshootMs } = this.limits
    if (overshootSlots === 0 || this.#unallocated >= this.#unallocatedLimit + overshootSlots) return false
    if (this.#holders.size >= concurrencyLimit + overshootSlots) return false
    this.#overSinceMs ??= nowMs
    return nowMs - this.#overSinceMs < overshootMs
  }

  #count(integration: string, isAllocated: boolean, by: 1 | -1): void {
    if (isAllocated) this.#allocated.set(integration, (this.#allocated.get(integration) ?? 0) + by)
    else this.#unallocated += by
  }
}
