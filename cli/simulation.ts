/** Starts a simulated account for a run, in process on virtual time or behind a real socket on the machine's time. */
import { type Clock, SystemClock, VirtualClock } from '../kernel/clock.ts'
import { createRng, type Rng } from '../kernel/rng.ts'
import { createHttpTransport } from '../protocol/http-transport.ts'
import { createInProcessTransport } from '../protocol/in-process-transport.ts'
import type { Credentials } from '../protocol/login.ts'
import type { Transport } from '../protocol/transport.ts'
import { CONTROL_BASE_PATH } from '../protocol/wire.ts'
import { createSimulator } from '../simulator/index.ts'
import type { Profile } from '../simulator/profile.ts'
import type { UserModules } from '../simulator/scripts/modules.ts'
import { startServer } from '../simulator/server.ts'
import type { Catalogue } from '../simulator/spec/catalogue.ts'
import { scriptNotices } from './account.ts'
import { VERSION } from './product.ts'

export interface SimulationOptions {
  readonly mode: 'virtual' | 'wall'
  readonly seed: string | number
  readonly profile: Profile
  readonly catalogue: Catalogue
  readonly modules: UserModules
  /** Default: the first token of the profile's first integration. */
  readonly credentials?: Credentials | undefined
}

/** What the harness and the conformance suite are given of a simulated account. */
export interface Simulation {
  readonly clock: Clock
  readonly rng: Rng
  readonly transport: Transport
  readonly control: Transport
  readonly baseUrl: string
  readonly controlUrl: string
  readonly credentials: Credentials
  /** Name of the integration they belong to. */
  readonly integration: string
}

/** Runs `work` against a fresh account and puts everything away afterwards, whatever happens. */
export async function withSimulation<T>(
  options: SimulationOptions,
  work: (simulation: Simulation) => Promise<T>,
): Promise<T> {
  const { mode, seed, profile, catalogue, modules } = options
  const clock = mode === 'virtual' ? new VirtualClock() : new SystemClock()
  const rng = createRng(seed)
  let bug: unknown
  const simulator = createSimulator({
    clock,
    rng: rng.fork('account'),
    profile,
    catalogue,
    modules,
    onScriptNotice: scriptNotices(),
    version: VERSION,
    onInternalError: (_, error) => {
      bug ??= error
    },
  })
  const { integration } = simulator
  const { credentials = simulator.credentials } = options
  try {
    const outcome = await withTransport()
    // Whatever the run concluded from a simulator that tripped over itself is worth nothing.
    if (bug !== undefined) throw bug
    return outcome
  } finally {
    simulator.close()
  }

  async function withTransport(): Promise<T> {
    if (clock instanceof VirtualClock) {
      const transport = createInProcessTransport(clock, simulator.handle)
      const { baseUrl } = simulator
      const controlUrl = baseUrl + CONTROL_BASE_PATH
      return await clock.run(() =>
        work({ clock, rng, transport, control: transport, baseUrl, controlUrl, credentials, integration }),
      )
    }
    const server = await startServer(simulator, { port: 0 })
    const transport = createHttpTransport()
    try {
      const { baseUrl } = server
      const controlUrl = baseUrl + CONTROL_BASE_PATH
      return await work({
        clock,
        rng,
        transport,
        control: transport,
        baseUrl,
        controlUrl,
        credentials,
        integration,
      })
    } finally {
      await server.close()
      await transport.close()
    }
  }
}
