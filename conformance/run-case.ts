/**
 * Carries out one case: preconditions, then steps one after another until the first that differs, then clean-up.
 * What the target does wrong is a failure; what keeps the suite from judging it (no answer, a precondition refused,
 * nothing to save) is an error with its reason. Bugs of ours are neither: they are thrown.
 */
import type { Clock } from '../kernel/clock.ts'
import { LoginRefused } from '../protocol/login.ts'
import { type Transport, TransportError } from '../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireRequest, type WireResponse } from '../protocol/wire.ts'
import { answerDifferences, outcomeDifferences, savedValues } from './answer.ts'
import { type ConformanceCase, type Given, type Send, type Step, targetOf } from './case.ts'
import { createCleanup } from './cleanup.ts'
import { CaseSkip, crowdOver, LIMITS_PATH, skipIfTooFast } from './crowd.ts'
import type { Difference } from './match.ts'
import { CaseProblem, fill } from './placeholder.ts'
import type { Redactor } from './redact.ts'
import type { SignVariant, VariantSigner } from './sign.ts'

export interface CaseContext {
  readonly clock: Clock
  readonly transport: Transport
  readonly signer: VariantSigner
  /** Applied to every answer before it is looked at. */
  readonly redact: Redactor
  readonly base: string
  /** Requests the target may be sent at once. */
  readonly parallelMax: number
  /** Fields the account wants in every record of a type it makes, by type; from the target file. */
  readonly extraFields: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Placeholders that are there from the start. */
  readonly values: ReadonlyMap<string, unknown>
}

export type CaseOutcome = (
  | { readonly status: 'pass' }
  | { readonly status: 'fail'; readonly failure: CaseFailure }
  | { readonly status: 'skip'; readonly reason: string }
  | { readonly status: 'error'; readonly reason: string; readonly noAnswer: boolean }
) & {
  /** Paths of records the clean-up could not delete. */
  readonly leftovers: readonly string[]
  readonly answers: number
}

export interface CaseFailure {
  readonly step: number
  readonly request: string
  readonly differences: readonly Difference[]
}

/** A slow account still answers: list requests of 16 s and refusals after 61 s were seen. [GOV-023, GOV-086] */
const REQUEST_TIMEOUT_MS = 90_000

const OVER_LIMIT = 429

/** As clients poll. [ASY-047] */
const ASK_AGAIN_MS = 3000

/** Runs one case. Rejects only on bugs of ours. */
export async function runCase(context: CaseContext, one: ConformanceCase): Promise<CaseOutcome> {
  const run = new CaseRun(context)
  const outcome = await judge(run, one)
  return { ...outcome, leftovers: await run.cleanUp(), answers: run.answers }
}

type Judged = CaseOutcome extends infer O
  ? O extends unknown
    ? Omit<O, 'leftovers' | 'answers'>
    : never
  : never

async function judge(run: CaseRun, one: ConformanceCase): Promise<Judged> {
  try {
    for (const given of one.given ?? []) await run.prepare(given)
    for (const [step, data] of one.steps.entries()) {
      const { request, found } = await run.step(data)
      if (found.length > 0) return { status: 'fail', failure: { step, request, differences: found } }
    }
    return { status: 'pass' }
  } catch (error) {
    if (error instanceof TransportError)
      return { status: 'error', reason: `no answer: ${error.message} [${error.code}]`, noAnswer: true }
    if (error instanceof CaseSkip) return { status: 'skip', reason: error.message }
    if (error instanceof CaseProblem || error instanceof LoginRefused)
      return { status: 'error', reason: error.message, noAnswer: false }
    throw error
  }
}

/** A request before it is signed, and as it went out last: a resend starts from the former, a replay from the latter. */
interface Sent {
  readonly unsigned: WireRequest
  readonly signed: WireRequest
  readonly variant: SignVariant
}

/** Logins that are right: when an access token has ended in between, the next one is as good. [AUT-091] */
const RIGHT_VARIANTS: readonly SignVariant[] = ['valid', 'restricted-role']

class CaseRun {
  answers = 0
  readonly #context: CaseContext
  readonly #values: Map<string, unknown>
  readonly #sent: Sent[] = []
  readonly #cleanup: ReturnType<typeof createCleanup>

  constructor(context: CaseContext) {
    this.#context = context
    this.#values = new Map(context.values)
    this.#cleanup = createCleanup(context.base)
  }

  async prepare({ send, save }: Given): Promise<void> {
    const unsigned = this.#build(send)
    const response = await this.#exchange(await this.#signed(unsigned, send.sign))
    if (response.status < 200 || response.status > 299)
      throw new CaseProblem(
        `precondition ${nameOf(unsigned)} answered ${response.status}: ${brief(response.body)}`,
      )
    this.#save(save, response)
  }

