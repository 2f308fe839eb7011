/** Test support: a simulated account without waiting, reached with signed requests in one line. */
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner } from '../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireResponse } from '../protocol/wire.ts'
import { createSimulator } from './index.ts'
import { loadProfile, type ProfileInput } from './profile.ts'
import type { Catalogue } from './spec/catalogue.ts'

export interface TestAccountOptions {
  readonly profile?: ProfileInput
  readonly catalogue?: Catalogue
}

export type Body = Record<string, unknown>

/** An answer with its body read as JSON where it is some. */
export interface TestAnswer extends WireResponse {
  readonly json: Body
  /** Code, detail and locators of the first error detail. */
  readonly error: Record<string, string> | undefined
  /** Internal id at the end of `Location`. */
  readonly id: string
}

export function createTestAccount({ profile, catalogue }: TestAccountOptions = {}) {
  const clock = new VirtualClock()
  const simulator = createSimulator({
    clock,
    rng: createRng('test'),
    onInternalError: (_, error) => {
      throw error
    },
    profile: loadProfile('premium', { latency: { model: 'none' }, ...profile }),
    ...(catalogue === undefined ? {} : { catalogue }),
  })
  const sign = createSigner(clock, createRng('client'), simulator.credentials)

  /** Sends a signed request; `path` is below the record service unless it starts with `/services` or `/_seatrial`. */
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> => {
    const isAbsolute = path.startsWith('/services') || path.startsWith('/_')
    const url = simulator.baseUrl + (isAbsolute ? path : `${RECORD_BASE_PATH}/${path}`)
    const text =
      body === undefined || typeof body === 'string' ? (body as string | undefined) : JSON.stringify(body)
    const typed = text === undefined ? headers : { 'content-type': 'application/json', ...headers }
    const answer = await simulator.handle(sign({ method, url, headers: typed, body: text }))
    if (answer === 'reset') throw new Error('connection reset')
    const json = answer.body === '' ? {} : (JSON.parse(answer.body) as Body)
    return {
      ...answer,
      json,
      error: (json['o:errorDetails'] as Record<string, string>[] | undefined)?.[0],
      id: answer.headers.location?.split('/').at(-1) ?? '',
    }
  }
  /** Creates a record that must be accepted; gives its id. */
  const create = async (type: string, body: Body): Promise<string> => {
    const answer = await send('POST', type, body)
    if (answer.status !== 204) throw new Error(`${type}: ${answer.body}`)
    return answer.id
  }
  return { clock, simulator, sign, send, create }
}

export type TestAccount = ReturnType<typeof createTestAccount>
