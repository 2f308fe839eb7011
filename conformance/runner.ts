/**
 * Runs cases on a target and adds up what was found. One request at a time, except where a case is about concurrency.
 * Every case of the suite has a row in the result, also those that were not run, so a partial run never looks complete.
 */
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import type { Rng } from '../kernel/rng.ts'
import { isOAuth2, type Login } from '../protocol/login.ts'
import type { Transport } from '../protocol/transport.ts'
import { areaOf, type ConformanceCase, checkCases, type Need } from './case.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { type CaseResult, CONFORMANCE_FORMAT, type ConformanceResult, type Evidence } from './result.ts'
import { type CaseOutcome, runCase } from './run-case.ts'
import { createVariantSigner, type VariantSigner } from './sign.ts'
import { sourceOf } from './sources.ts'
import type { Target } from './target.ts'

export interface ConformanceOptions {
  readonly clock: Clock
  readonly rng: Rng
  /** Reaches the target; requests come to it logged in. Not closed by the run. */
  readonly transport: Transport
  readonly target: Target
  /** One that is in use already, by the target's credentials; e.g. by who made sure that it works. Default: a new one. */
  readonly login?: Login | undefined
  readonly cases: readonly ConformanceCase[]
  /** Ids or areas to run; the other cases are reported as disabled. Default: all. */
  readonly only?: readonly string[] | undefined
  /** Version of the product, for the result. */
  readonly version: string
  /** Called after each case, e.g. to show progress. */
  readonly onCase?: ((result: CaseResult) => void) | undefined
}

/** Cases without any answer after which a target counts as unreachable and is left alone. */
const UNANSWERED_CASES_MAX = 3

/**
 * Runs the suite. Throws `E_CASE_INVALID` for bad case data and `E_CASE_UNKNOWN` for a name in `only` that matches nothing;
 * whatever the target or the network does ends as the status of a case.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { clock, rng, target, only, version } = options
  const cases = checkCases(options.cases)
  checkNames(cases, only)
  const redact = createRedactor([target.credentials, target.otherCredentials, target.restrictedRole])
  const signers = createSigners(options, redact)
  // The time keeps runs on one sandbox apart, the draw keeps runs of one moment apart.
  const prefix = `seatrial-${Math.floor(clock.now()).toString(36)}${rng.fork('run').hex(4)}`
  const rows: CaseResult[] = []
  const leftovers: string[] = []
  const reach: Reach = { answers: 0, unanswered: 0 }
  for (const [index, one] of cases.entries()) {
    const reason = reasonNotToRun(one, options)
    const row =
      reason ??
      (await runRow(one, { ...options, signers, redact, reach, leftovers, unique: `${prefix}-${index}` }))
    const result = { ...describe(one), ...row }
    rows.push(result)
    options.onCase?.(result)
  }
  return {
    format: CONFORMANCE_FORMAT,
    product: { name: 'seatrial', version },
    target: target.name,
    verdict: verdictOf(rows),
    cases: rows,
    scores: scoresOf(rows),
    ...(leftovers.length === 0 ? {} : { leftovers }),
  }
}

/** Whether the target was heard at all. */
interface Reach {
  answers: number
  unanswered: number
}

type Row = Pick<CaseResult, 'status' | 'reason' | 'failure'>

interface RowOptions extends ConformanceOptions {
  readonly signers: Signers
  readonly redact: Redactor
  readonly reach: Reach
  readonly leftovers: string[]
  readonly unique: string
}

/** By the credentials that the suite logs in with, and by those of the other kind. */
interface Signers {
  readonly main: VariantSigner
  readonly tba?: VariantSigner | undefined
  readonly oauth2?: VariantSigner | undefined
}

function createSigners(
  { clock, rng, transport, target, login }: ConformanceOptions,
  redact: Redactor,
): Signers {
  const { baseUrl, credentials, otherCredentials, restrictedRole } = target
  // What refuses a token ends in a reason; the token itself must come through whole.
  const send: Transport['send'] = async (request, options) => {
    const response = await transport.send(request, options)
    return response.status === 200 ? response : redact(request, response)
  }
  const parts = { baseUrl, transport: { ...transport, send } }
  const main = createVariantSigner(clock, rng.fork('nonce'), { ...parts, credentials, restrictedRole, login })
  const other =
    otherCredentials &&
    createVariantSigner(clock, rng.fork('other nonce'), { ...parts, credentials: otherCredentials })
  return isOAuth2(credentials) ? { main, oauth2: main, tba: other } : { main, tba: main, oauth2: other }
}

/** A case about one kind of login is logged in by that kind throughout. */
function signerFor({ needs = [] }: ConformanceCase, { main, tba, oauth2 }: Signers): VariantSigner {
  const own = needs.includes('tba') ? tba : needs.includes('oauth2') ? oauth2 : main
  return own ?? main
}

