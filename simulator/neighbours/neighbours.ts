/**
 * The other integrations of the account: load on a schedule that takes slots, counts in the windows and stands in the
 * journal as theirs, and changes no record. Each has its own stream of chance and a client of its own that tries again
 * after a while. Bounded: `parallelMax` calls of each at once, and one timer for each of them. [GOV-001, GOV-088, GOV-089]
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { JournalEntry, NeighbourView, SlotHolder } from '../../protocol/control.ts'
import type { NeighbourSpec } from '../../protocol/neighbour.ts'
import type { Account } from '../account.ts'
import { ApiFault } from '../api-fault.ts'
import type { Faults } from '../faults/fault.ts'
import type { Governance, Release } from '../governance/governance.ts'
import type { Journal } from '../journal.ts'
import { createLatencyModel, hourOfDay, type LatencyModel } from '../latency/model.ts'
import type { Catalogue } from '../spec/catalogue.ts'
import { callOf, endOf, type NeighbourCall } from './cost.ts'

export interface Neighbours {
  view(): NeighbourView[]
  /** Stops those there are and starts these, from now on. */
  replace(specs: readonly NeighbourSpec[]): NeighbourView[]
  /** Back to those of the profile, at the start of their schedules. */
  reset(): void
  close(): void
}

export interface NeighbourParts {
  readonly clock: Clock
  readonly rng: Rng
  readonly account: Pick<Account, 'profile' | 'catalogue'>
  readonly governance: Governance
  readonly faults: Faults
  readonly journal: Journal
}

export function createNeighbours(parts: NeighbourParts): Neighbours {
  let running: Neighbour[] = []
  const close = (): void => {
    for (const neighbour of running) neighbour.stop()
    running = []
  }
  const view = (): NeighbourView[] => running.map((neighbour) => neighbour.view())
  const replace = (specs: readonly NeighbourSpec[]): NeighbourView[] => {
    close()
    running = specs.map((spec, at) => new Neighbour(parts, spec, parts.rng.fork(`${at} ${spec.name}`)))
    for (const neighbour of running) neighbour.start()
    return view()
  }
  const reset = (): void => void replace(parts.account.profile.neighbours)
  return { view, replace, reset, close }
}

/** Faults that befall an account as a whole; others are for the integration under test. */
const WHOLE_ACCOUNT = ['maintenance', 'auth-outage'] as const
/** How often a neighbour outside its hours looks at the clock. */
const OUT_OF_HOURS_MS = 900_000

type Draft = { -readonly [Key in keyof JournalEntry]: JournalEntry[Key] }

class Neighbour {
  readonly #parts: NeighbourParts
  readonly #spec: NeighbourSpec
  readonly #rng: Rng
  readonly #latency: LatencyModel
  readonly #call: NeighbourCall
  readonly #hourAt: (nowMs: number) => number
  readonly #warning: string | undefined
  #startMs = 0
  #isStopped = false
  readonly #timers = new Set<Cancel>()
  readonly #held = new Set<Release>()
  #inFlight = 0
  #requests = 0
  #refused = 0
  #gaveUp = 0
  #skipped = 0

  constructor(parts: NeighbourParts, spec: NeighbourSpec, rng: Rng) {
    const { profile, catalogue } = parts.account
    const { timeZone } = profile.preferences
    this.#parts = parts
    this.#spec = spec
    this.#rng = rng
    this.#latency = createLatencyModel(parts.clock, rng.fork('latency'), profile.latency, timeZone)
    this.#call = callOf(spec, catalogue, this.#latency)
    this.#hourAt = hourOfDay(timeZone)
    this.#warning = warningOf(spec, catalogue)
  }

  start(): void {
    this.#startMs = this.#parts.clock.now()
    this.#after(this.#spec.fromMs, () => this.#tick())
  }

  /** Gives back what it holds: nobody is left who would. */
  stop(): void {
    this.#isStopped = true
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    for (const release of this.#held) release()
    this.#held.clear()
  }

  view(): NeighbourView {
    return {
      spec: { ...this.#spec, size: this.#call.size },
      inFlight: this.#inFlight,
      requests: this.#requests,
      refused: this.#refused,
      gaveUp: this.#gaveUp,
      skipped: this.#skipped,
      ...(this.#warning === undefined ? {} : { warning: this.#warning }),
    }
  }

  #after(ms: number, fn: () => void): void {
    const cancel = this.#parts.clock.schedule(ms, () => {
      this.#timers.delete(cancel)
      fn()
    })
    this.#timers.add(cancel)
  }

