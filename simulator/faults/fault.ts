/**
 * Injected faults. Each kind is one small file that turns its settings into a verdict; scope, chance and time window
 * live once, here. At most one fault hits a request: the first installed one that matches and draws a hit.
 */
import type { Clock } from '../../kernel/clock.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import type { FaultView } from '../../protocol/control.ts'
import type { FaultSpec } from '../../protocol/fault.ts'
import type { NoAnswer } from '../../protocol/in-process-transport.ts'
import type { WireResponse } from '../../protocol/wire.ts'
import type { ApiFault } from '../api-fault.ts'
import { authOutage } from './auth-outage.ts'
import { dribble, malform, truncate } from './damaged-body.ts'
import { type FaultSubject, matcherOf } from './match.ts'
import { dropResponse, noAnswer, refuseConnection, resetBefore } from './no-answer.ts'
import { recordLocked } from './record-locked.ts'
import { maintenance, reject } from './reject.ts'
import { slow } from './slow.ts'

/**
 * What becomes of a request that a fault hits, and when. `before`: the account does not look at it. `during`: it holds its
 * slot for longer, and may be refused in place of the work. `after`: all is done and committed, and the answer suffers.
 */
export type Verdict =
  | { readonly phase: 'before'; readonly answer: ApiFault | NoAnswer }
  | { readonly phase: 'during'; readonly delayMs: number; readonly answer?: ApiFault }
  | { readonly phase: 'after'; readonly answer: NoAnswer }
  | { readonly phase: 'after'; readonly change: (response: WireResponse) => WireResponse }

export type { FaultSubject } from './match.ts'

export interface Faults {
  /** Installs a fault; its window counts from now. Gives its id. Throws RangeError when the id is taken. */
  install(spec: FaultSpec): FaultView
  /** Removes one; false when there is none of that id. */
  remove(id: string): boolean
  clear(): void
  /** `kinds`: only faults of these kinds are asked. `why` is for the journal. */
  judge(
    subject: FaultSubject,
    kinds?: readonly FaultSpec['fault'][],
  ): { readonly id: string; readonly why: string; readonly verdict: Verdict } | undefined
  view(): FaultView[]
}

interface Installed {
  readonly id: string
  readonly spec: FaultSpec
  readonly installedMs: number
  readonly rng: Rng
  readonly matches: (subject: FaultSubject) => boolean
  considered: number
  hits: number
}

export function createFaults(
  clock: Clock,
  rng: Rng,
  loginFault: (reason: string) => ApiFault,
  /** Why a fault can never hit anything; shown with it. */
  neverHits: (spec: FaultSpec) => string | undefined = () => undefined,
): Faults {
  let installed: Installed[] = []
  /** Faults outlive nothing: those past their time are gone for the view as for the verdict. */
  const expire = (nowMs: number): void => {
    const isOver = ({ spec, installedMs }: Installed) =>
      spec.ttlMs !== undefined && nowMs - installedMs >= spec.ttlMs
    if (installed.some(isOver)) installed = installed.filter((fault) => !isOver(fault))
  }
  let count = 0
  const viewOf = ({ id, spec, installedMs, considered, hits }: Installed): FaultView => {
    const why = neverHits(spec)
    const warning = why === undefined ? {} : { warning: `never hits: ${why}` }
    return { id, spec, installedMs, considered, hits, ...warning }
  }
  return {
    install(spec) {
      const id = spec.id ?? `${spec.fault}-${++count}`
      if (installed.some((other) => other.id === id)) throw new RangeError(`a fault named ${id} is installed`)
      const stream = spec.seed === undefined ? rng.fork(id) : createRng(spec.seed)
      const fault = {
        id,
        spec,
        installedMs: clock.now(),
        rng: stream,
        matches: matcherOf(spec),
        considered: 0,
        hits: 0,
      }
      installed.push(fault)
      return viewOf(fault)
    },
    remove(id) {
      const before = installed.length
      installed = installed.filter((fault) => fault.id !== id)
      return installed.length < before
    },
    clear() {
      installed = []
      count = 0
    },
    judge(subject, kinds) {
      if (installed.length === 0) return undefined
      const nowMs = clock.now()
      expire(nowMs)
      for (const fault of installed) {
        if (kinds !== undefined && !kinds.includes(fault.spec.fault)) continue
        const sinceMs = nowMs - fault.installedMs
        if (sinceMs < fault.spec.fromMs || sinceMs >= (fault.spec.untilMs ?? Number.POSITIVE_INFINITY))
          continue
        if (fault.hits >= (fault.spec.countMax ?? Number.POSITIVE_INFINITY)) continue
        if (!fault.matches(subject)) continue
        fault.considered++
        if (!draws(fault)) continue
        fault.hits++
        return { id: fault.id, why: whyOf(fault), verdict: verdictOf(fault.spec, fault.rng, loginFault) }
      }
      return undefined
    },
    view: () => {
      expire(clock.now())
      return installed.map(viewOf)
    },
  }
}

function whyOf({ id, spec, hits, considered }: Installed): string {
  return `fault ${id} (${spec.fault}): hit ${hits} of ${considered} matching requests`
}

/** A share of the matching requests, or every n-th of them. */
function draws({ spec, considered, rng }: Installed): boolean {
  if (spec.everyNth !== undefined) return considered % spec.everyNth === 0
  return rng.chance(spec.probabilityRatio)
}

/** What a fault does to a request that it hits; also for one asked for by a header. */
export function verdictOf(spec: FaultSpec, rng: Rng, loginFault: (reason: string) => ApiFault): Verdict {
  switch (spec.fault) {
    case 'reject':
      return reject(spec, rng)
    case 'maintenance':
      return maintenance(spec)
    case 'auth-outage':
      return authOutage(loginFault)
    case 'reset-before':
      return resetBefore
    case 'refuse-connection':
      return refuseConnection
    case 'slow':
    case 'slow-metadata':
      return slow(spec)
    case 'record-locked':
      return recordLocked(spec)
    case 'drop-response':
      return dropResponse
    case 'no-answer':
      return noAnswer
    case 'dribble':
      return dribble(spec)
    case 'truncate':
      return truncate(spec)
    case 'malform':
      return malform(spec)
  }
}
