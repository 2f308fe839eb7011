/**
 * One request through the account, top to bottom, in NetSuite's order: journal, fault before, login, slot, work, commit,
 * fault after, slot given back. Time passes in the latency model only. Errors become answers here and nowhere else.
 * A slot is held while the account works, whether or not the client still listens: that is how outcomes become unknown.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { Channel, JournalEntry } from '../protocol/control.ts'
import type { Handled } from '../protocol/in-process-transport.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import { ApiFault, faultAnswer, requestTooLarge } from './api-fault.ts'
import type { Authentication } from './auth/index.ts'
import { type Faults, type Verdict, verdictOf } from './faults/fault.ts'
import { FAULT_HEADER, parseFaultHeader } from './faults/header.ts'
import type { Governance, Release } from './governance/governance.ts'
import type { Journal } from './journal.ts'
import type { LatencyModel } from './latency/model.ts'
import { type Account, type Answer, type Operation, planOperation } from './operations.ts'
import type { Principal } from './permissions/principal.ts'
import { type ParsedRequest, parseRequest } from './request.ts'
import { RESTLET_PATH, restletFault } from './restlets/format.ts'

export interface PipelineParts {
  readonly clock: Clock
  readonly rng: Rng
  readonly account: Account
  readonly authentication: Authentication
  readonly governance: Governance
  readonly faults: Faults
  /** The 401 of a failed login, for faults that fail logins. */
  readonly failLogin: (reason: string) => ApiFault
  readonly latency: LatencyModel
  readonly journal: Journal
  /** Another number each time the account is reset or restored. */
  readonly generation: () => number
  /** Told of every bug of ours that a request ran into. */
  readonly onInternalError: (entry: JournalEntry, error: unknown) => void
}

/** What is learnt of a request on its way; becomes its journal entry. */
type Draft = { -readonly [Key in keyof JournalEntry]: JournalEntry[Key] }

/** Makes the function that answers every request to the account. It never rejects. */
export function createPipeline(parts: PipelineParts): (request: WireRequest) => Promise<Handled> {
  const { clock, rng, faults, governance, journal, latency } = parts
  const { login } = parts.authentication
  return async (wire) => {
    const request = parseRequest(wire)
    const draft = openEntry(parts, request, wire)
    let hit: ReturnType<typeof faults.judge>
    let handled: Handled
    try {
      hit =
        judgeHeader(parts, request) ??
        faults.judge({
          method: request.method,
          path: draft.path,
          recordType: request.segments?.[0],
          integration: draft.integration,
          headers: request.headers,
          body: wire.body,
        })
      draft.fault = hit?.id
      handled = await work(parts, request, wire, draft, hit?.verdict)
    } catch (error) {
      const fault = error instanceof ApiFault ? error : unexpected(parts, error, draft)
      draft.errorCode = fault.code
      draft.loginFailure = fault.loginFailure
      draft.explanation = fault.explanation
      login.failed(fault, clock.now(), wire, draft.integration)
      await clock.sleep(fault.delayMs ?? (fault.status === 429 ? latency.refusalMs() : latency.errorMs()))
      handled = finishAnswer(parts, draft, faultOf(request, fault, draft))
    }
    // What befalls the answer hides errors as well as successes.
    if (hit?.verdict.phase === 'after' && typeof handled !== 'string')
      handled = damaged(handled, hit.verdict, draft)
    draft.endedMs = clock.now()
    draft.explanation ??= hit?.why
    if (draft.status >= 400 && draft.slotFromMs !== undefined) governance.failed()
    journal.close(draft)
    return handled
  }

  function openEntry({ account }: PipelineParts, request: ParsedRequest, wire: WireRequest): Draft {
    const nowMs = clock.now()
    return {
      sequence: journal.open(),
      receivedMs: nowMs,
      endedMs: nowMs,
      method: request.method,
      path: request.path + request.search,
      operation: 'unknown',
      recordType: account.catalogue.find(request.segments?.[0] ?? '')?.name,
      integration: login.claimedIntegration(wire),
      status: 0,
      committed: false,
      delivery: 'answered',
      requestBytes: wire.body === undefined ? 0 : Buffer.byteLength(wire.body),
      responseBytes: 0,
      operationId: rng.uuid(),
    }
  }
}

/** A fault for this request alone, asked for by its own header, where the profile allows that. */
function judgeHeader({ account, rng, failLogin }: PipelineParts, { headers }: ParsedRequest) {
  const wanted = account.profile.settings.faultHeader ? headers[FAULT_HEADER] : undefined
  if (wanted === undefined) return undefined
  return {
    id: FAULT_HEADER,
    why: 'asked for by its own header',
    verdict: verdictOf(parseFaultHeader(wanted), rng, failLogin),
  }
}

