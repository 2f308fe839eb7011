/**
 * Judges how engines behaved where calls are scarce: what went out in batches is sent under one key and followed to its end, and no
 * budget of calls is exceeded. From what went over their wires alone.
 */
import type { CallBudget } from '../../../harness/engine/throttle/pacer.ts'
import type { JournalEntry } from '../../../protocol/control.ts'
import type { Extras } from './peak-plan.ts'
import type { Exchange } from './wire-log.ts'

export interface PeakManners {
  readonly wire: readonly Exchange[]
  readonly extras: Extras
  /** The same in the account's journal. */
  readonly calls: readonly JournalEntry[]
  /** A clock was moved on the way: its windows are not ours. */
  readonly isMoved: boolean
}

/** A token is waited for so long at most. */
const FETCH_SEC_MAX = 30
/** After so long a job that is not done is left, and its records are looked for. */
const FOLLOW_MS_MAX = 900_000
/** Longer than any pause between two polls, with a call that is given up in between. */
const POLL_MS_MAX = 120_000

export function judgePeakManners(manners: PeakManners): string[] {
  const { wire, extras, isMoved } = manners
  const lives = Map.groupBy(wire, ({ life }) => life)
  return [
    ...judgeTokens(manners),
    ...[...lives].flatMap(([life, calls]) => [
      ...(isMoved ? [] : extras.budgets.flatMap((budget) => judgeBudget(life, calls, budget))),
      ...judgeKeys(life, calls),
      ...judgeJobs(life, calls),
    ]),
  ]
}

/** In no window are there more calls than its budget has; tokens are no calls of the integration. */
function judgeBudget(
  life: string,
  calls: readonly Exchange[],
  { name, windowMs, callsMax }: CallBudget,
): string[] {
  const times = calls.filter(({ type }) => type !== 'token').map(({ sentMs }) => sentMs)
  const over = times.findIndex(
    (atMs, index) => index >= callsMax && atMs - times[index - callsMax]! < windowMs,
  )
  return over === -1 ? [] : [`budget: ${life} sent more than ${callsMax} calls within one ${name}`]
}

/** A token is sent while it is good, unless a clock was moved, or its answer may have taken as long as its life. */
function judgeTokens({ calls, isMoved, extras }: PeakManners): string[] {
  const ended = calls.filter(
    ({ status, fault, loginFailure }) =>
      status === 401 && fault === undefined && loginFailure === 'AccessTokenExpired',
  )
  const isShort = (extras.accessTokenSec ?? 0) < FETCH_SEC_MAX
  return isMoved || isShort || ended.length === 0
    ? []
    : [`token: ${ended.length} calls came with a token that had ended`]
}

const isDoubtful = ({ heardMs, status, isUnsent }: Exchange): boolean =>
  !isUnsent && (heardMs === undefined || status === 0 || status === 408 || status >= 500)

/** A batch whose fate is unknown is sent again under its own key, or its records are looked for first. */
function judgeKeys(life: string, calls: readonly Exchange[]): string[] {
  return calls.flatMap((call, at) => {
    const { batch } = call
    if (batch === undefined) return []
    const ids = new Set(batch.ids)
    const from = calls.findLastIndex(
      (one, index) => index < at && one.batch?.ids.some((id) => ids.has(id)) && isDoubtful(one),
    )
    const before = calls[from]
    if (before === undefined || before.batch!.key === batch.key) return []
    const sought = calls.slice(from + 1, at)
    const unsought = batch.ids.filter(
      (id) =>
        before.batch!.ids.includes(id) &&
        !sought.some(
          (one) => one.externalId === id || (one.batch?.key === before.batch!.key && !isDoubtful(one)),
        ),
    )
    return unsought.length === 0 ? [] : [`job-key: ${life} sent ${unsought[0]} again under another key`]
  })
}

/** A job that was taken on is asked for until it is done; nobody asks for its results, or creates its records, before. */
function judgeJobs(life: string, calls: readonly Exchange[]): string[] {
  const lastMs = calls.at(-1)!.sentMs
  return calls.flatMap((submit) => {
    const { batch, job, heardMs } = submit
    if (batch === undefined || job === undefined || heardMs === undefined) return []
    const polls = calls.filter((one) => one.poll === job && one.sentMs >= heardMs)
    if (polls.length === 0 && lastMs > heardMs + POLL_MS_MAX)
      return [`job: ${life} never asked for job ${job}`]
    const end = polls.find(
      ({ status, isCompleted }) =>
        isCompleted || (status >= 400 && status < 500 && status !== 429 && status !== 401),
    )
    const endMs = Math.min(end?.heardMs ?? Number.POSITIVE_INFINITY, heardMs + FOLLOW_MS_MAX)
    const early = calls.find(
      (one) =>
        one.sentMs >= heardMs &&
        one.sentMs < endMs &&
        (one.resultOf === job ||
          (one.method === 'POST' && one.externalId !== undefined && batch.ids.includes(one.externalId))),
    )
    return early === undefined
      ? []
      : [`job-early: ${life} took job ${job} for done, ${early.method} ${early.externalId ?? 'its result'}`]
  })
}
