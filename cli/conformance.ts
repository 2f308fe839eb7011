/** Points the conformance suite at a fresh simulated account, or at the target a file names. */
import { allCases, type ConformanceResult, parseTargetFile, runConformance } from '../conformance/index.ts'
import { SystemClock } from '../kernel/clock.ts'
import { entropySeed } from '../kernel/entropy.ts'
import { AppError } from '../kernel/error.ts'
import { createRng } from '../kernel/rng.ts'
import { createHttpTransport } from '../protocol/http-transport.ts'
import { createLogin, type Login, LoginRefused } from '../protocol/login.ts'
import { type Transport, TransportError } from '../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireResponse } from '../protocol/wire.ts'
import { type AccountOptions, catalogueOf, modulesOf, profileOf } from './account.ts'
import { readText } from './files.ts'
import { chooseLogin, type LoginKind, withOwnLogins } from './own-logins.ts'
import { VERSION } from './product.ts'
import { createProgress } from './progress.ts'
import { withSimulation } from './simulation.ts'

export interface ConformSimulatorOptions {
  readonly account: AccountOptions
  readonly mode: 'virtual' | 'wall'
  readonly seed: string | number
  readonly only?: readonly string[] | undefined
  /** How the suite logs in. Default: by token, where the account takes tokens. */
  readonly login?: LoginKind | undefined
  /** Alters what the suite sees of the simulator; for proving that it can fail. */
  readonly decorate?: (transport: Transport) => Transport
}

/** Runs the suite against a simulator of its own. Latency is real in wall time and free in virtual time. */
export async function conformSimulator(options: ConformSimulatorOptions): Promise<ConformanceResult> {
  const { account, mode, seed, only, decorate = (transport) => transport } = options
  const catalogue = await catalogueOf(account)
  const plain = profileOf(account)
  // A role cannot be given what the account does not have.
  const hasCustomers = catalogue.find('customer') !== undefined
  const own = withOwnLogins(plain, createRng(seed).fork('second role'), hasCustomers)
  const { profile } = own
  const login = chooseLogin(own, options.login)
  const modules = await modulesOf(account.profile, profile)
  const { credentials } = own[login]!
  return withSimulation(
    { mode, seed, profile, catalogue, modules, credentials },
    ({ clock, rng, transport, baseUrl }) =>
      runConformance({
        clock,
        rng: rng.fork('conformance'),
        transport: decorate(transport),
        target: {
          name: `simulator (${profile.name})`,
          baseUrl,
          accountId: profile.accountId,
          accountType: 'simulator',
          allowWrites: true,
          parallelMax: PARALLEL_MAX,
          ...own[login]!,
          otherCredentials: own[login === 'tba' ? 'oauth2' : 'tba']?.credentials,
          extraFields: {},
        },
        cases: allCases,
        only,
        version: VERSION,
      }),
  )
}

/** Twice the limit of every preset with all the licences it may hold. */
const PARALLEL_MAX = 400

/** Runs the suite against what a target file names. */
export async function conformTarget(
  file: string,
  only: readonly string[] | undefined,
): Promise<ConformanceResult> {
  const target = parseTargetFile(readText(file), file, readText, process.env)
  if (target.caFile !== undefined) readText(target.caFile)
  const transport = createHttpTransport({ caFile: target.caFile })
  const progress = createProgress(`conformance of ${target.name}`)
  const clock = new SystemClock()
  const rng = createRng(entropySeed())
  const { baseUrl, credentials } = target
  const login = createLogin(clock, rng.fork('login'), { transport, baseUrl }, credentials)
  let done = 0
  try {
    await knock(transport, login, baseUrl)
    return await runConformance({
      clock,
      rng,
      transport,
      target,
      login,
      cases: allCases,
      only,
      version: VERSION,
      onCase: () => progress.update(() => `${++done} of ${allCases.length} cases`),
    })
  } finally {
    progress.done()
    await transport.close()
  }
}

/** A slow account still answers a short list. */
const KNOCK_TIMEOUT_MS = 60_000

/**
 * One request before all others: where nobody answers, or the login fails, they would only say so a hundred
 * times, and a hundred failed logins can lock a user out. A connection that is reset says little; it is tried once more.
 * Throws `E_TARGET_UNREACHABLE` and `E_TARGET_REFUSED`.
 */
export async function knock(transport: Transport, login: Login, baseUrl: string): Promise<void> {
  const url = `${baseUrl}${RECORD_BASE_PATH}/currency?limit=1`
  // Each try has a signature of its own: an account takes none twice.
  const ask = async (): Promise<WireResponse> =>
    transport.send(await login.authorize({ method: 'GET', url, headers: {} }), {
      timeoutMs: KNOCK_TIMEOUT_MS,
    })
  let answer: WireResponse
  try {
    answer = await ask().catch((error: unknown) => {
      if (error instanceof TransportError && error.code === 'E_CONNECTION_RESET') return ask()
      throw error
    })
  } catch (error) {
    if (error instanceof LoginRefused) throw refusedToken(baseUrl, error)
    if (!(error instanceof TransportError)) throw error
    throw new AppError(
      'E_TARGET_UNREACHABLE',
      `${baseUrl} gives no answer: ${error.message} (${error.code})`,
      {
        mend:
          error.code === 'E_TLS'
            ? 'name the CA to trust as caFile in the target file'
            : 'check baseUrl in the target file, the network, and that the account is up',
        cause: error,
      },
    )
  }
  if (answer.status !== 401) return
  throw new AppError('E_TARGET_REFUSED', `${baseUrl} refuses the login (401)`, {
    expected: 'an account that knows the integration and the token',
    mend: "check accountId, the credentials and this machine's clock; NetSuite's Login Audit Trail says why",
  })
}

/** Only the word of AUT-084 is shown: the rest of the answer could echo the assertion. */
function refusedToken(baseUrl: string, { response: { status, body } }: LoginRefused): AppError {
  const word = /"error"\s*:\s*"([a-z_]+)"/.exec(body)?.[1]
  const why = [status, word].filter((one) => one !== undefined).join(' ')
  return new AppError('E_TARGET_REFUSED', `${baseUrl} gives no access token (${why})`, {
    expected: 'an account where the certificate is mapped to this integration',
    mend:
      "check clientId, certificateId, the private key, the scopes of the integration and this machine's clock; " +
      "NetSuite's Login Audit Trail says why",
  })
}
