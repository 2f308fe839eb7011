/**
 * The record service as typed calls that give outcomes. Each attempt waits for a permit, logs in anew (a nonce may
 * be used once, and an old timestamp is refused [AUT-027, AUT-028]), is judged, and reported to the observer. Retries of
 * work are decided elsewhere (retry.ts); only a failed login is tried again here, once, by a fresh signature or token.
 */
import type { Clock } from '../../kernel/clock.ts'
import { createLogin, LoginRefused } from '../../protocol/login.ts'
import { TransportError } from '../../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireRequest, type WireResponse } from '../../protocol/wire.ts'
import { classifyAnswer, classifyLogin, classifyTransportError, parseObject, unreadable } from './classify.ts'
import type { AttemptEvent, EngineDeps } from './engine.ts'
import { done, type Outcome, type Refused, type Unknown } from './outcome.ts'
import type { Permit, Signal, Throttle } from './throttle.ts'

/** The work a call belongs to, for the observer. */
export interface CallContext {
  /** Key of the work item. */
  readonly key: string
  /** Which try of the item this is, from 1. */
  readonly attempt: number
  /** Whose work it is, for the throttle's fair shares. */
  readonly flow?: string
}

/** Where a written record is; `id` is absent where the answer did not say. [REC-100, REC-141, OPQ-065] */
export interface Written {
  readonly id: string | undefined
}

export type RecordBody = Readonly<Record<string, unknown>>
/** Parameters of an address, written as they are. */
export type Query = Readonly<Record<string, string>>

