/**
 * What a conformance case is: data, cited, the same for every target. Expected values are literals written here from
 * the sources, never constants shared with the simulator or the engine, which would share their mistakes.
 * `{words}` in braces are filled in when the case runs: values of the run (see placeholder.ts) and what steps save.
 */
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import { expectationProblems } from './match.ts'
import { kindOf, SIGN_VARIANTS, type SignVariant } from './sign.ts'

export const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

const READS: readonly Method[] = ['GET', 'OPTIONS']

/** What a target must offer for a case to be run on it. `tba`, `oauth2`: credentials of that kind, which then log in all of the case. */
export const NEEDS = ['writes', 'concurrency', 'restricted-role', 'tba', 'oauth2'] as const
export type Need = (typeof NEEDS)[number]

/** Requests a step may send at once. Oracle asks not to load-test an account: enough to pass a limit, no more. */
const PARALLEL_MAX = 100

const expectation = z.unknown().superRefine((value, context) => {
  for (const message of expectationProblems(value)) context.addIssue({ code: 'custom', message })
})

const pathSchema = z.string().regex(/^\/services\/rest\/\S*$/, 'a path below /services/rest')

const sendSchema = z
  .strictObject({
    GET: pathSchema.optional(),
    POST: pathSchema.optional(),
    PATCH: pathSchema.optional(),
    PUT: pathSchema.optional(),
    DELETE: pathSchema.optional(),
    OPTIONS: pathSchema.optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.json().describe('sent as JSON').optional(),
    text: z.string().describe('sent as it is, labelled as JSON').optional(),
    sign: z.enum(SIGN_VARIANTS).describe('default: valid').optional(),
    parallel: z
      .union([z.int().min(2).max(PARALLEL_MAX), z.literal('over-limit')])
      .describe('send so many at once; over-limit: more than the account says it takes')
      .optional(),
  })
  .refine((send) => METHODS.filter((method) => send[method] !== undefined).length === 1, 'exactly one method')
  .refine((send) => send.body === undefined || send.text === undefined, 'body or text, not both')

const saveSchema = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9]*$/),
    z.string().regex(/^(header\.[a-z0-9-]+(:last)?|body(\/.*)?)$/),
  )
  .describe('name → header.NAME, header.NAME:last (last segment of its path), or body + JSON pointer')

const answer = {
  status: expectation,
  header: z
    .record(z.string().regex(/^[a-z0-9-]+$/), expectation)
    .describe('lower-case names')
    .optional(),
  body: expectation.describe('the body read as JSON').optional(),
  text: expectation.describe('the body as it came').optional(),
  errorCode: z.string().describe('o:errorCode of the first detail').optional(),
}
const expectSchema = z.strictObject({ ...answer, save: saveSchema.optional() })
const outcomeSchema = z.strictObject({
  ...answer,
  status: z.int(),
  min: z.int().min(0).describe('at least so many of the parallel answers').optional(),
  max: z.int().min(0).describe('at most so many').optional(),
})

const stepSchema = z.union([
  z.strictObject({
    send: sendSchema,
    until: z
      .int()
      .min(1)
      .max(600)
      .describe('seconds to ask again until the answer is as expected, for work that is under way')
      .optional(),
    expect: expectSchema,
  }),
  z
    .strictObject({ send: sendSchema, outcomes: z.array(outcomeSchema).min(1) })
    .describe('parallel answers, told apart by status; a status not listed is a difference'),
  z
    .strictObject({
      resend: z.int().min(0).describe('number of an earlier step, from 0'),
      sign: z.enum(SIGN_VARIANTS).optional(),
      expect: expectSchema,
    })
    .describe('the same request again, signed anew unless sign says replayed'),
])

const givenSchema = z
  .strictObject({ send: sendSchema, save: saveSchema.optional() })
  .describe(
    'a precondition: any 2xx will do; anything else is an error of the case, not a failure of the target',
  )

