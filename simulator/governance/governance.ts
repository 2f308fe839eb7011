/**
 * What the account grants: frequency windows, then a slot of the concurrency pool, and what becomes of a request that gets
 * none. Limits can change while it runs. The ways in which real accounts are less exact than their documentation
 * (overshoot, the minute after, the slow 401) are switches, off by default. [GOV-014..016, GOV-019, GOV-022, GOV-023]
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type {
  AccountUsage,
  Channel,
  LimitsChange,
  LimitsView,
  Notice,
  SlotHolder,
  SlotsView,
  UsageCell,
} from '../../protocol/control.ts'
import { ApiFault } from '../api-fault.ts'
import { type ConcurrencyPool, createConcurrencyPool } from './concurrency.ts'
import type { GovernanceOptions } from './options.ts'
import { Usage } from './usage.ts'
import { createRollingWindow, type RollingWindow } from './window.ts'

export type Release = () => void

export interface Governance {
  /** Lets a request in: gives the function that ends its stay, or throws its refusal. A promise only where requests may wait. */
  admit(holder: SlotHolder): Release | Promise<Release>
  slots(): SlotsView
  /** Totals and hours of thirty days. [GOV-062, GOV-064] */
  usage(): AccountUsage
  /** Minutes of the hour that `atMs` is in, or of this one. [GOV-065] */
  usageMinutes(atMs: number | undefined): readonly UsageCell[]
  /** A request that held a slot ended with an error. */
  failed(): void
  /** How busy the account is; cheap. */
  load(): { readonly inUse: number; readonly limit: number }
  limits(): LimitsView
  /** Throws RangeError, and changes nothing, when the allocations leave no slot to anybody else. [GOV-009] */
  change(change: LimitsChange): LimitsView
  reset(): void
}

export interface AccountLimits {
  readonly concurrencyLimit: number
  /** Integration → its own slots. */
  readonly allocations: Readonly<Record<string, number>>
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The slow 401 came after 60.8 to 61.2 seconds. [GOV-023] */
const SLOW_401_MS = 61_000
const SLOW_401_SPREAD_MS = 200
/** An administrator reads the last few; a load test must not fill memory with them. */
const NOTICES_MAX = 100

export function createGovernance(
  clock: Clock,
  rng: Rng,
  limits: AccountLimits,
  options: GovernanceOptions,
  loginFault: (reason: string) => ApiFault,
): Governance {
  return new AccountGovernance(clock, rng, limits, options, loginFault)
}

interface Waiter {
  readonly holder: SlotHolder
  readonly resolve: (release: Release) => void
  readonly cancel: () => void
}

class AccountGovernance implements Governance {
  readonly #clock: Clock
  readonly #rng: Rng
  readonly #options: GovernanceOptions
  readonly #loginFault: (reason: string) => ApiFault
  readonly #pool: ConcurrencyPool
  readonly #usage = new Usage()
  #per60s: RollingWindow | undefined
  #per24h: RollingWindow | undefined
  #waiters: Waiter[] = []
  #notices: Notice[] = []
  #warned = false
  #minute = 0
  #rejectedThisMinute = 0
  #rejectedLastMinute = 0

