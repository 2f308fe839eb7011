/**
 * A simulated account, without sockets: `createSimulator` puts the parts together and gives the two handlers that
 * transports and the HTTP server call. Same seed, same requests at the same times: same bytes.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { ClockControl } from '../kernel/served-clock.ts'

import type { Health, JournalEntry } from '../protocol/control.ts'

import type { Handled } from '../protocol/in-process-transport.ts'
import { CONTROL_BASE_PATH, type WireRequest, type WireResponse } from '../protocol/wire.ts'
import type { Account } from './account.ts'
import { ApiFault } from './api-fault.ts'
import { createJobs } from './async/jobs.ts'
import { processorsOf } from './async/processors.ts'
import { createAuthentication } from './auth/index.ts'
import { loginFault } from './auth/login-fault.ts'
import { throwAwayIntegration } from './auth/throw-away.ts'

import { createControl } from './control/control.ts'
import { createFaults, type Faults } from './faults/fault.ts'
import { neverHits } from './faults/match.ts'
import { createGovernance, type Governance } from './governance/governance.ts'
import { type Identity, identityOf } from './identity.ts'
import { createJournal } from './journal.ts'
import { createLatencyModel } from './latency/model.ts'
import { createNeighbours, type Neighbours } from './neighbours/neighbours.ts'
import { planTasks } from './operations.ts'
import type { Role } from './permissions/principal.ts'
import { createRoles } from './permissions/roles.ts'
import { createPipeline } from './pipeline.ts'
import { allocationsOf, concurrencyLimitOf, type Profile } from './profile.ts'
import { createBalances } from './records/balances.ts'
import { addBaseData } from './records/base-data.ts'
import { createStock } from './records/stock/stock.ts'
import { createRecordStore, type RecordStore } from './records/store.ts'
import { backgroundOf, createRewind } from './rewind.ts'
import type { UserModules } from './scripts/modules.ts'
import type { ScriptNotice } from './scripts/scripts.ts'
import { loadBundledCatalogue } from './spec/bundled.ts'
import type { Catalogue } from './spec/catalogue.ts'
import { createUserCode } from './user-code.ts'

export interface SimulatorOptions {
  readonly clock: Clock
  /** Moves `clock` on behalf of the control API. Default: it cannot be moved from there. */
  readonly clockControl?: ClockControl
  /** The time that clients know: logins go by it unless the profile has `auth.clock: account`. Default: `clock`. */
  readonly machineClock?: Clock
  readonly rng: Rng
  readonly profile: Profile
  /** Default: the bundled catalogue of 2026.1. */
  readonly catalogue?: Catalogue
  /** SQLite file of the account; default: in memory. */
  readonly dbFile?: string | undefined
  /** Records that are there already, e.g. many of them for a measurement; instead of `dbFile`. */
  readonly store?: RecordStore
  /** Told of every bug of ours that a request ran into; the client sees a 500. Default: nobody. */
  readonly onInternalError?: (entry: JournalEntry, error: unknown) => void
  /** Modules of the profile's scripts and RESTlets, by the file as the profile names it. */
  readonly modules?: UserModules
  /** Told of users' code that was cut off, or failed where no client hears of it. Default: nobody. */
  readonly onScriptNotice?: (notice: ScriptNotice) => void
  /** Shown in health. Default '0.0.0'. */
  readonly version?: string
}