export const caseSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/, 'area.words; permanent'),
  title: z.string().min(10).describe('what holds, in one sentence'),
  level: z.enum(['must', 'should']).describe('must: a target that differs fails the run'),
  evidence: z.enum(['documented', 'observed', 'inferred']),
  source: z.strictObject({
    ref: z
      .string()
      .regex(/^[A-Z]{3}-[A-Z]?\d{2,3}$/)
      .describe('fact ID, listed in sources.json'),
    says: z.string().min(10).describe('the requirement in our words'),
  }),
  needs: z.array(z.enum(NEEDS)).optional(),
  /** Why the case is not run at present. */
  disabled: z.string().min(10).optional(),
  given: z.array(givenSchema).optional(),
  steps: z.array(stepSchema).min(1),
})

export type ConformanceCase = z.input<typeof caseSchema>
export type Send = z.input<typeof sendSchema>
export type Step = z.input<typeof stepSchema>
export type Given = z.input<typeof givenSchema>
export type Expect = z.input<typeof expectSchema>
export type Outcome = z.input<typeof outcomeSchema>

/** First part of the id. */
export function areaOf(one: Pick<ConformanceCase, 'id'>): string {
  return one.id.slice(0, one.id.indexOf('.'))
}

/** The method and path of a request; a send has exactly one. */
export function targetOf(send: Send): { readonly method: Method; readonly path: string } {
  const method = METHODS.find((name) => send[name] !== undefined)!
  return { method, path: send[method]! }
}

/** An access token is asked for by a POST that makes no record. [AUT-060] */
function isRead(send: Send): boolean {
  return READS.includes(targetOf(send).method) || send.sign?.startsWith('assertion') === true
}

/** Checks cases as data. Throws `E_CASE_INVALID` that lists every problem of every case. */
export function checkCases(cases: readonly ConformanceCase[]): readonly ConformanceCase[] {
  const problems = cases.flatMap(caseProblems)
  const ids = new Set<string>()
  for (const { id } of cases) {
    if (ids.has(id)) problems.push(`${id}: the id is taken`)
    ids.add(id)
  }
  if (problems.length === 0) return cases
  throw new AppError('E_CASE_INVALID', `conformance cases are not valid:\n${problems.join('\n')}`, {
    expected: 'cases as conformance/case.ts describes them',
    mend: 'correct the case, or report it if it came with Seatrial',
  })
}

function caseProblems(one: ConformanceCase): string[] {
  const parsed = caseSchema.safeParse(one)
  if (!parsed.success)
    return parsed.error.issues.map((issue) => `${one.id}: ${issue.path.join('/')} ${issue.message}`)
  const problems: string[] = []
  const sends = [...(one.given ?? []), ...one.steps].flatMap((step) => ('send' in step ? [step.send] : []))
  const needs = one.needs ?? []
  if (one.evidence === 'inferred' && one.level === 'must') problems.push('what is inferred is never a must')
  if (!needs.includes('writes') && sends.some((send) => !isRead(send)))
    problems.push('writes, but does not need writes')
  if (!needs.includes('concurrency') && sends.some((send) => send.parallel !== undefined))
    problems.push('sends in parallel, but does not need concurrency')
  const signs: (SignVariant | undefined)[] = [
    ...sends.map(({ sign }) => sign),
    ...one.steps.map((step) => ('resend' in step ? step.sign : undefined)),
  ]
  if (signs.includes('restricted-role') && !needs.includes('restricted-role'))
    problems.push('sends as a restricted role, but does not need one')
  for (const kind of ['tba', 'oauth2'] as const)
    if (!needs.includes(kind) && signs.some((sign) => sign !== undefined && kindOf(sign) === kind))
      problems.push(`logs in as only ${kind} can, but does not need ${kind}`)
  one.steps.forEach((step, index) => {
    if ('resend' in step && !(step.resend < index)) problems.push(`step ${index} repeats a later step`)
    if ('send' in step && 'outcomes' in step !== (step.send.parallel !== undefined))
      problems.push(`step ${index}: outcomes and parallel go together`)
  })
  return problems.map((problem) => `${one.id}: ${problem}`)
}
