/**
 * Holds one answer against what a step expects of it, and takes from it what later steps need.
 * Differences are located as a reader of the wire would: `status`, `header.location`, `body`, or a JSON pointer into the body.
 */
import type { WireResponse } from '../protocol/wire.ts'
import type { Expect, Outcome } from './case.ts'
import { type Difference, differences, show } from './match.ts'
import { CaseProblem } from './placeholder.ts'

/** What differs between an answer and an expectation whose placeholders are filled. */
export function answerDifferences(expect: Expect | Outcome, response: WireResponse): Difference[] {
  const found = differences(expect.status, response.status, 'status')
  for (const [name, expected] of Object.entries(expect.header ?? {}))
    found.push(...differences(expected, response.headers[name], `header.${name}`))
  if (expect.text !== undefined) found.push(...differences(expect.text, response.body, 'body'))
  if (expect.body === undefined && expect.errorCode === undefined) return found
  const body = parseJson(response.body)
  if (body === undefined) return [...found, { at: 'body', expected: 'JSON', actual: show(response.body) }]
  if (expect.errorCode !== undefined)
    found.push(...differences({ 'o:errorDetails': errorDetails(expect.errorCode, body) }, body))
  if (expect.body !== undefined) found.push(...differences(expect.body, body))
  return found.map((one) => (one.at === '' ? { ...one, at: 'body' } : one))
}

/** Sorts parallel answers by status and compares each; also holds their numbers against `min` and `max`. */
export function outcomeDifferences(
  outcomes: readonly Outcome[],
  responses: readonly WireResponse[],
): Difference[] {
  const listed = outcomes.map(({ status }) => status)
  const strangers = responses.filter(({ status }) => !listed.includes(status))
  if (strangers.length > 0) {
    const actual = [...new Set(strangers.map(({ status }) => status))].sort().join(', ')
    return [{ at: 'status', expected: `one of ${listed.join(', ')}`, actual }]
  }
  return outcomes.flatMap((outcome) => {
    const mine = responses.filter(({ status }) => status === outcome.status)
    const { min = 0, max = responses.length } = outcome
    if (mine.length < min || mine.length > max) {
      const expected = `${min} to ${max} answers of status ${outcome.status}`
      return [{ at: 'status', expected, actual: `${mine.length} of ${responses.length}` }]
    }
    // One is shown for all: sixty equal differences tell no more than the first.
    return (
      mine.map((response) => answerDifferences(outcome, response)).find((found) => found.length > 0) ?? []
    )
  })
}

/** Takes the named values out of an answer. Throws `CaseProblem` for one that is not there. */
export function savedValues(
  save: Readonly<Record<string, string>>,
  response: WireResponse,
): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [name, from] of Object.entries(save)) {
    const value = from.startsWith('header.')
      ? fromHeader(from.slice('header.'.length), response)
      : fromPointer(from.slice('body'.length), parseJson(response.body))
    if (value === undefined) throw new CaseProblem(`the answer (${response.status}) has no ${from} to save`)
    values.set(name, value)
  }
  return values
}

function fromHeader(from: string, response: WireResponse): string | undefined {
  const last = from.endsWith(':last')
  const value = response.headers[last ? from.slice(0, -':last'.length) : from]
  if (!last) return value
  const segment = value
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1)
  return segment === '' ? undefined : segment
}

function fromPointer(pointer: string, body: unknown): unknown {
  let value = body
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The first detail must carry the code, whatever further details there are. */
function errorDetails(code: string, body: unknown): unknown {
  const details = (body as { 'o:errorDetails'?: unknown } | null)?.['o:errorDetails']
  const rest = Array.isArray(details) ? details.slice(1).map(() => ({})) : []
  return [{ 'o:errorCode': code }, ...rest]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