async function runRow(one: ConformanceCase, options: RowOptions): Promise<Row> {
  const { target, clock, transport, signers, redact, reach, unique, rng } = options
  if (reach.answers === 0 && reach.unanswered >= UNANSWERED_CASES_MAX)
    return { status: 'error', reason: 'not sent: the target has answered nothing so far' }
  const values = new Map<string, unknown>([
    ['base', target.baseUrl],
    ['account', target.accountId],
    ['unique', unique],
    ['key', rng.fork(one.id).uuid()],
  ])
  const { baseUrl: base, extraFields, parallelMax } = target
  const outcome = await runCase(
    { clock, transport, signer: signerFor(one, signers), redact, base, extraFields, parallelMax, values },
    one,
  )
  reach.answers += outcome.answers
  if (outcome.status === 'error' && outcome.noAnswer) reach.unanswered++
  options.leftovers.push(...outcome.leftovers)
  return rowOf(outcome)
}

function rowOf(outcome: CaseOutcome): Row {
  if (outcome.status === 'pass') return { status: 'pass' }
  if (outcome.status !== 'fail') return { status: outcome.status, reason: outcome.reason }
  const { step, request, differences } = outcome.failure
  return {
    status: 'fail',
    failure: {
      step,
      request,
      differences: differences.map(({ at, expected, actual }) => ({ at, expected, actual })),
    },
  }
}

function describe(one: ConformanceCase): Omit<CaseResult, 'status'> {
  const { id, title, level, evidence, source } = one
  return { id, area: areaOf(one), title, level, evidence, source: { ...source, ...sourceOf(source.ref) } }
}

function reasonNotToRun(one: ConformanceCase, { only, target }: ConformanceOptions): Row | undefined {
  if (one.disabled !== undefined) return { status: 'disabled', reason: one.disabled }
  if (only !== undefined && !only.some((name) => selects(name, one)))
    return { status: 'disabled', reason: 'not selected' }
  const needs = one.needs ?? []
  if (needs.includes('writes') && !target.allowWrites)
    return { status: 'skip', reason: 'needs writes, which the target file does not allow (allowWrites)' }
  if (needs.includes('restricted-role') && target.restrictedRole === undefined)
    return {
      status: 'skip',
      reason: 'needs a second role, which the target file does not name (restrictedRole)',
    }
  const missing = missingLogin(needs, target)
  if (missing !== undefined) return { status: 'skip', reason: missing }
  const most = Math.max(0, ...one.steps.map((step) => ('send' in step ? leastOf(step.send.parallel) : 0)))
  if (needs.includes('concurrency') && most > target.parallelMax)
    return {
      status: 'skip',
      reason: `needs ${most} requests at once; the target file allows ${target.parallelMax} (parallelMax)`,
    }
  return undefined
}

function missingLogin(needs: readonly Need[], { credentials, otherCredentials }: Target): string | undefined {
  const has = [credentials, otherCredentials].flatMap((one) => (one === undefined ? [] : [isOAuth2(one)]))
  if (needs.includes('tba') && !has.includes(false))
    return 'needs a token of OAuth 1.0a, which the target does not have (credentials.fromEnv)'
  if (needs.includes('oauth2') && !has.includes(true))
    return 'needs a certificate of OAuth 2.0, which the target does not have (credentials.oauth2)'
  return undefined
}

/** How many more than the limit are is known only when the account was asked. */
function leastOf(parallel: number | 'over-limit' = 0): number {
  return parallel === 'over-limit' ? 2 : parallel
}

function selects(name: string, one: ConformanceCase): boolean {
  return one.id === name || areaOf(one) === name
}

function checkNames(cases: readonly ConformanceCase[], only: readonly string[] | undefined): void {
  const unknown = (only ?? []).filter((name) => !cases.some((one) => selects(name, one)))
  if (unknown.length === 0) return
  const areas = [...new Set(cases.map(areaOf))].sort()
  throw new AppError('E_CASE_UNKNOWN', `no conformance case or area is called ${unknown.join(', ')}`, {
    expected: `the id of a case, or an area: ${areas.join(', ')}`,
    mend: 'correct the name',
  })
}

/**
 * `fail`: a case of level must failed. `error`: none did, but a case could not be carried out, or none passed at all,
 * so that nothing is known. A failed `should` is reported and leaves the verdict alone.
 */
function verdictOf(rows: readonly CaseResult[]): ConformanceResult['verdict'] {
  if (rows.some(({ status, level }) => status === 'fail' && level === 'must')) return 'fail'
  if (rows.some(({ status }) => status === 'error')) return 'error'
  return rows.some(({ status }) => status === 'pass') ? 'pass' : 'error'
}

const EVIDENCE_ORDER: readonly Evidence[] = ['documented', 'observed', 'inferred']

function scoresOf(rows: readonly CaseResult[]): ConformanceResult['scores'] {
  const areas = [...new Set(rows.map(({ area }) => area))].sort()
  return areas.flatMap((area) =>
    EVIDENCE_ORDER.flatMap((evidence) => {
      const mine = rows.filter((row) => row.area === area && row.evidence === evidence)
      const count = (status: CaseResult['status']) => mine.filter((row) => row.status === status).length
      const score = {
        area,
        evidence,
        pass: count('pass'),
        fail: count('fail'),
        skip: count('skip'),
        disabled: count('disabled'),
        error: count('error'),
      }
      return mine.length === 0 ? [] : [score]
    }),
  )
}