export interface Simulator extends Identity {
  /** Answers one request: the account's services, and below `/_seatrial` the control API. Never rejects. */
  handle(request: WireRequest): Promise<Handled>
  /** The account's services only, whatever the URL says: for listeners that strangers may reach. */
  serve(request: WireRequest): Promise<Handled>
  /** The control API only. Its caller has made sure who asks. */
  control(request: WireRequest): Promise<WireResponse>
  /** What in the profile has no effect, e.g. a fault that can never hit. */
  readonly warnings: readonly string[]
  /** A server stops reading a body beyond this. [REC-117] */
  readonly requestBytesMax: number
  close(): void
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, rng, profile, version = '0.0.0', onInternalError = () => {} } = options
  const catalogue = options.catalogue ?? loadBundledCatalogue()
  const store = options.store ?? createRecordStore(options.dbFile)
  const roleNamed = createRoles(profile.roles, catalogue)
  const account: Account = {
    clock,
    catalogue,
    store,
    stock: createStock(store),
    balances: createBalances(store),
    profile,
    jobs: accountJobs({ ...options, store, roleNamed, account: () => account }),
    limits: () => governance.limits(),
    ...createUserCode({ ...options, catalogue, store, roleNamed, account: () => account }),
  }
  const background = backgroundOf(account)
  const throwAway =
    profile.integrations.length > 0 ? undefined : throwAwayIntegration(rng.fork('credentials'))
  const integrations = throwAway === undefined ? profile.integrations : [throwAway.integration]
  const loginClock = profile.auth.clock === 'account' ? clock : (options.machineClock ?? clock)
  const authentication = createAuthentication({ ...options, clock: loginClock, integrations, roleNamed })
  const failLogin = (reason: string): ApiFault => loginFault(profile.accountId, reason)
  const governance = governanceOf(clock, rng.fork('governance'), profile, failLogin)
  const names = integrations.map(({ name }) => name)
  const faults = createFaults(clock, rng.fork('faults'), failLogin, (spec) =>
    neverHits(spec, catalogue, names),
  )
  const journal = createJournal(profile.journalCapacity)
  fill(account, faults)
  const shared = { clock, account, governance, faults, journal, authentication }
  const neighbours = createNeighbours({ ...shared, rng: rng.fork('neighbours') })
  const others = [neighbours, authentication, governance, journal, { reset: faults.clear }]
  const rewind = createRewind(account, others, () => fill(account, faults))
  const pipeline = createPipeline({
    ...shared,
    rng: rng.fork('ids'),
    failLogin,
    latency: createLatencyModel(clock, rng.fork('latency'), profile.latency, profile.preferences.timeZone),
    generation: rewind.generation,
    onInternalError,
  })
  const control = createControl({
    ...shared,
    neighbours,
    health: () => healthOf(account, version),
    clockControl: options.clockControl,
    ...rewind,
  })
  for (const work of background) work.resume()
  neighbours.reset()
  return Object.assign(identityOf(profile, integrations[0]!, throwAway?.oauth2), {
    handle: (request: WireRequest) => (isControl(request.url) ? control(request) : pipeline(request)),
    serve: pipeline,
    control,
    warnings: warningsOf(faults, neighbours),
    requestBytesMax: profile.settings.requestBytesMax,
    close() {
      neighbours.close()
      for (const work of background) work.close()
      store.close()
    },
  })
}

/** What is there from the start. */
function fill({ catalogue, store, clock, profile }: Account, faults: Faults): void {
  if (Object.keys(store.counts()).length === 0)
    addBaseData(catalogue, store, clock.now(), profile.preferences.firstFiscalMonth)
  for (const spec of profile.faults) faults.install(spec)
}

function warningsOf(faults: Faults, neighbours: Neighbours): string[] {
  const named = [
    ...faults.view().map(({ id, warning }) => ({ name: `fault ${id}`, warning })),
    ...neighbours.view().map(({ spec, warning }) => ({ name: `neighbour ${spec.name}:`, warning })),
  ]
  return named.flatMap(({ name, warning }) => (warning === undefined ? [] : [`${name} ${warning}`]))
}

function healthOf({ clock, catalogue, profile, limits }: Account, version: string): Health {
  return {
    status: 'ready',
    product: 'seatrial',
    version,
    accountId: profile.accountId,
    nowMs: clock.now(),
    concurrencyLimit: limits().concurrencyLimit,
    recordTypes: catalogue.types.length,
    profile: profile.name,
  }
}

interface JobsParts extends SimulatorOptions {
  readonly store: RecordStore
  readonly roleNamed: (name: string | undefined) => Role
  /** Not there yet when the jobs are made. */
  readonly account: () => Account
}

/** The jobs plan by the account that holds them, so that a task does what a request would. */
function accountJobs(parts: JobsParts): Account['jobs'] {
  const { clock, rng, profile, store, roleNamed, account, onInternalError = () => {} } = parts
  const errorIds = rng.fork('job errors')
  return createJobs({
    clock,
    store,
    options: profile.async,
    processors: profile.async.processors ?? processorsOf(profile.suiteCloudPlus),
    latency: createLatencyModel(
      clock,
      rng.fork('job latency'),
      profile.latency,
      profile.preferences.timeZone,
    ),
    planTasks: (request, principal) => planTasks({ account: account(), request, principal }),
    roleNamed,
    unexpected(error, { method, path }) {
      onInternalError(taskEntry(clock.now(), method, path, error), error)
      return new ApiFault('UNEXPECTED_ERROR', `An unexpected error occurred. Error ID: ${errorIds.hex(20)}`)
    },
  })
}

/** A task is no request: it has no row in the journal, only its bugs are told. */
function taskEntry(nowMs: number, method: string, path: string, error: unknown): JournalEntry {
  return {
    sequence: 0,
    receivedMs: nowMs,
    endedMs: nowMs,
    method,
    path,
    operation: 'async.task',
    status: 500,
    committed: false,
    delivery: 'answered',
    requestBytes: 0,
    responseBytes: 0,
    operationId: '',
    internalError: String(error),
  }
}

function governanceOf(
  clock: Clock,
  rng: Rng,
  profile: Profile,
  failLogin: (reason: string) => ApiFault,
): Governance {
  const limits = { concurrencyLimit: concurrencyLimitOf(profile), allocations: allocationsOf(profile) }
  return createGovernance(clock, rng, limits, profile.governance, failLogin)
}

function isControl(url: string): boolean {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  return pathAt > 0 && url.startsWith(`${CONTROL_BASE_PATH}/`, pathAt)
}
