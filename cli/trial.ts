/** One trial: a scenario through one engine against a fresh simulated account. Used by `run` and `gate`. */
import { extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { createEngine } from '../harness/engine/index.ts'
import { findScenario } from '../harness/find-scenario.ts'
import { parseThresholds } from '../harness/metrics/threshold-parse.ts'
import type { RunResult } from '../harness/result.ts'
import { type RunOptions, runScenario } from '../harness/run.ts'
import { parseScenario, type Scenario } from '../harness/scenario.ts'
import { SystemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import { createRng } from '../kernel/rng.ts'
import type { JournalEntry } from '../protocol/control.ts'
import { scenarios } from '../scenarios/index.ts'
import { concurrencyLimitOf, type Profile } from '../simulator/profile.ts'
import { type AccountOptions, catalogueOf, modulesOf, profileOf } from './account.ts'
import { readText } from './files.ts'
import { chooseLogin, type LoginKind, withOwnLogins } from './own-logins.ts'
import { VERSION } from './product.ts'
import { createProgress } from './progress.ts'
import { withSimulation } from './simulation.ts'

export interface TrialOptions {
  readonly scenario: Scenario
  readonly engine: 'reference' | 'naive'
  readonly mode: 'virtual' | 'wall'
  readonly account: AccountOptions
  readonly orders?: RunOptions['orders']
  /** How the engine logs in. Default: by token, where the profile's first integration has one. */
  readonly login?: LoginKind | undefined
}

export interface Trial {
  readonly result: RunResult
  readonly journal: readonly JournalEntry[]
  readonly profile: Profile
  /** Milliseconds of the machine's time; not part of the result. */
  readonly wallMs: number
}

/** Enough for every call of a run, so that checks over the journal see all of it. */
const JOURNAL_CAPACITY = 2_000_000

/** A shipped scenario by id, or one from a JSON or YAML file. The seed replaces the scenario's own. */
export function chooseScenario(name: string, seed?: string): Scenario {
  const extension = extname(name).toLowerCase()
  const scenario = ['.json', '.yaml', '.yml'].includes(extension)
    ? readScenario(name)
    : findScenario(scenarios, name)
  return seed === undefined ? scenario : { ...scenario, seed }
}

function readScenario(file: string): Scenario {
  const scenario = parseScenario(parseFile(readText(file), file), file)
  try {
    parseThresholds(scenario.thresholds)
  } catch (error) {
    // The parser of thresholds does not know where they come from.
    throw error instanceof AppError
      ? new AppError(error.code, error.message, { ...error.details, file })
      : error
  }
  return scenario
}

function parseFile(text: string, file: string): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    const { message, linePos } = error as { message: string; linePos?: [{ line: number }] }
    throw new AppError('E_SCENARIO_INVALID', message.split('\n')[0]!, {
      file,
      line: linePos?.[0].line,
      mend: 'correct the JSON or YAML there',
    })
  }
}

export async function runTrial({
  scenario,
  engine,
  mode,
  account,
  orders,
  login,
}: TrialOptions): Promise<Trial> {
  const { preset, suiteCloudPlus } = scenario.account
  const base = profileOf(account, preset, suiteCloudPlus === undefined ? {} : { suiteCloudPlus })
  const { profile: withLogin, credentials } = loggedIn(base, scenario.seed, login)
  const profile = { ...withLogin, journalCapacity: JOURNAL_CAPACITY }
  const watch = new SystemClock()
  const startedMs = watch.now()
  const progress = createProgress(`${scenario.id}, ${engine} engine`)
  try {
    const modules = await modulesOf(account.profile, profile)
    const catalogue = await catalogueOf(account)
    const simulation = { mode, seed: scenario.seed, profile, catalogue, modules, credentials }
    const { result, journal } = await withSimulation(simulation, (parts) =>
      runScenario(
        { ...parts, version: VERSION, createEngine: (deps) => createEngine(engine, deps) },
        {
          scenario,
          engine,
          ...(orders === undefined ? {} : { orders }),
          onProgress: ({ arrived, completed, nowMs }) =>
            progress.update(
              () => `${arrived} orders arrived, ${completed} in the account, ${clockText(nowMs)}`,
            ),
        },
      ),
    )
    return { result, journal, profile, wallMs: watch.now() - startedMs }
  } finally {
    progress.done()
  }
}

/** A certificate is made only where one is needed: of an integration of the profile, the account holds no private key. */
function loggedIn(profile: Profile, seed: string | number, asked: LoginKind | undefined) {
  const hasToken = profile.integrations.length === 0 || profile.integrations[0]!.tokens.length > 0
  if (hasToken && asked !== 'oauth2') return { profile, credentials: undefined }
  const own = withOwnLogins(profile, createRng(seed).fork('own login'), false)
  return { profile: own.profile, credentials: own[chooseLogin(own, asked)]!.credentials }
}

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} into the run`
}

/** The profile as it may be stored: without secrets. */
export function publicProfile(profile: Profile): object {
  const integrations = profile.integrations.map(({ name }) => ({ name }))
  return { ...profile, integrations, concurrencyLimit: concurrencyLimitOf(profile) }
}