  #tick(): void {
    const { arrival, untilMs, hours } = this.#spec
    const nowMs = this.#parts.clock.now()
    if (untilMs !== undefined && nowMs - this.#startMs >= untilMs) return
    const hour = hours === undefined ? 0 : this.#hourAt(nowMs)
    const isOpen = hours === undefined || (hour >= hours.fromHour && hour < hours.untilHour)
    if (isOpen) for (let call = 0; call < arrival.burst; call++) this.#begin()
    const toQuarterMs = OUT_OF_HOURS_MS - (nowMs % OUT_OF_HOURS_MS)
    const gapMs =
      arrival.everyMs ??
      (isOpen ? 0 : toQuarterMs) + (-Math.log(1 - this.#rng.next()) * 1000) / arrival.ratePerSec!
    this.#after(gapMs, () => this.#tick())
  }

  #begin(): void {
    if (this.#inFlight >= this.#spec.parallelMax) {
      this.#skipped++
      return
    }
    this.#inFlight++
    this.#try(1)
  }

  #try(number: number): void {
    const draft = this.#open()
    const refused = (error: unknown): void => {
      if (!(error instanceof ApiFault)) throw error
      if (!this.#isStopped) this.#refuse(draft, error, number)
    }
    try {
      this.#meetOutage(draft)
      const admission = this.#parts.governance.admit(this.#holderOf(draft))
      if (admission instanceof Promise) admission.then((release) => this.#work(draft, release), refused)
      else this.#work(draft, admission)
    } catch (error) {
      refused(error)
    }
  }

  #holderOf({ sequence, method, path, receivedMs }: Draft): SlotHolder {
    const { channel, name, user = name } = this.#spec
    return { sequence, sinceMs: receivedMs, method, path, integration: name, channel, user }
  }

  #open(): Draft {
    const { clock, journal } = this.#parts
    const { name, channel, operation, recordType } = this.#spec
    const { method, path } = this.#call
    const nowMs = clock.now()
    this.#requests++
    return {
      sequence: journal.open(),
      receivedMs: nowMs,
      endedMs: nowMs,
      method,
      path,
      operation: `neighbour.${operation}`,
      recordType,
      integration: name,
      channel,
      status: 0,
      committed: false,
      delivery: 'answered',
      requestBytes: 0,
      responseBytes: 0,
      operationId: this.#rng.uuid(),
    }
  }

  #meetOutage(draft: Draft): void {
    const { method, path, integration, recordType } = draft
    const subject = { method, path, integration, recordType, headers: {}, body: undefined }
    const hit = this.#parts.faults.judge(subject, WHOLE_ACCOUNT)
    draft.fault = hit?.id
    if (hit?.verdict.phase === 'before' && hit.verdict.answer instanceof ApiFault) throw hit.verdict.answer
  }

  #refuse(draft: Draft, fault: ApiFault, number: number): void {
    const { retry } = this.#spec
    this.#refused++
    draft.status = fault.status
    draft.errorCode = fault.code
    draft.explanation = fault.explanation
    draft.loginFailure = fault.loginFailure
    this.#after(fault.delayMs ?? this.#latency.refusalMs(), () => {
      this.#close(draft)
      if (number < retry.triesMax) {
        this.#after(retry.delayMs, () => this.#try(number + 1))
        return
      }
      this.#gaveUp++
      this.#inFlight--
    })
  }

  #work(draft: Draft, release: Release): void {
    if (this.#isStopped) {
      release()
      return
    }
    const { clock, governance } = this.#parts
    const { size, status } = this.#call
    const end = endOf(this.#spec.channel, size, this.#call.durationMs(governance.load()))
    draft.slotFromMs = clock.now()
    draft.explanation = end.explanation
    if (end.isAnswered) draft.status = status
    else draft.delivery = 'silent-after'
    this.#held.add(release)
    this.#after(end.heldMs, () => {
      this.#held.delete(release)
      release()
      draft.slotUntilMs = clock.now()
      this.#close(draft)
      this.#inFlight--
    })
  }

  #close(draft: Draft): void {
    draft.endedMs = this.#parts.clock.now()
    this.#parts.journal.close(draft)
  }
}

function warningOf({ recordType }: NeighbourSpec, catalogue: Catalogue): string | undefined {
  if (catalogue.find(recordType) !== undefined || /^customrecord/i.test(recordType)) return undefined
  return `the account has no record type ${recordType}; its calls cost what those of other records do`
}
