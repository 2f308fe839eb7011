/** Test support: a simulated account without waiting, reached with signed requests in one line. */
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner, type TbaCredentials } from '../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireResponse } from '../protocol/wire.ts'
import { createSimulator } from './index.ts'
import { loadProfile, type ProfileInput } from './profile.ts'
import type { UserModule } from './scripts/modules.ts'
import type { Catalogue } from './spec/catalogue.ts'

export interface TestAccountOptions {
  readonly profile?: ProfileInput
  readonly catalogue?: Catalogue
  /** File of the account; default: in memory. */
  readonly dbFile?: string
  /** Where its time starts; default: as every virtual clock. */
  readonly startMs?: number
  /** Modules of the profile's scripts and RESTlets, by file. */
  readonly modules?: Readonly<Record<string, UserModule>>
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

export function createTestAccount(options: TestAccountOptions = {}) {
  const { profile, catalogue, dbFile, startMs, modules = {} } = options
  const clock = new VirtualClock(startMs)
  /** What was told of users' code, as `file function: message`. */
  const notices: string[] = []
  const simulator = createSimulator({
    clock,
    rng: createRng('test'),
    onInternalError: (_, error) => {
      throw error
    },
    onScriptNotice: ({ where, message }) => void notices.push(`${where}: ${message}`),
    modules: new Map(Object.entries(modules)),
    dbFile,
    profile: loadProfile('premium', { latency: { model: 'none' }, ...profile }),
    ...(catalogue === undefined ? {} : { catalogue }),
  })
  const sign = createSigner(clock, createRng('client'), simulator.credentials)

  const sendSigned = async (
    signer: typeof sign,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> => {
    const isAbsolute = path.startsWith('/services') || path.startsWith('/_')
    const url = path.startsWith('https:')
      ? path
      : simulator.baseUrl + (isAbsolute ? path : `${RECORD_BASE_PATH}/${path}`)
    const text =
      body === undefined || typeof body === 'string' ? (body as string | undefined) : JSON.stringify(body)
    const typed = text === undefined ? headers : { 'content-type': 'application/json', ...headers }
    const answer = await simulator.handle(signer({ method, url, headers: typed, body: text }))
    if (typeof answer === 'string') throw new Error(`connection ${answer}`)
    const isJson = answer.body !== '' && /json/.test(answer.headers['content-type'] ?? '')
    const json = isJson ? (JSON.parse(answer.body) as Body) : {}
    return {
      ...answer,
      json,
      error: (json['o:errorDetails'] as Record<string, string>[] | undefined)?.[0],
      id: answer.headers.location?.split('/').at(-1) ?? '',
    }
  }
  type Send = (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<TestAnswer>
  /** Sends a signed request; `path` is below the record service unless it starts with `/services` or `/_seatrial`. */
  const send: Send = (...request) => sendSigned(sign, ...request)
  /** As `send`, with other credentials of the account. */
  const senderOf = (credentials: TbaCredentials): Send => {
    const signer = createSigner(clock, createRng(`client ${credentials.tokenId}`), credentials)
    return (...request) => sendSigned(signer, ...request)
  }
  /** Creates a record that must be accepted; gives its id. */
  const create = async (type: string, body: Body): Promise<string> => {
    const answer = await send('POST', type, body)
    if (answer.status !== 204) throw new Error(`${type}: ${answer.body}`)
    return answer.id
  }
  return { clock, simulator, sign, send, senderOf, create, notices }
}

export type TestAccount = ReturnType<typeof createTestAccount>

const secret = (digit: string): string => digit.repeat(64)

/** An account whose second token has a role of its own: `send` is an administrator's, `clerk` that of the role. */
export function accountWithRole(
  role: Omit<NonNullable<ProfileInput['roles']>[number], 'name'>,
  { profile, ...options }: TestAccountOptions = {},
) {
  const keys = { consumerKey: secret('a'), consumerSecret: secret('b') }
  const tokens = [
    { tokenId: secret('1'), tokenSecret: secret('2') },
    { tokenId: secret('3'), tokenSecret: secret('4'), role: 'Clerk' },
  ]
  const roles: ProfileInput['roles'] = [{ name: 'Clerk', ...role }]
  const account = createTestAccount({
    ...options,
    profile: { ...profile, roles, integrations: [{ name: 'sync', ...keys, tokens }] },
  })
  const { accountId } = account.simulator.credentials
  const { tokenId, tokenSecret } = tokens[1]!
  return { ...account, clerk: account.senderOf({ accountId, ...keys, tokenId, tokenSecret }) }
}
