/** Points the conformance suite at a fresh simulated account, or at the target a file names. */
import { existsSync } from 'node:fs'
import { allCases, type ConformanceResult, parseTargetFile, runConformance } from '../conformance/index.ts'
import { SystemClock } from '../kernel/clock.ts'
import { entropySeed } from '../kernel/entropy.ts'
import { createRng } from '../kernel/rng.ts'
import { createHttpTransport } from '../protocol/http-transport.ts'
import type { Transport } from '../protocol/transport.ts'
import { type AccountOptions, catalogueOf, profileOf } from './account.ts'
import { readText } from './files.ts'
import { VERSION } from './product.ts'
import { createProgress } from './progress.ts'
import { withSimulation } from './simulation.ts'

export interface ConformSimulatorOptions {
  readonly account: AccountOptions
  readonly mode: 'virtual' | 'wall'
  readonly seed: string | number
  readonly only?: readonly string[] | undefined
  /** Alters what the suite sees of the simulator; for proving that it can fail. */
  readonly decorate?: (transport: Transport) => Transport
}

/** Runs the suite against a simulator of its own. Latency is real in wall time and free in virtual time. */
export function conformSimulator(options: ConformSimulatorOptions): Promise<ConformanceResult> {
  const { account, mode, seed, only, decorate = (transport) => transport } = options
  const profile = profileOf(account)
  const catalogue = catalogueOf(account)
  return withSimulation(
    { mode, seed, profile, catalogue },
    ({ clock, rng, transport, baseUrl, credentials }) =>
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
          credentials,
          extraFields: {},
        },
        cases: allCases,
        only,
        version: VERSION,
      }),
  )
}

/** Enough to go over the limit of every preset. */
const PARALLEL_MAX = 200

/** Runs the suite against what a target file names. */
export async function conformTarget(
  file: string,
  only: readonly string[] | undefined,
): Promise<ConformanceResult> {
  const target = parseTargetFile(readText(file), file, readText, process.env)
  if (target.caFile !== undefined && !existsSync(target.caFile)) readText(target.caFile)
  const transport = createHttpTransport({ caFile: target.caFile })
  const progress = createProgress(`conformance of ${target.name}`)
  let done = 0
  try {
    return await runConformance({
      clock: new SystemClock(),
      rng: createRng(entropySeed()),
      transport,
      target,
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
