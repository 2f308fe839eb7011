/** A small flash sale with faults, limit and latency drawn from a seed. If it is wrong, test/sim proves nothing. */
import { createEngine } from '../../harness/engine/index.ts'
import type { RunResult } from '../../harness/result.ts'
import { runScenario } from '../../harness/run.ts'
import { parseScenario, type Scenario } from '../../harness/scenario.ts'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import { createSimulator } from '../../simulator/index.ts'
import { loadProfile, type Profile } from '../../simulator/profile.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'

export interface Drawn {
  readonly scenario: Scenario
  readonly profile: Profile
}

const LOAD_MS = 40_000
const FAULT_RATIO_MAX = 0.2

/** What seed `seed` tries: 60 to 150 orders, one to four faults that end before the load does. */
export function draw(seed: number): Drawn {
  const rng = createRng(`sim ${seed}`)
  const flows = drawFlows(createRng(`sim ${seed} flows`))
  const orders = rng.integer(60, 150)
  const faults = Array.from({ length: rng.integer(1, 4) }, (_, index) => drawFault(rng, index))
  const scenario = parseScenario({
    id: 'sim',
    title: 'A small sale on a bad day',
    why: 'Faults of every kind, in every mix, must not lose or double an order.',
    seed,
    shop: {
      itemCount: rng.integer(5, 60),
      newCustomerRatio: rng.pick([0.2, 0.7, 1]),
      linesMax: rng.integer(1, 8),
      redeliveryRatio: rng.pick([0, 0.05, 0.2]),
      ...flows.shop,
    },
    ...(flows.peak && { peak: flows.peak }),
    load: [{ executor: 'constant-arrival-rate', ratePerSec: (orders * 1000) / LOAD_MS, durationMs: LOAD_MS }],
    drainMs: 1_800_000,
    faults,
  })
  const profile = loadProfile('premium', {
    concurrencyLimit: rng.integer(3, 25),
    journalCapacity: 100_000,
    latency: { model: rng.pick(['lean', 'heavy']), sigma: rng.pick([0, 0.35, 1]) },
  })
  return { scenario, profile }
}

/** Of a stream of its own, so that what older seeds drew stays as it was. */
function drawFlows(rng: Rng) {
  const listens = rng.chance(0.5)
  return {
    shop: {
      paidRatio: rng.pick([0, 0, 0.5, 1]),
      listens,
      downRatio: listens ? rng.pick([0, 0.1, 0.4]) : 0,
    },
    peak: rng.chance(0.5)
      ? { enterBacklog: rng.integer(10, 60), leaveBacklog: rng.integer(0, 9) }
      : undefined,
  }
}

function drawFault(rng: Rng, index: number): FaultInput {
  const fromMs = rng.integer(0, LOAD_MS / 2)
  const common = {
    id: `fault-${index}`,
    probabilityRatio: FAULT_RATIO_MAX * rng.next(),
    fromMs,
    untilMs: rng.integer(fromMs, LOAD_MS),
    ...(rng.chance(0.4) ? { match: { methods: [...rng.pick(METHODS)] } } : {}),
  }
  const fault = rng.pick(['reject', 'reset-before', 'drop-response'] as const)
  if (fault !== 'reject') return { fault, ...common }
  const status = rng.pick([429, 500, 502, 503, 504])
  return { fault, ...common, status, ...(rng.chance(0.3) ? { retryAfterSec: rng.integer(0, 30) } : {}) }
}

const METHODS = [['POST', 'PUT'], ['GET'], ['PATCH']] as const

/** The same account with access tokens that end every ten seconds. */
export function withShortTokens({ scenario, profile }: Drawn): Drawn {
  const { auth } = profile
  const oauth2 = { ...auth.oauth2, accessTokenSec: 10 }
  return { scenario, profile: { ...profile, auth: { ...auth, oauth2 } } }
}

/** Runs what was drawn, in virtual time. */
export async function sail(
  { scenario, profile }: Drawn,
  engine: 'reference' | 'naive',
  login: 'tba' | 'oauth2' = 'tba',
): Promise<RunResult> {
  const clock = new VirtualClock()
  const rng = createRng(scenario.seed)
  const catalogue = loadBundledCatalogue()
  const simulator = createSimulator({ clock, rng: rng.fork('account'), profile, catalogue })
  const { baseUrl, integration } = simulator
  const transport = createInProcessTransport(clock, simulator.handle)
  const deps = {
    clock,
    rng,
    transport,
    control: transport,
    baseUrl,
    controlUrl: baseUrl,
    credentials: login === 'tba' ? simulator.credentials : simulator.oauth2!,
    integration,
  }
  try {
    const run = () =>
      runScenario(
        { ...deps, version: '0.0.0', createEngine: (parts) => createEngine(engine, parts) },
        { scenario, engine },
      )
    return (await clock.run(run)).result
  } finally {
    simulator.close()
  }
}
