/**
 * Sends malformed requests to an account in this process and looks at every answer: never a 5xx that was not injected, always
 * the shape of an error, nothing of the inside on the wire. Time passes now and then, so that jobs are worked off.
 */
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { Handled } from '../../protocol/in-process-transport.ts'
import { createSigner } from '../../protocol/signing.ts'
import { CONTROL_BASE_PATH, RECORD_BASE_PATH, type WireRequest } from '../../protocol/wire.ts'
import { createSimulator } from '../../simulator/index.ts'
import { loadProfile } from '../../simulator/profile.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import { drawRequest, type OddRequest } from './requests.ts'

/** Services of which the account says that it lacks them: nothing else may answer 501. */
const NOT_SIMULATED = /^\/services\/rest\/query\/v1\/dataset|^\/services\/NetSuitePort/
/** Record actions are told apart by type; some are only known by name. */
const ON_ITS_WAY = /does not simulate @\w+ of a/
/** Requests between two moments in which time passes. */
const BURST = 50
const REST_MS = 1000
/** Between two resets of the account: what the account keeps may grow, what is left after a reset may not. */
const RESET_EVERY = 10_000

const JSON_TYPE = { 'content-type': 'application/json' }
const LINES = {
  items: [1, 2].map((quantity) => ({ item: { externalId: 'a' }, quantity, rate: 10, location: { id: '1' } })),
}
const ADDRESSES = { items: [{ label: 'Home', addressBookAddress: { addr1: 'Quay 1', city: 'Port' } }] }
const FIRST_RECORDS: readonly (readonly [string, object])[] = [
  ['/inventoryItem/eid:a', { itemId: 'Mug' }],
  ['/customer/eid:a', { companyName: 'Stone', addressBook: ADDRESSES }],
  ['/customer/eid:b', { isPerson: true, firstName: 'Ada', lastName: 'Stone' }],
  ['/vendor/eid:c', { companyName: 'Clay' }],
  ['/salesOrder/eid:a', { entity: { externalId: 'a' }, item: LINES, orderStatus: 'B' }],
  ['/salesOrder/eid:b', { entity: { externalId: 'b' }, item: LINES }],
  ['/invoice/eid:c', { entity: { externalId: 'a' }, item: LINES }],
]

