/** `Prefer: respond-async` and `async/v1/job/…`: submitting, watching and reading asynchronous jobs. [ASY-001..079] */
import { ApiFault } from '../api-fault.ts'
import { type Answer, type Call, type Operation, resource, routeFault } from '../operations/operation.ts'
import type { ParsedRequest } from '../request.ts'
import type { Jobs, JobView, Standing } from './jobs.ts'

const BASE = '/services/rest/async/v1/job'

/** Whether a request asks to be queued. */
export function isAsync({ headers }: ParsedRequest): boolean {
  const { prefer } = headers
  return prefer !== undefined && /\brespond-async\b/i.test(prefer)
}

/** Queues a request: 202 and the address of its job. [ASY-002] */
export function planSubmit({ account: { jobs }, request, principal }: Call): Operation {
  const inner = { ...request, headers: keptHeaders(request.headers) }
  const key = keyOf(jobs, request, principal.integration)
  const tasks = jobs.planTasks(inner, principal)
  // Reading it now refuses what cannot be read, and tells the journal what it is about.
  const externalId =
    tasks.isBatch || jobs.options.malformed === 'task' ? undefined : tasks.plans[0]!().externalId
  const isParallel = tasks.isBatch && (jobs.options.batchOrder === 'parallel' || asksParallel(request))
  return about('async.submit', 'submit', externalId, () => {
    const { job, isRepeat } = jobs.submit({ request: inner, principal, tasks, isParallel, key })
    const path = `${BASE}/${job}`
    const headers = {
      'preference-applied': 'respond-async',
      location: jobs.options.location === 'path' ? path : request.origin + path,
    }
    if (isRepeat) throw repeated(jobs, headers)
    return {
      status: 202,
      headers: { 'content-type': 'application/json', ...headers },
      body: '',
      committed: true,
    }
  })
}

/** [ASY-070, OPQ-055, REC-E41] */
function repeated({ options }: Jobs, headers: Record<string, string>): ApiFault {
  return new ApiFault(
    'IDEMPOTENCY_ERROR',
    'A request with the same idempotency key is already submitted. See the "Location" header for a link to the previously submitted job',
    {
      status: options.keyStatus,
      title: 'Conflict',
      type:
        options.keyErrorType === 'rfc2616'
          ? 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.10'
          : 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10',
      headers,
    },
  )
}

const KEY_HEADER = 'X-NetSuite-Idempotency-Key'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The idempotency key within its scope. [ASY-071, ASY-072, ASY-076] */
function keyOf(
  { options }: Jobs,
  { headers, segments }: ParsedRequest,
  integration: string,
): string | undefined {
  const sent = headers[KEY_HEADER.toLowerCase()]
  if (sent === undefined || sent === '') return undefined
  if (options.keyFormat === 'uuid' && !UUID.test(sent)) {
    throw new ApiFault('INVALID_HEADER', `Invalid value for header ${KEY_HEADER}. Provide a UUID.`, {
      header: KEY_HEADER,
    })
  }
  const key = options.keyCase === 'ignore' ? sent.toLowerCase() : sent
  if (options.keyScope === 'account') return key
  if (options.keyScope === 'integration') return JSON.stringify([integration, key])
  return JSON.stringify([integration, segments?.[0]?.toLowerCase() ?? '', key])
}

/** [ASY-051, REC-216] */
function asksParallel({ headers }: ParsedRequest): boolean {
  return /\bbatch-processing\s*=\s*"?parallel"?/i.test(headers.prefer ?? '')
}

/** What the operation itself reads. Signatures and cookies are not stored. */
function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['accept', 'accept-language', 'content-type']) {
    if (headers[name] !== undefined) kept[name] = headers[name]
  }
  // A query asks for it. [SQL-002]
  if (/\btransient\b/i.test(headers.prefer ?? '')) kept.prefer = 'transient'
  for (const name in headers) if (name.startsWith('x-netsuite-property')) kept[name] = headers[name]!
  return kept
}