  constructor(
    clock: Clock,
    rng: Rng,
    limits: AccountLimits,
    options: GovernanceOptions,
    loginFault: (reason: string) => ApiFault,
  ) {
    this.#clock = clock
    this.#rng = rng
    this.#options = options
    this.#loginFault = loginFault
    const { overshootSlots, overshootMs, windows } = options
    this.#pool = createConcurrencyPool({ ...limits, overshootSlots, overshootMs })
    this.#pool.onRelease(() => {
      this.#usage.released(clock.now(), this.#pool.inUse)
      this.#serveWaiters()
    })
    if (windows.per60s !== undefined) this.#per60s = createRollingWindow(MINUTE_MS, windows.per60s)
    if (windows.per24h !== undefined) this.#per24h = createRollingWindow(DAY_MS, windows.per24h)
  }

  admit(holder: SlotHolder): Release | Promise<Release> {
    const nowMs = this.#clock.now()
    this.#refuseOverWindow(holder, nowMs)
    this.#refuseOverUser(holder)
    const release = this.#hangsOver(nowMs) ? undefined : this.#pool.take(holder)
    if (release !== undefined) {
      this.#countRequest(nowMs)
      this.#countGrant(holder)
      return release
    }
    if (this.#options.overLimit === 'queue' && this.#waiters.length < this.#options.queueLengthMax)
      return this.#wait(holder)
    throw this.#refusal(holder, nowMs)
  }

  load(): { readonly inUse: number; readonly limit: number } {
    return { inUse: this.#pool.inUse, limit: this.#pool.limits.concurrencyLimit }
  }

  slots(): SlotsView {
    return { ...this.#pool.view(), waiting: this.#waiters.length }
  }

  usage(): AccountUsage {
    const { concurrencyLimit, allocations } = this.#pool.limits
    const view = this.#usage.view(this.#clock.now())
    return {
      concurrencyLimit,
      unallocatedLimit: this.#pool.view().unallocated.limit,
      ...view,
      integrations: view.integrations.map((share) => {
        const allocatedLimit = allocations[share.integration]
        return allocatedLimit === undefined ? share : { ...share, allocatedLimit }
      }),
    }
  }

  usageMinutes(atMs?: number): readonly UsageCell[] {
    const nowMs = this.#clock.now()
    return this.#usage.minutes(nowMs, atMs ?? nowMs)
  }

  failed(): void {
    this.#usage.failed(this.#clock.now())
  }

  limits(): LimitsView {
    const nowMs = this.#clock.now()
    const { concurrencyLimit, allocations } = this.#pool.limits
    return {
      concurrencyLimit,
      allocations,
      windows: {
        ...(this.#per60s && { per60s: this.#per60s.view(nowMs) }),
        ...(this.#per24h && { per24h: this.#per24h.view(nowMs) }),
      },
      notices: this.#notices,
    }
  }

  change(change: LimitsChange): LimitsView {
    const nowMs = this.#clock.now()
    const before = this.#pool.limits
    const concurrencyLimit = change.concurrencyLimit ?? before.concurrencyLimit
    const allocations = merged(before.allocations, change.allocations ?? {})
    const reserved = Object.values(allocations).reduce((sum, slots) => sum + slots, 0)
    if (reserved >= concurrencyLimit && change.allocations !== undefined) {
      throw new RangeError(
        `allocations of ${reserved} leave none of ${concurrencyLimit} slots unallocated; at least 1 must stay [GOV-009]`,
      )
    }
    if (reserved > concurrencyLimit)
      this.#notify(
        nowMs,
        `Allocated concurrency (${reserved}) exceeds the account limit (${concurrencyLimit}).`,
      )
    this.#pool.change({ ...before, concurrencyLimit, allocations })
    const { per60s, per24h } = change.windows ?? {}
    this.#per60s = resized(this.#per60s, MINUTE_MS, per60s, nowMs)
    this.#per24h = resized(this.#per24h, DAY_MS, per24h, nowMs)
    return this.limits()
  }

  reset(): void {
    this.#pool.reset()
    this.#usage.reset()
    this.#per60s?.reset()
    this.#per24h?.reset()
    this.#notices = []
    this.#warned = false
    this.#rejectedThisMinute = 0
    this.#rejectedLastMinute = 0
  }

  /** 429 until the window has room again. Its code and text are not documented anywhere. [GOV-031, GOV-032] */
  #refuseOverWindow(holder: SlotHolder, nowMs: number): void {
    for (const window of [this.#per60s, this.#per24h]) {
      const waitMs = window?.waitMs(nowMs) ?? 0
      if (window === undefined || waitMs <= 0) continue
      this.#countRefusal(holder)
      const { windowMs, limit, used } = window.view(nowMs)
      const explanation = `${used} of ${limit} requests in the last ${windowMs / 1000} s; room again in ${Math.ceil(waitMs / 1000)} s`
      throw overLimit(holder.channel, 'REQUEST_LIMIT_EXCEEDED', 'Request limit exceeded. Request blocked.', {
        explanation,
        headers: this.#options.retryAfter === 'none' ? {} : retryAfter(waitMs),
      })
    }
  }

  /** Five at once of one user, where the account is said to have that limit. [GOV-008] */
  #refuseOverUser(holder: SlotHolder): void {
    const most = this.#options.restletPerUserLimit
    if (most === undefined || holder.channel !== 'restlet') return
    let held = 0
    for (const { channel, user } of this.#pool.holders)
      if (channel === 'restlet' && user === holder.user) held++
    if (held < most) return
    this.#countRefusal(holder)
    throw overLimit('restlet', '', '', {
      explanation: `${held} of ${most} RESTlet calls of user ${holder.user}`,
    })
  }

  /** After a minute of many rejections the next one rejects although slots are free. [GOV-015] */
  #hangsOver(nowMs: number): boolean {
    const { hangOverRejections, hangOverRatio } = this.#options
    if (hangOverRejections === 0) return false
    this.#turnMinute(nowMs)
    return this.#rejectedLastMinute >= hangOverRejections && this.#rng.chance(hangOverRatio)
  }

  #turnMinute(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (minute === this.#minute) return
    this.#rejectedLastMinute = minute === this.#minute + 1 ? this.#rejectedThisMinute : 0
    this.#rejectedThisMinute = 0
    this.#minute = minute
  }

  #refusal(holder: SlotHolder, nowMs: number): ApiFault {
    this.#countRefusal(holder)
    this.#turnMinute(nowMs)
    this.#rejectedThisMinute++
    const explanation = whoHolds(this.#pool, nowMs)
    const { slow401Ratio, retryAfter: when } = this.#options
    if (holder.channel === 'rest' && slow401Ratio > 0 && this.#rng.chance(slow401Ratio)) {
      const { code, message, headers } = this.#loginFault('concurrency limit exceeded [GOV-023]')
      const delayMs = SLOW_401_MS + (2 * this.#rng.next() - 1) * SLOW_401_SPREAD_MS
      return new ApiFault(code, message, { headers, explanation, delayMs })
    }
    return overLimit(
      holder.channel,
      'CONCURRENCY_LIMIT_EXCEEDED',
      'Concurrent request limit exceeded. Request blocked.',
      { explanation, headers: when === 'all' ? retryAfter(1000) : {} },
    )
  }

  /** First in, first out; refused when its patience ends. */
  #wait(holder: SlotHolder): Promise<Release> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(this.#options.queueMsMax, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        reject(this.#refusal(holder, this.#clock.now()))
      })
      const waiter: Waiter = { holder, resolve, cancel }
      this.#waiters.push(waiter)
    })
  }

  #serveWaiters(): void {
    // A waiter whose share is full does not hold up those behind it.
    for (const waiter of [...this.#waiters]) {
      const nowMs = this.#clock.now()
      const release = this.#pool.take({ ...waiter.holder, sinceMs: nowMs })
      if (release === undefined) continue
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
      waiter.cancel()
      this.#countRequest(nowMs)
      this.#countGrant(waiter.holder)
      waiter.resolve(release)
    }
  }

  #countGrant({ integration }: SlotHolder): void {
    const { inUse, limits } = this.#pool
    this.#usage.granted(this.#clock.now(), integration, inUse, limits.concurrencyLimit)
  }

  #countRefusal({ integration }: SlotHolder): void {
    this.#pool.refuse()
    this.#usage.refused(this.#clock.now(), integration)
  }

  #countRequest(nowMs: number): void {
    this.#per60s?.add(nowMs)
    if (this.#per24h === undefined) return
    this.#per24h.add(nowMs)
    const { used, limit } = this.#per24h.view(nowMs)
    const isNear = used >= limit * this.#options.windows.warnRatio
    if (isNear && !this.#warned)
      this.#notify(nowMs, `${used} of ${limit} requests of the 24-hour limit are used.`)
    this.#warned = isNear
  }

  #notify(atMs: number, text: string): void {
    this.#notices = [...this.#notices.slice(1 - NOTICES_MAX), { atMs, text }]
  }
}