export interface RecordClient {
  /** `POST /{type}`. [REC-100] */
  create(type: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>>
  /** `PUT /{type}/eid:{externalId}`: creates or updates; safe to repeat. [REC-140] */
  upsert(type: string, externalId: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>>
  /** `PATCH /{type}/{id}`. Not safe to repeat where it adds un-keyed lines. [REC-130, REC-132] */
  patch(type: string, id: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>>
  /** `GET /{type}/{id}`; `id` may be `eid:…`. `query`: e.g. `expandSubResources` [REC-025]. Never `unknown`. */
  get(type: string, id: string, context: CallContext, query?: Query): Promise<Outcome<RecordBody>>
  /** Looks a record up by external ID; `value` is `undefined` when there certainly is none. Never `unknown`. */
  findByExternalId(
    type: string,
    externalId: string,
    context: CallContext,
  ): Promise<Outcome<Written | undefined>>
}

export interface RecordClientOptions {
  /** Milliseconds until a call is given up. Default `CALL_TIMEOUT_MS`. */
  readonly timeoutMs?: number
  /** Absent: calls are sent as they come. */
  readonly throttle?: Throttle
  /** How often a call is sent, at most, while the login fails. Default `LOGIN_TRIES_MAX`. */
  readonly loginTriesMax?: number
}

/**
 * NetSuite saves take seconds, with heavy scripts tens of seconds, and a call given up goes on working and keeps its
 * slot: giving up early makes doubt, not speed. 65 s rather than a round minute, because an account over its limit
 * may answer 401 after 61 s [GOV-023], and that answer is worth more than a time-out.
 */
export const CALL_TIMEOUT_MS = 65_000
/** A nonce collision, a clock at the edge or an access token that ended passes at the second try; wrong credentials never do. */
export const LOGIN_TRIES_MAX = 2
/** A 401 this slow is the account's way of saying that it is full. [GOV-023] */
const SLOW_LOGIN_MS = 30_000

/** One call as its sender describes it. */
export interface Call {
  /** For the observer, e.g. `salesOrder.create`. */
  readonly operation: string
  readonly method: string
  /** From the origin on. */
  readonly path: string
  /** JSON value. */
  readonly body?: RecordBody
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether it could change the account, or tells of something that could; default: all but GET. */
  readonly effect?: 'read' | 'write'
}

type Answer = Outcome<WireResponse>
/** Sends one call and judges its answer: every way into the account goes through this. */
export type Caller = (call: Call, context: CallContext) => Promise<Answer>

/** A client for one account and one integration. */
export function createRecordClient(deps: EngineDeps, options: RecordClientOptions = {}): RecordClient {
  return recordClientOf(createCaller(deps, options))
}

/** The record service over a caller that may be shared with other services. */
export function recordClientOf(send: Caller): RecordClient {
  const write = async (call: Call, context: CallContext): Promise<Outcome<Written>> => {
    const answer = await send(call, context)
    return answer.kind === 'done' ? done({ id: parseLocation(answer.value.headers.location) }) : answer
  }
  const read = async (call: Call, context: CallContext): Promise<Outcome<RecordBody>> => {
    const answer = await send(call, context)
    if (answer.kind !== 'done') return answer
    const body = parseObject(answer.value.body)
    return body === undefined ? unreadable(answer.value) : done(body)
  }
  return {
    create: (type, body, context) =>
      write({ operation: `${type}.create`, method: 'POST', path: recordPath(type), body }, context),
    upsert: (type, externalId, body, context) =>
      write(
        { operation: `${type}.upsert`, method: 'PUT', path: recordPath(type, `eid:${externalId}`), body },
        context,
      ),
    patch: (type, id, body, context) =>
      write({ operation: `${type}.patch`, method: 'PATCH', path: recordPath(type, id), body }, context),
    get: (type, id, context, query) =>
      read(
        { operation: `${type}.get`, method: 'GET', path: recordPath(type, id) + searchOf(query) },
        context,
      ),
    findByExternalId: async (type, externalId, context) => {
      const found = await read(
        { operation: `${type}.find`, method: 'GET', path: recordPath(type, `eid:${externalId}`) },
        context,
      )
      if (found.kind === 'refused' && found.cause === 'missing') return done(undefined)
      if (found.kind !== 'done') return found
      const { id } = found.value
      return done({ id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined })
    },
  }
}

function recordPath(type: string, address?: string): string {
  return `${RECORD_BASE_PATH}/${type}${address === undefined ? '' : `/${address}`}`
}

function searchOf(query: Query | undefined): string {
  return query === undefined ? '' : `?${new URLSearchParams(query)}`
}

/** The one way out: permit, login, transport, judgement, report. */
export function createCaller(
  deps: EngineDeps,
  { timeoutMs = CALL_TIMEOUT_MS, throttle, loginTriesMax = LOGIN_TRIES_MAX }: RecordClientOptions = {},
): Caller {
  const { clock, observer, transport } = deps
  const baseUrl = deps.baseUrl.replace(/\/+$/, '')
  const login = createLogin(clock, deps.rng.fork('nonce'), { transport, baseUrl }, deps.credentials)

  const sendOnce = async (call: Call, context: CallContext): Promise<Answer> => {
    const permit: Permit | undefined = await throttle?.acquire({
      operation: call.operation,
      flow: context.flow,
    })
    const startedMs = clock.now()
    const isWrite = isWriting(call)
    let signal: Signal = 'failed'
    let retryAfterMs: number | undefined
    try {
      let answer: Answer
      try {
        const authorized = login.authorize(requestOf(baseUrl, call))
        const request = authorized instanceof Promise ? await authorized : authorized
        const response = await transport.send(request, { timeoutMs })
        if (response.status === 401) login.refused(request)
        answer = judge(response, clock, isWrite)
      } catch (error) {
        if (error instanceof TransportError) answer = classifyTransportError(error, isWrite)
        else if (error instanceof LoginRefused) answer = classifyLogin(error.response, clock.now())
        else throw error
      }
      const endedMs = clock.now()
      signal = signalOf(answer, endedMs - startedMs)
      if (answer.kind !== 'done') retryAfterMs = answer.retryAfterMs
      observer.attempt(eventOf(call, context, answer, startedMs, endedMs))
      return answer
    } finally {
      permit?.release(signal, retryAfterMs)
    }
  }

  return async (call, context) => {
    let answer = await sendOnce(call, context)
    for (let tries = 1; tries < loginTriesMax && isLoginFailure(answer); tries++) {
      answer = await sendOnce(call, context)
    }
    return answer
  }
}

function requestOf(origin: string, { method, path, body, headers }: Call): WireRequest {
  const url = origin + path
  if (body === undefined) return { method, url, headers: { accept: 'application/json', ...headers } }
  return {
    method,
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

function isWriting({ method, effect }: Call): boolean {
  return effect === undefined ? method !== 'GET' : effect === 'write'
}

function judge(response: WireResponse, clock: Clock, isWrite: boolean): Answer {
  const { status } = response
  return status >= 200 && status < 300 ? done(response) : classifyAnswer(response, clock.now(), isWrite)
}

function isLoginFailure(answer: Answer): boolean {
  return answer.kind === 'refused' && answer.cause === 'login'
}

/** What the answer tells the throttle. A business refusal is an account in good health. */
function signalOf(answer: Answer, tookMs: number): Signal {
  if (answer.kind === 'done') return 'ok'
  if (answer.kind === 'unknown') return 'failed'
  if (answer.cause === 'capacity') return 'refused'
  if (answer.cause === 'login') return tookMs >= SLOW_LOGIN_MS ? 'refused' : 'failed'
  return answer.cause === 'unreachable' || answer.cause === 'outage' ? 'failed' : 'ok'
}

function eventOf(
  call: Call,
  { key, attempt }: CallContext,
  answer: Answer,
  startedMs: number,
  endedMs: number,
): AttemptEvent {
  const times = { operation: call.operation, key, attempt, startedMs, endedMs }
  if (answer.kind === 'done') return { ...times, status: answer.value.status, outcome: 'done' }
  const outcome = outcomeName(answer, isWriting(call))
  return { ...times, status: answer.status, errorCode: answer.code, outcome }
}

function outcomeName(answer: Refused | Unknown, isWrite: boolean): AttemptEvent['outcome'] {
  if (answer.kind === 'unknown') return 'unknown'
  // Asked whether something is there, "no" is an answer, not a refusal.
  if (!isWrite && answer.cause === 'missing') return 'done'
  return answer.retry === 'later' ? 'retry' : 'refused'
}

/** The internal id at the end of a `Location`, absolute or path only; `undefined` for anything but an integer. [REC-100, REC-007] */
export function parseLocation(location: string | undefined): string | undefined {
  return location === undefined ? undefined : /\/(-?\d+)\/?(?:[?#].*)?$/.exec(location)?.[1]
}