/** The part of the way that may end in an `ApiFault`. */
async function work(
  parts: PipelineParts,
  request: ParsedRequest,
  wire: WireRequest,
  draft: Draft,
  verdict: Verdict | undefined,
): Promise<Handled> {
  const { clock, latency, authentication, account, governance } = parts
  const generation = parts.generation()
  if (verdict?.phase === 'before') {
    if (verdict.answer instanceof ApiFault) throw verdict.answer
    await clock.sleep(latency.refusalMs())
    draft.delivery = verdict.answer === 'refused' ? 'refused-before' : 'reset-before'
    return verdict.answer
  }
  // A server never hands over so much; other transports do.
  const { requestBytesMax } = account.profile.settings
  if (draft.requestBytes > requestBytesMax) throw requestTooLarge(requestBytesMax)
  const open = request.segments === undefined ? authentication.oauth2.plan(request) : undefined
  if (open !== undefined) {
    draft.operation = open.name
    await clock.sleep(latency.serviceMs(open.work))
    return parts.generation() === generation ? finishAnswer(parts, draft, open.run()) : sweptAway(draft)
  }
  const principal = authentication.login.verify(wire)
  draft.integration = principal.integration
  draft.user = principal.user
  const channel = request.path === RESTLET_PATH ? 'restlet' : 'rest'
  if (channel !== 'rest') draft.channel = channel
  const admitted = admit(parts, draft, principal, channel)
  // A promise only where the account lets requests wait: awaiting a value would cost every request a turn.
  const release = admitted instanceof Promise ? await waited(parts, draft, admitted) : admitted
  draft.slotFromMs = clock.now()
  let answer: Answer
  try {
    const operation = planOperation({ account, request, principal, hungUp: wire.hungUp })
    draft.operation = operation.name
    draft.externalId = operation.externalId
    if (operation.work.scriptMs !== undefined) draft.scriptMs = operation.work.scriptMs
    const extraMs = verdict?.phase === 'during' ? verdict.delayMs : 0
    await clock.sleep(latency.serviceMs(operation.work, governance.load()) + extraMs)
    if (parts.generation() !== generation) return sweptAway(draft)
    if (verdict?.phase === 'during' && verdict.answer !== undefined) throw verdict.answer
    answer =
      operation.aftermath === undefined ? operation.run() : await runWithAftermath(parts, operation, draft)
    draft.committed = answer.committed
    draft.recordId = answer.recordId
  } finally {
    release()
    draft.slotUntilMs = clock.now()
  }
  return finishAnswer(parts, draft, answer)
}

/** A slot, or its refusal, after a time in the queue. */
async function waited({ clock }: PipelineParts, draft: Draft, admitted: Promise<Release>): Promise<Release> {
  const fromMs = clock.now()
  try {
    return await admitted
  } finally {
    draft.waitedMs = clock.now() - fromMs
  }
}

/** A request to the account as it was before it was reset or restored; in the new one it was never made. */
function sweptAway(draft: Draft): Handled {
  draft.delivery = 'reset-before'
  draft.explanation = 'the account was reset or restored while the request was under way'
  return 'reset'
}

/** An operation that knows only when it is done how long it took: it holds its slot until then. */
async function runWithAftermath(
  { clock }: PipelineParts,
  operation: Operation,
  draft: Draft,
): Promise<Answer> {
  try {
    return operation.run()
  } finally {
    const { ms, committed } = operation.aftermath!()
    draft.committed = committed
    draft.scriptMs = ms
    await clock.sleep(ms)
  }
}

/** RESTlets have errors of their own form. [RSL-008] */
function faultOf(request: ParsedRequest, fault: ApiFault, draft: Draft) {
  if (request.path !== RESTLET_PATH) return faultAnswer(fault)
  const { code, ...answer } = restletFault(request, fault)
  draft.errorCode = code
  return answer
}

/** The answer as the client gets it, or does not. */
function damaged(response: WireResponse, verdict: Verdict & { phase: 'after' }, draft: Draft): Handled {
  if ('change' in verdict) {
    draft.delivery = 'damaged'
    return verdict.change(response)
  }
  draft.delivery = verdict.answer === 'silence' ? 'silent-after' : 'dropped-after'
  return verdict.answer
}

function admit(
  { governance, clock }: PipelineParts,
  { sequence, method, path }: Draft,
  { integration, user }: Principal,
  channel: Channel,
): Release | Promise<Release> {
  return governance.admit({
    sequence,
    sinceMs: clock.now(),
    method,
    path,
    integration,
    user,
    channel,
  })
}

/** The headers that every captured answer had. [OPQ-015, OPQ-017] */
function finishAnswer(
  { clock, rng, account }: PipelineParts,
  draft: Draft,
  answer: Omit<Answer, 'committed'>,
): WireResponse {
  draft.status = answer.status
  const bytes = Buffer.byteLength(answer.body)
  draft.responseBytes = bytes
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      'cache-control': 'No-Cache',
      pragma: 'No-Cache',
      expires: '0',
      vary: 'User-Agent, Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
      date: httpDate(clock.now()),
      'x-n-operationid': draft.operationId,
      'x-netsuite-jobid': rng.uuid(),
      ...framing(answer.status, bytes, account.profile.settings.badRequestConnection),
    },
    body: answer.body,
  }
}

/** A 204 has no length, and neither has a 400 that ends its connection. [OPQ-016] */
function framing(status: number, bytes: number, after400: 'keep' | 'close'): WireResponse['headers'] {
  if (status === 204) return NO_FRAMING
  return status === 400 && after400 === 'close' ? CLOSING : { 'content-length': String(bytes) }
}

const NO_FRAMING = {}
const CLOSING = { connection: 'close' }

let dateSecond = -1
let dateString = ''
let dateDay = -1
let dayString = ''

function httpDate(nowMs: number): string {
  const second = Math.floor(nowMs / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    dateString = `${dayOf(Math.floor(second / 86_400))} ${clockText(second % 86_400)} GMT`
  }
  return dateString
}

/** `Mon, 05 Jan 2026`: written anew once a day, for in virtual time every request has a second of its own. */
function dayOf(day: number): string {
  if (day !== dateDay) {
    dateDay = day
    dayString = new Date(day * 86_400_000).toUTCString().slice(0, 16)
  }
  return dayString
}

/** `09:05:00`. */
function clockText(second: number): string {
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
}

/** A bug of ours, shown as NetSuite shows its own: an error id and nothing else. The message goes to the journal. [REC-E40] */
function unexpected({ rng, onInternalError }: PipelineParts, error: unknown, draft: Draft): ApiFault {
  draft.internalError = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  onInternalError(draft, error)
  return new ApiFault('UNEXPECTED_ERROR', `An unexpected error occurred. Error ID: ${rng.hex(20)}`)
}