/** `rest` is what follows `/services/rest/async/v1` in the path; a slash at its end is no part. [ASY-020..025, OPQ-053] */
export function planJobs(call: Call, rest: readonly string[]): Operation {
  const { method, path, origin } = call.request
  const [root, id, below, no, last, ...more] = rest
  const isKnown = below === undefined || below === 'task'
  if (root !== 'job' || id === undefined || !isKnown || (last ?? 'result') !== 'result' || more.length > 0)
    throw routeFault(path)
  if (method !== 'GET') {
    throw new ApiFault(
      'INVALID_METHOD',
      'This operation is not allowed for a job. Use one of the following valid operations: load.',
    )
  }
  const self = `${origin}${BASE}/${id}`
  const poll = (name: string, run: () => Answer) => about(`async.${name}`, 'poll', undefined, run)
  if (below === undefined) return poll('job', () => jobAnswer(findJob(call, id).view, id, self))
  if (no === undefined) return poll('tasks', () => tasksAnswer(findJob(call, id).view, `${self}/task`))
  const address = `${self}/task/${no}`
  if (last === undefined) return poll('task', () => taskAnswer(findTask(call, id, no).view, no, address))
  return poll('result', () => resultAnswer(call, id, no))
}

/** An operation of the job service itself: it costs little, whatever it is about. */
function about(
  name: string,
  verb: 'submit' | 'poll',
  externalId: string | undefined,
  run: () => Answer,
): Operation {
  return {
    name,
    recordType: undefined,
    externalId,
    work: { verb, recordType: '', kind: 'other', lines: 0 },
    run,
  }
}

function findJob({ account: { jobs }, principal }: Call, idText: string): { id: number; view: JobView } {
  const id = numberOf(idText)
  const view = id === undefined ? undefined : jobs.job(id)
  const isHidden = jobs.options.readableBy === 'integration' && view?.integration !== principal.integration
  if (id === undefined || view === undefined || isHidden) throw unknown(jobs, 'job')
  return { id, view }
}

function findTask(call: Call, jobText: string, noText: string): { job: number; no: number; view: Standing } {
  const { jobs } = call.account
  const { id, view } = findJob(call, jobText)
  // A job of one task answers to its own id too. [OPQ-054]
  const no = view.tasks === 1 && noText === jobText ? 1 : numberOf(noText)
  const task = no === undefined ? undefined : jobs.task(id, no)
  if (no === undefined || task === undefined) throw unknown(jobs, 'task')
  return { job: id, no, view: task }
}

function numberOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** [ASY-033] */
function unknown({ options }: Jobs, what: 'job' | 'task'): ApiFault {
  const detail = `The ${what} does not exist. Provide a valid ${what} ID.`
  return new ApiFault(options.unknownJob === '404' ? 'NONEXISTENT_ID' : 'INVALID_ID', detail)
}

function jobAnswer({ progress, startMs, endMs }: Standing, id: string, self: string): Answer {
  return json('singular', {
    links: [{ rel: 'self', href: self }],
    completed: endMs !== undefined,
    ...(endMs === undefined ? {} : { endTime: timeText(endMs) }),
    id,
    progress,
    startTime: timeText(startMs!),
    task: { links: [{ rel: 'self', href: `${self}/task` }] },
  })
}

/** Every task is an item, and an item holds its link only. [OPQ-081] */
function tasksAnswer({ tasks }: JobView, self: string): Answer {
  const items = Array.from({ length: tasks }, (_, index) => ({
    links: [{ rel: 'self', href: `${self}/${index + 1}` }],
  }))
  return json('collection', { links: [{ rel: 'self', href: self }], count: items.length, items })
}

function taskAnswer({ progress, startMs, endMs }: Standing, id: string, self: string): Answer {
  return json('singular', {
    links: [
      { rel: 'related', href: `${self}/result` },
      { rel: 'self', href: self },
    ],
    completed: endMs !== undefined,
    ...(endMs === undefined ? {} : { endTime: timeText(endMs) }),
    id,
    progress,
    ...(startMs === undefined ? {} : { startTime: timeText(startMs) }),
  })
}

/** The answer the request would have had at once: its status, its headers, its body. [ASY-025, ASY-027, OPQ-052] */
function resultAnswer(call: Call, jobText: string, noText: string): Answer {
  const { jobs } = call.account
  const { job, no } = findTask(call, jobText, noText)
  const result = jobs.result(job, no)
  if (result === undefined) {
    const isMissing = jobs.options.unfinishedResult === '404'
    throw new ApiFault(
      isMissing ? 'NONEXISTENT_ID' : 'INVALID_REQUEST',
      'The result does not exist yet. Wait until the task is completed.',
    )
  }
  return { status: result.status, headers: JSON.parse(result.headers), body: result.body, committed: false }
}

function json(kind: 'singular' | 'collection', body: unknown): Answer {
  return { status: 200, headers: resource(kind), body: JSON.stringify(body), committed: false }
}

/** UTC to the second. [ASY-024] */
function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
