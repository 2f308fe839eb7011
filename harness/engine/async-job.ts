/**
 * Work that the account does later: submitted under an idempotency key, followed from its job to its tasks to their results.
 * A 202 that got lost is no loss: the same key again is refused with the address of the first job, and that one is followed
 * [ASY-070, ASY-074]. The key is made from what is submitted and the try it belongs to, so a process that takes over after
 * a crash finds the job of the one before. A job that is gone has an unknown end: then the records themselves are asked for.
 *
 *   submit ──202──▶ poll the job until it is completed ──▶ result of each task, one by one [ASY-028]
 *      │ refused as repeated: its Location ───▲
 *      └ unknown: once more with the same key
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { backoffMs } from './backoff.ts'
import { parseObject } from './classify.ts'
import { type Call, type CallContext, type Caller, parseLocation, type Written } from './client.ts'
import { done, type Outcome, type Unknown } from './outcome.ts'

const BASE_PATH = '/services/rest/async/v1/job'
/** So often is one submit sent, under one key, while its fate is unknown. */
const SUBMIT_TRIES_MAX = 6
/** Simple records are done within seconds; then ever more rarely, since a batch takes a minute. [ASY-047] */
const POLL_MS_MIN = 1_000
const POLL_MS_MAX = 10_000
const POLL_GROWTH = 1.5
/** Longer than any processor takes for a hundred records; a job that is still not done is left, its end unknown. [ASY-047] */
const FOLLOW_MS_MAX = 900_000
/** So often is a result asked for while its answer says nothing. */
const RESULT_TRIES_MAX = 4

/** A job that is completed. */
export interface EndedJob {
  readonly id: string
  /** What became of the n-th request of the job, from 1. */
  result(n: number): Promise<Outcome<Written>>
}

export interface AsyncJobs {
  /**
   * Submits a write and waits until the account has done it. `refused`: not taken on. `unknown`: anything may have been
   * done. `expectedMs`: how long it takes at least: so long nobody asks. Default 0.
   */
  run(call: Call, context: CallContext, expectedMs?: number): Promise<Outcome<EndedJob>>
}

/** `rng` draws the delays between the tries of one submit. */
export function createAsyncJobs(clock: Clock, rng: Rng, send: Caller): AsyncJobs {
  return {
    run: async (call, context, expectedMs = 0) => {
      const job = await submit({ clock, rng, send }, call, context)
      return job.kind === 'done' ? follow({ clock, rng, send }, job.value, context, expectedMs) : job
    },
  }
}

interface Parts {
  readonly clock: Clock
  readonly rng: Rng
  readonly send: Caller
}

/** Gives the job's id. */
async function submit(
  { clock, rng, send }: Parts,
  call: Call,
  context: CallContext,
): Promise<Outcome<string>> {
  const headers = {
    ...call.headers,
    prefer: 'respond-async',
    'x-netsuite-idempotency-key': idempotencyKey(call, context),
  }
  let last: Unknown | undefined
  for (let tries = 1; tries <= SUBMIT_TRIES_MAX; tries++) {
    const answer = await send({ ...call, headers }, context)
    const isTaken = answer.kind === 'done' || (answer.kind === 'refused' && answer.cause === 'repeated')
    if (isTaken) {
      const id = parseLocation(answer.kind === 'done' ? answer.value.headers.location : answer.location)
      if (id !== undefined) return done(id)
    }
    // An earlier try may have begun the job all the same: it is this one that was refused.
    if (answer.kind === 'refused' && !isTaken) return last ?? answer
    last = answer.kind === 'unknown' ? answer : NOWHERE
    if (tries < SUBMIT_TRIES_MAX) await clock.sleep(backoffMs(rng, tries))
  }
  return last!
}

/** Taken on, by its status, and yet nowhere to be found. */
const NOWHERE: Unknown = {
  kind: 'unknown',
  status: 202,
  code: 'E_NO_JOB',
  detail: 'the answer to a submit named no job',
}

async function follow(
  parts: Parts,
  id: string,
  context: CallContext,
  expectedMs: number,
): Promise<Outcome<EndedJob>> {
  const { clock, send } = parts
  const untilMs = clock.now() + FOLLOW_MS_MAX
  const path = `${BASE_PATH}/${id}`
  await clock.sleep(expectedMs)
  for (
    let waitMs = POLL_MS_MIN;
    clock.now() < untilMs;
    waitMs = Math.min(POLL_MS_MAX, waitMs * POLL_GROWTH)
  ) {
    await clock.sleep(waitMs)
    const answer = await send({ operation: 'async.job', method: 'GET', path }, context)
    if (answer.kind === 'done' && parseObject(answer.value.body)?.completed === true)
      return done({ id, result: (n) => resultOf(parts, `${path}/task/${n}/result`, context) })
    if (answer.kind === 'refused' && answer.retry === 'never')
      return { ...answer, kind: 'unknown', detail: `job ${id}: ${answer.detail}` }
  }
  const detail = `job ${id} was not done within ${FOLLOW_MS_MAX / 60_000} minutes`
  return { kind: 'unknown', status: 0, code: 'E_JOB_SLOW', detail }
}

/** The answer the request would have had at once, whatever its status. [ASY-025, OPQ-052] */
async function resultOf(
  { clock, rng, send }: Parts,
  path: string,
  context: CallContext,
): Promise<Outcome<Written>> {
  const call: Call = { operation: 'async.result', method: 'GET', path, effect: 'write' }
  for (let tries = 1; ; tries++) {
    const answer = await send(call, context)
    if (answer.kind === 'done') return done({ id: parseLocation(answer.value.headers.location) })
    // "No such result" says nothing of the record.
    const isSilent = answer.kind === 'unknown' || answer.retry === 'later' || answer.status === 404
    if (!isSilent) return answer
    if (tries === RESULT_TRIES_MAX) return { ...answer, kind: 'unknown' }
    await clock.sleep(backoffMs(rng, tries, undefined, answer.retryAfterMs))
  }
}

/** A UUID of what is submitted, its work and the try: the same again after a crash, another one for the next try. [ASY-072] */
export function idempotencyKey({ method, path, body }: Call, { key, attempt }: CallContext): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([method, path, body, key, attempt]))
    .digest('hex')
  // Version 8 and variant of RFC 9562: made by rule, not by chance.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