  async step(step: Step): Promise<{ request: string; found: Difference[] }> {
    const sent = await this.#request(step)
    const request = nameOf(sent.unsigned)
    this.#sent.push(sent)
    if ('outcomes' in step) {
      const responses = await this.#exchangeAll(sent.unsigned, step.send)
      const outcomes = fill(step.outcomes, this.#values)
      const found = outcomeDifferences(outcomes, responses)
      const isQuiet = responses.every(
        ({ status }) => status !== OVER_LIMIT && outcomes.some((one) => one.status === status),
      )
      if (found.length > 0 && isQuiet && step.send.parallel === 'over-limit') {
        skipIfTooFast(await this.#timeAlone(sent.unsigned), responses.length)
      }
      return { request, found }
    }
    const { save, ...expect } = step.expect
    const expected = fill(expect, this.#values)
    let response = await this.#exchange(sent)
    let found = answerDifferences(expected, response)
    const giveUpMs = this.#context.clock.now() + ('until' in step ? (step.until ?? 0) : 0) * 1000
    while (found.length > 0 && this.#context.clock.now() + ASK_AGAIN_MS <= giveUpMs) {
      await this.#context.clock.sleep(ASK_AGAIN_MS)
      response = await this.#exchange(await this.#signed(sent.unsigned))
      found = answerDifferences(expected, response)
    }
    if (found.length === 0) this.#save(save, response)
    return { request, found }
  }

  cleanUp(): Promise<string[]> {
    return this.#cleanup.run(async (request) => this.#send((await this.#signed(request)).signed))
  }

  async #request(step: Step): Promise<Sent> {
    if ('send' in step) return this.#signed(this.#build(step.send), step.send.sign)
    const earlier = this.#sent[step.resend]!
    if (step.sign === 'replayed') return { ...earlier, variant: 'replayed' }
    return this.#signed(earlier.unsigned, step.sign)
  }

  #build(send: Send): WireRequest {
    const { method, path } = targetOf(send)
    const url = `${this.#context.base}${fill(path, this.#values)}`
    const body = this.#body(send, method, path)
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    for (const [name, value] of Object.entries(send.headers ?? {}))
      headers[name.toLowerCase()] = String(fill(value, this.#values))
    return { method, url, headers, body }
  }

  #body(send: Send, method: string, path: string): string | undefined {
    if (send.text !== undefined) return send.text
    if (send.body === undefined) return undefined
    const filled: unknown = fill(send.body, this.#values)
    const makes = method === 'POST' || method === 'PUT'
    if (!makes || typeof filled !== 'object' || filled === null || Array.isArray(filled))
      return JSON.stringify(filled)
    const type = path.slice(RECORD_BASE_PATH.length + 1).split(/[/?]/)[0]!
    const whole = (record: object) => ({ ...this.#context.extraFields[type], ...record })
    // A batch holds its records in `items`; no record has a field of that name. [REC-212]
    const { items } = filled as { items?: object[] }
    return JSON.stringify(items === undefined ? whole(filled) : { items: items.map(whole) })
  }

  async #signed(unsigned: WireRequest, variant: SignVariant = 'valid'): Promise<Sent> {
    return { unsigned, signed: await this.#context.signer.sign(unsigned, variant), variant }
  }

  async #exchangeAll(unsigned: WireRequest, send: Send): Promise<WireResponse[]> {
    const length = send.parallel === 'over-limit' ? await this.#crowd() : send.parallel!
    const signing = Array.from({ length }, () => this.#signed(unsigned, send.sign))
    const requests = await Promise.all(signing)
    // Settled, not raced: nothing may still be under way when the case goes on.
    const settled = await Promise.allSettled(requests.map((request) => this.#exchange(request)))
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
  }

  async #crowd(): Promise<number> {
    const { base, parallelMax } = this.#context
    const ask: WireRequest = { method: 'GET', url: base + LIMITS_PATH, headers: {}, body: undefined }
    return crowdOver(await this.#exchange(await this.#signed(ask)), parallelMax)
  }

  async #timeAlone(unsigned: WireRequest): Promise<number> {
    const signed = await this.#signed(unsigned)
    const sinceMs = this.#context.clock.now()
    await this.#exchange(signed)
    return this.#context.clock.now() - sinceMs
  }

  async #exchange(sent: Sent): Promise<WireResponse> {
    const { unsigned, signed, variant } = sent
    const response = await this.#deliver(signed)
    if (response.status !== 401 || !RIGHT_VARIANTS.includes(variant)) return response
    if (!this.#context.signer.refused(signed)) return response
    return this.#deliver((await this.#signed(unsigned, variant)).signed)
  }

  async #deliver(request: WireRequest): Promise<WireResponse> {
    try {
      const response = await this.#send(request)
      this.#cleanup.note(request, response)
      return response
    } catch (error) {
      if (error instanceof TransportError && error.effect === 'unknown')
        this.#cleanup.note(request, undefined)
      throw error
    }
  }

  async #send(request: WireRequest): Promise<WireResponse> {
    const response = await this.#context.transport.send(request, { timeoutMs: REQUEST_TIMEOUT_MS })
    this.answers++
    return this.#context.redact(request, response)
  }

  #save(save: Readonly<Record<string, string>> | undefined, response: WireResponse): void {
    for (const [name, value] of savedValues(save ?? {}, response)) this.#values.set(name, value)
  }
}

/** Method and path, as a reader would name the request; never headers. */
function nameOf({ method, url }: WireRequest): string {
  const { pathname, search } = new URL(url)
  return `${method} ${pathname}${search}`
}

const BRIEF_CHARACTERS = 300

function brief(body: string): string {
  return body.length > BRIEF_CHARACTERS ? `${body.slice(0, BRIEF_CHARACTERS)}…` : body
}