export interface FuzzResult {
  /** What went wrong, one text for each, with what sends it again. */
  readonly found: readonly string[]
  /** Kind of request → how many of each class of status. */
  readonly seen: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** What is wrong with one answer; undefined: nothing. */
export function complaint(path: string, answer: Handled): string | undefined {
  if (typeof answer === 'string') return `no answer: ${answer}`
  const { status, headers, body } = answer
  if (/\bat .{1,80}\.[tj]s:\d+|node:internal|SQLITE|\b(Type|Range|Reference|Syntax)Error\b/.test(body))
    return 'tells of its inside'
  if (status < 200 || status > 599) return `no status: ${status}`
  if (status < 400) return status === 204 && body !== '' ? 'a 204 with a body' : notJson(body)
  const isLacking = status === 501 && (NOT_SIMULATED.test(path) || ON_ITS_WAY.test(body))
  if (status >= 500 && !isLacking) return `status ${status}`
  if (path.startsWith('/app/site/hosting/restlet.nl')) return restletComplaint(body)
  // What never reaches the token service, a wrong path or method, gets the shape of all REST services.
  const isTyped = (headers['content-type'] ?? '').startsWith('application/vnd.oracle.resource+json')
  if (path.startsWith('/services/rest/auth/') && !isTyped) return tokenComplaint(body)
  if (!/^application\/vnd\.oracle\.resource\+json; type=error/.test(headers['content-type'] ?? ''))
    return `an error of type ${headers['content-type']}`
  return shapeComplaint(path, status, body)
}

/** RESTlets have three forms of their own. [RSL-008] */
function restletComplaint(body: string): string | undefined {
  const isText = /^error code: [A-Z_]+\nerror message: \S/.test(body)
  const isXml = /<error><code>[A-Z_]+<\/code><message>.+<\/message><\/error>/s.test(body)
  if (isText || isXml) return undefined
  const problem = notJson(body)
  const error = problem === undefined ? (JSON.parse(body) as { error?: Detail }).error : undefined
  const isRight = /^[A-Z_]+$/.test(String(error?.code)) && typeof error?.message === 'string'
  return problem ?? (isRight ? undefined : 'not the error of a RESTlet')
}

/** The token service says one word. [AUT-084] */
function tokenComplaint(body: string): string | undefined {
  const problem = notJson(body)
  if (problem !== undefined) return problem
  const { error } = JSON.parse(body) as Detail
  return typeof error === 'string' && /^[a-z_]+$/.test(error) ? undefined : 'not an OAuth error'
}

function notJson(body: string): string | undefined {
  if (body === '') return undefined
  try {
    JSON.parse(body)
    return undefined
  } catch {
    return 'a body that is no JSON'
  }
}

type Detail = Record<string, unknown>

/** The details list; refused actions alone have theirs flat. [REC-250, REC-195, REC-E42] */
function shapeComplaint(path: string, status: number, body: string): string | undefined {
  const problem = notJson(body)
  if (problem !== undefined || body === '') return problem ?? 'an error without a body'
  const json = JSON.parse(body) as Detail
  if (json.status !== status || typeof json.title !== 'string' || typeof json.type !== 'string')
    return 'not the shape of an error'
  const flat = path.includes('/@') && json['o:errorDetails'] === undefined
  const details = flat ? [json] : (json['o:errorDetails'] as Detail[] | undefined)
  if (!Array.isArray(details) || details.length === 0) return 'an error without details'
  const bad = details.some(
    (one) =>
      typeof one.detail !== 'string' || one.detail === '' || !/^[A-Z_]+$/.test(String(one['o:errorCode'])),
  )
  return bad ? 'a detail without text or code' : undefined
}

export function createFuzz(seed: string) {
  const clock = new VirtualClock()
  const rng = createRng(seed)
  const internal: string[] = []
  const simulator = createSimulator({
    clock,
    rng: rng.fork('account'),
    profile: loadProfile('premium', { latency: { model: 'none' } }),
    onInternalError: (_, error) =>
      void internal.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })
  const sign = createSigner(clock, rng.fork('client'), simulator.credentials)
  const catalogue = loadBundledCatalogue()

  const signed = ({ method, path, headers, body }: OddRequest): WireRequest => {
    const request = { method, url: simulator.baseUrl + path, headers, body }
    try {
      return sign(request)
    } catch {
      // The signing library cannot read every broken address; such a request goes out as it is and is refused.
      return request
    }
  }

  const reset = () =>
    simulator.handle({ method: 'POST', url: `${simulator.baseUrl}${CONTROL_BASE_PATH}/reset`, headers: {} })

  /** A few records, so that ids lead somewhere. */
  const fill = async (): Promise<void> => {
    for (const [path, body] of FIRST_RECORDS) {
      const request = {
        method: 'PUT',
        path: RECORD_BASE_PATH + path,
        headers: JSON_TYPE,
        body: JSON.stringify(body),
      }
      const answer = await simulator.handle(signed(request))
      if (typeof answer === 'string' || answer.status !== 204)
        throw new Error(`${path}: ${JSON.stringify(answer)}`)
    }
  }

  /** Sends `count` requests, from number `from` on. The same numbers of the same seed are the same requests. */
  const drive = (from: number, count: number): Promise<FuzzResult> =>
    clock.run(async () => {
      const found: string[] = []
      const seen: Record<string, Record<string, number>> = {}
      await fill()
      for (let number = from; number < from + count; number++) {
        const request = drawRequest(rng.fork(String(number)), catalogue)
        const answer = await simulator.handle(signed(request)).catch((error: unknown) => String(error))
        const status = typeof answer === 'string' ? 'reset' : `${Math.floor(answer.status / 100)}xx`
        tally(seen, request.kind, status)
        const problem = typeof answer === 'string' ? answer : complaint(request.path, answer)
        if (problem !== undefined || internal.length > 0)
          found.push(report(seed, number, request, answer, problem, internal))
        internal.length = 0
        if (number % BURST === 0) await clock.sleep(REST_MS)
        if (number % RESET_EVERY === 0) {
          await reset()
          await fill()
        }
      }
      return { found, seen }
    })
  return { drive, reset, close: () => simulator.close() }
}

function tally(seen: Record<string, Record<string, number>>, kind: string, status: string): void {
  const row = seen[kind] ?? {}
  row[status] = (row[status] ?? 0) + 1
  seen[kind] = row
}

const SHOWN_MAX = 600

function report(
  seed: string,
  number: number,
  request: OddRequest,
  answer: unknown,
  problem: string | undefined,
  internal: readonly string[],
): string {
  const shown = `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body ?? ''}`
  const told = internal.length > 0 ? internal.join('\n') : JSON.stringify(answer)
  return [
    `${problem ?? 'internal error'}: seed ${seed}, request ${number}, replay: SEATRIAL_FUZZ=${seed}/${number} npx vitest run test/fuzz`,
    shown.slice(0, SHOWN_MAX),
    told.slice(0, SHOWN_MAX),
  ].join('\n  ')
}
