/**
 * Injected faults. Each kind is one small file that turns its settings into a verdict; scope, chance and time window
 * live once, here. At most one fault hits a request: the first installed one that matches and draws a hit.
 */
import type { Clock } from '../../kernel/clock.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import type { FaultView } from '../../protocol/control.ts'
import type { FaultSpec } from '../../protocol/fault.ts'
import type { ApiFault } from '../api-fault.ts'
import { dropResponse } from './drop-response.ts'
import { reject } from './reject.ts'
import { resetBefore } from './reset-before.ts'

/** What becomes of a request that a fault hits, and when: before the account works on it, or after it committed. */
export type Verdict =
  | { readonly phase: 'before'; readonly answer: ApiFault | 'reset' }
  | { readonly phase: 'after'; readonly answer: 'reset' }

/** What a fault may look at. `body` is read only by faults that match external IDs. */
export interface FaultSubject {
  readonly method: string
  readonly path: string
  readonly recordType: string | undefined
  readonly integration: string | undefined
  readonly body: string | undefined
}

export interface Faults {
  /** Installs a fault; its window counts from now. Gives its id. Throws RangeError when the id is taken. */
  install(spec: FaultSpec): FaultView
  /** Removes one; false when there is none of that id. */
  remove(id: string): boolean
  clear(): void
  judge(subject: FaultSubject): { readonly id: string; readonly verdict: Verdict } | undefined
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

export function createFaults(clock: Clock, rng: Rng): Faults {
  let installed: Installed[] = []
  let count = 0
  const viewOf = ({ id, spec, installedMs, considered, hits }: Installed): FaultView => ({
    id,
    spec,
    installedMs,
    considered,
    hits,
  })
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
    judge(subject) {
      if (installed.length === 0) return undefined
      const nowMs = clock.now()
      for (const fault of installed) {
        const sinceMs = nowMs - fault.installedMs
        if (sinceMs < fault.spec.fromMs || sinceMs >= (fault.spec.untilMs ?? Number.POSITIVE_INFINITY))
          continue
        if (!fault.matches(subject)) continue
        fault.considered++
        if (!fault.rng.chance(fault.spec.probabilityRatio)) continue
        fault.hits++
        return { id: fault.id, verdict: verdictOf(fault.spec, fault.rng) }
      }
      return undefined
    },
    view: () => installed.map(viewOf),
  }
}

function verdictOf(spec: FaultSpec, rng: Rng): Verdict {
  switch (spec.fault) {
    case 'reject':
      return reject(spec, rng)
    case 'reset-before':
      return resetBefore()
    case 'drop-response':
      return dropResponse()
  }
}

function matcherOf({ match }: FaultSpec): (subject: FaultSubject) => boolean {
  if (match === undefined) return () => true
  const types = match.recordTypes?.map((type) => type.toLowerCase())
  const pattern = match.externalIdPattern === undefined ? undefined : new RegExp(match.externalIdPattern)
  return ({ method, path, recordType, integration, body }) => {
    if (match.methods !== undefined && !match.methods.includes(method as 'GET')) return false
    if (types !== undefined && (recordType === undefined || !types.includes(recordType.toLowerCase())))
      return false
    if (
      match.integrations !== undefined &&
      (integration === undefined || !match.integrations.includes(integration))
    )
      return false
    return pattern === undefined || externalIdsIn(path, body).some((id) => pattern.test(id))
  }
}

/** External IDs named in the URL (`eid:…`) and at the top of the body. */
function externalIdsIn(path: string, body: string | undefined): string[] {
  const ids = [...path.matchAll(/eid:([^/?]+)/g)].map(([, id]) => safeDecode(id!))
  const inBody = /"externalId"\s*:\s*"([^"\\]*)"/i.exec(body ?? '')?.[1]
  return inBody === undefined ? ids : [...ids, inBody]
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
