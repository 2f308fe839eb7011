/**
 * What one call of a neighbour looks like and how long it holds its slot. REST calls take what the latency model says of
 * them; SOAP lists cost so much per record. What no source gives says "guess". [GOV-050..054, GOV-083..085]
 */
import type { Channel } from '../../protocol/control.ts'
import { NEIGHBOUR_OPERATIONS, type NeighbourSpec } from '../../protocol/neighbour.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import type { LatencyModel, Load, Work } from '../latency/model.ts'
import type { Catalogue } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'

export interface NeighbourCall {
  readonly method: string
  readonly path: string
  /** Status of its success. */
  readonly status: number
  /** Records it carries. */
  readonly size: number
  /** Milliseconds of the whole call, drawn anew each time. */
  durationMs(load: Load): number
}

/** How a call ends, and when it gives its slot back. */
export interface CallEnd {
  readonly heldMs: number
  readonly isAnswered: boolean
  readonly explanation?: string
}

/** Any HTTP connection. [GOV-034, GOV-054] */
const CONNECTION_MS_MAX = 900_000
/** A list call is answered so long before that. [GOV-054] */
const ANSWER_BEFORE_MS = 10_000

type Kind = Work['kind']
/** 7 minutes for 100 transactions [GOV-084]; others as much quicker as in the heavy latency model (guess). */
const SOAP_WRITE_MS: Readonly<Record<Kind, number>> = {
  transaction: 4200,
  entity: 2050,
  item: 1700,
  other: 1700,
}
/** 15,000 records an hour [GOV-083], on top of what a small read takes [GOV-085]. */
const SOAP_READ_MS = 240
const SOAP_READ_BASE_MS = 800
/** Guess. */
const SOAP_DELETE_MS = 1500
/** Guess: figures of stock, no records. */
const AVAILABILITY_MS = 20
/** Taking a SOAP job on (guess); its work is done outside the pool, one job after another. [GOV-056] */
const SOAP_SUBMIT_MS = 250
/** A script that writes one record after another (guess: as REST writes in the lean latency model). */
const RESTLET_MS: Readonly<Record<Kind, number>> = { transaction: 1200, entity: 700, item: 600, other: 600 }

/** Oracle's ideal list sizes [GOV-053]; for what it does not name, as for entities (guess). */
const IDEAL_SIZE: Readonly<Record<Kind, number>> = { transaction: 20, entity: 50, item: 50, other: 50 }
const IDEAL_CUSTOM_RECORDS = 100

/** The endpoint that outlives all others. [GOV-055] */
const SOAP_PATH = '/services/NetSuitePort_2025_2'
const RESTLET_PATH = '/app/site/hosting/restlet.nl'

/** Method, path below the record service, and status of a success. No record stands behind `{id}`. */
const REST: Readonly<Record<string, readonly [method: string, rest: string, status: number]>> = {
  get: ['GET', '/{id}', 200],
  list: ['GET', '', 200],
  create: ['POST', '', 204],
  update: ['PATCH', '/{id}', 204],
  upsert: ['PUT', '/eid:{id}', 204],
  delete: ['DELETE', '/{id}', 204],
}

/** What a neighbour's calls have in common, worked out once. */
export function callOf(spec: NeighbourSpec, catalogue: Catalogue, latency: LatencyModel): NeighbourCall {
  const { channel, operation, recordType, workMs } = spec
  const type = catalogue.find(recordType)
  const kind = type === undefined ? 'other' : rulesFor(type).kind
  const size = spec.size ?? idealSize(channel, operation, recordType, kind)
  const address = addressOf(channel, operation, type?.name ?? recordType)
  if (workMs !== undefined) {
    const { medianMs, sigma } = workMs
    return { ...address, size, durationMs: (load) => latency.aroundMs(medianMs, load, sigma) }
  }
  if (channel === 'rest') {
    const work = { verb: operation, recordType: type?.name ?? recordType, kind, lines: 0 }
    return { ...address, size, durationMs: (load) => latency.serviceMs(work, load) }
  }
  const medianMs = channel === 'soap' ? soapMs(operation, kind, size) : RESTLET_MS[kind] * size
  return { ...address, size, durationMs: (load) => latency.aroundMs(medianMs, load) }
}

function soapMs(operation: string, kind: Kind, size: number): number {
  if (operation.startsWith('async')) return SOAP_SUBMIT_MS
  if (operation === 'getItemAvailability') return SOAP_READ_BASE_MS + AVAILABILITY_MS * size
  if (/^(get|search)/.test(operation)) return SOAP_READ_BASE_MS + SOAP_READ_MS * size
  return size * (operation.startsWith('delete') ? SOAP_DELETE_MS : SOAP_WRITE_MS[kind])
}

function idealSize(channel: Channel, operation: string, recordType: string, kind: Kind): number {
  if (channel === 'restlet') return 1
  const ideal = /^customrecord/i.test(recordType) ? IDEAL_CUSTOM_RECORDS : IDEAL_SIZE[kind]
  return Math.min(ideal, NEIGHBOUR_OPERATIONS[channel][operation]!)
}

function addressOf(
  channel: Channel,
  operation: string,
  recordType: string,
): Pick<NeighbourCall, 'method' | 'path' | 'status'> {
  if (channel === 'soap') return { method: 'POST', path: SOAP_PATH, status: 200 }
  if (channel === 'restlet') return { method: 'POST', path: RESTLET_PATH, status: 200 }
  const known = REST[operation]
  if (known === undefined) return { method: 'POST', path: '/services/rest/query/v1/suiteql', status: 200 }
  const [method, rest, status] = known
  return { method, path: `${RECORD_BASE_PATH}/${recordType}${rest}`, status }
}

/**
 * After 15 minutes nobody is listening any more. A single SOAP call finishes its work without an answer; a list is answered
 * ten seconds before and stops after the record it is at; other calls are cut off. [GOV-034, GOV-054]
 */
export function endOf(channel: Channel, size: number, durationMs: number): CallEnd {
  if (channel === 'soap' && size > 1) return endOfList(size, durationMs)
  if (durationMs <= CONNECTION_MS_MAX) return { heldMs: durationMs, isAnswered: true }
  return channel === 'soap'
    ? { heldMs: durationMs, isAnswered: false, explanation: 'over 15 minutes: finished, no answer sent' }
    : { heldMs: CONNECTION_MS_MAX, isAnswered: false, explanation: 'over 15 minutes: timed out' }
}

function endOfList(size: number, durationMs: number): CallEnd {
  const answeredMs = CONNECTION_MS_MAX - ANSWER_BEFORE_MS
  if (durationMs <= answeredMs) return { heldMs: durationMs, isAnswered: true }
  const perRecordMs = durationMs / size
  const done = Math.floor(answeredMs / perRecordMs)
  return {
    heldMs: (done + 1) * perRecordMs,
    isAnswered: true,
    explanation: `answered 10 s before 15 minutes: ${done} records done, 1 unknown, ${size - done - 1} not processed`,
  }
}
