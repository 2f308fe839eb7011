/**
 * A simulated account, without sockets: `createSimulator` puts the parts together and gives the two handlers that
 * transports and the HTTP server call. Same seed, same requests at the same times: same bytes.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { JournalEntry } from '../protocol/control.ts'
import type { Handled } from '../protocol/in-process-transport.ts'
import type { TbaCredentials } from '../protocol/signing.ts'
import { CONTROL_BASE_PATH, type WireRequest } from '../protocol/wire.ts'
import type { Account } from './account.ts'
import { createTbaVerifier, type Integration, loginFault } from './auth/tba.ts'
import { createControl } from './control.ts'
import { createFaults } from './faults/fault.ts'
import { createGovernance } from './governance/governance.ts'
import { createJournal } from './journal.ts'
import { createLatencyModel } from './latency/model.ts'
import { createRoles } from './permissions/roles.ts'
import { createPipeline } from './pipeline.ts'
import { allocationsOf, concurrencyLimitOf, hostOf, type Profile } from './profile.ts'
import { addBaseData } from './records/base-data.ts'
import { createRecordStore } from './records/store.ts'
import { loadBundledCatalogue } from './spec/bundled.ts'
import type { Catalogue } from './spec/catalogue.ts'

export interface SimulatorOptions {
  readonly clock: Clock
  readonly rng: Rng
  readonly profile: Profile
  /** Default: the bundled catalogue of 2026.1. */
  readonly catalogue?: Catalogue
  /** SQLite file of the account; default: in memory. */
  readonly dbFile?: string | undefined
  /** Told of every bug of ours that a request ran into; the client sees a 500. Default: nobody. */
  readonly onInternalError?: (entry: JournalEntry, error: unknown) => void
  /** Shown in health. Default '0.0.0'. */
  readonly version?: string
}

export interface Simulator {
  /** Answers one request: the account's services, and below `/_seatrial` the control API. Never rejects. */
  handle(request: WireRequest): Promise<Handled>
  /** Credentials of the first integration. Secrets. */
  readonly credentials: TbaCredentials
  /** The account's own address, `https://<account>.suitetalk.api.netsuite.com`. */
  readonly baseUrl: string
  readonly concurrencyLimit: number
  close(): void
}

/** Secrets in Oracle's examples are 64 hexadecimal characters. [AUT-002] */
const SECRET_LENGTH = 64

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, rng, profile, version = '0.0.0', onInternalError = () => {} } = options
  const catalogue = options.catalogue ?? loadBundledCatalogue()
  const store = createRecordStore(options.dbFile)
  const account: Account = { clock, catalogue, store, profile, limits: () => governance.limits() }
  const integrations =
    profile.integrations.length > 0 ? profile.integrations : [throwAwayIntegration(rng.fork('credentials'))]
  const roleNamed = createRoles(profile.roles, catalogue)
  const verifier = createTbaVerifier(clock, profile.accountId, integrations, roleNamed)
  const concurrencyLimit = concurrencyLimitOf(profile)
  const governance = createGovernance(
    clock,
    rng.fork('governance'),
    { concurrencyLimit, allocations: allocationsOf(profile) },
    profile.governance,
    (reason) => loginFault(profile.accountId, reason),
  )
  const faults = createFaults(clock, rng.fork('faults'))
  const journal = createJournal(profile.journalCapacity)
  const latency = createLatencyModel(rng.fork('latency'), profile.latency)
  const fill = (): void => {
    if (Object.keys(store.counts()).length === 0) addBaseData(catalogue, store, clock.now())
    for (const spec of profile.faults) faults.install(spec)
  }
  fill()
  const pipeline = createPipeline({
    clock,
    rng: rng.fork('ids'),
    account,
    verifier,
    governance,
    faults,
    latency,
    journal,
    onInternalError,
  })
  const control = createControl({
    account,
    governance,
    faults,
    journal,
    health: () => ({
      status: 'ready',
      product: 'seatrial',
      version,
      accountId: profile.accountId,
      nowMs: clock.now(),
      concurrencyLimit: governance.limits().concurrencyLimit,
      recordTypes: catalogue.types.length,
      profile: profile.name,
    }),
    reset() {
      store.reset()
      verifier.reset()
      governance.reset()
      journal.reset()
      faults.clear()
      fill()
    },
  })
  return {
    handle: (request) => (isControl(request.url) ? control(request) : pipeline(request)),
    credentials: credentialsOf(profile.accountId, integrations[0]!),
    baseUrl: `https://${hostOf(profile)}`,
    concurrencyLimit,
    close: () => store.close(),
  }
}

function isControl(url: string): boolean {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  return pathAt > 0 && url.startsWith(`${CONTROL_BASE_PATH}/`, pathAt)
}

function throwAwayIntegration(rng: Rng): Integration {
  const secret = (): string => rng.hex(SECRET_LENGTH)
  return {
    name: 'seatrial',
    consumerKey: secret(),
    consumerSecret: secret(),
    tokens: [{ tokenId: secret(), tokenSecret: secret() }],
  }
}

function credentialsOf(
  accountId: string,
  { consumerKey, consumerSecret, tokens }: Integration,
): TbaCredentials {
  const { tokenId, tokenSecret } = tokens[0]!
  return { accountId, consumerKey, consumerSecret, tokenId, tokenSecret }
}