function merged(
  before: Readonly<Record<string, number>>,
  change: Readonly<Record<string, number | null>>,
): Readonly<Record<string, number>> {
  const after: Record<string, number> = { ...before }
  for (const [integration, slots] of Object.entries(change)) {
    if (slots === null) delete after[integration]
    else after[integration] = slots
  }
  return after
}

function resized(
  window: RollingWindow | undefined,
  windowMs: number,
  limit: number | null | undefined,
  nowMs: number,
): RollingWindow | undefined {
  if (limit === undefined) return window
  if (limit === null) return undefined
  if (window === undefined) return createRollingWindow(windowMs, limit)
  window.resize(limit, nowMs)
  return window
}

/** A RESTlet call is refused with 400 [GOV-019, RSL-010], a SOAP call with a fault [GOV-020], whatever limit it met. */
function overLimit(
  channel: Channel,
  code: string,
  detail: string,
  more: { readonly explanation: string; readonly headers?: Readonly<Record<string, string>> },
): ApiFault {
  if (channel === 'restlet')
    return new ApiFault('SSS_REQUEST_LIMIT_EXCEEDED', 'Request Limit Exceeded', { ...more, status: 400 })
  if (channel === 'soap') {
    const text = 'SuiteTalk concurrent request limit exceeded. Request blocked.'
    return new ApiFault('WS_REQUEST_BLOCKED', text, { ...more, status: 500 })
  }
  return new ApiFault(code, detail, { ...more, status: 429 })
}

function retryAfter(waitMs: number): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
}

/** `15 of 15 slots held: shop 9 (longest 4.2 s), warehouse 6 (longest 0.8 s)`. */
function whoHolds({ limits, inUse, holders }: ConcurrencyPool, nowMs: number): string {
  const by = new Map<string, { held: number; sinceMs: number }>()
  for (const { integration, sinceMs } of holders) {
    const known = by.get(integration) ?? { held: 0, sinceMs }
    by.set(integration, { held: known.held + 1, sinceMs: Math.min(known.sinceMs, sinceMs) })
  }
  const shares = [...by]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { held, sinceMs }]) => `${name} ${held} (longest ${((nowMs - sinceMs) / 1000).toFixed(1)} s)`,
    )
  return `${inUse} of ${limits.concurrencyLimit} slots held: ${shares.join(', ')}`
}
