/** The parts of an account that call users' code: its scripts and its RESTlets, under one guard. */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { Account } from './account.ts'
import { processorsOf } from './async/processors.ts'
import { createLatencyModel } from './latency/model.ts'
import type { Role } from './permissions/principal.ts'
import { type Profile, restletHostOf } from './profile.ts'
import type { RecordStore } from './records/store.ts'
import { Restlets } from './restlets/restlets.ts'
import { Guard } from './scripts/guard.ts'
import type { UserModules } from './scripts/modules.ts'
import { AccountScripts, checkScriptTypes, type ScriptNotice } from './scripts/scripts.ts'
import type { Catalogue } from './spec/catalogue.ts'

export interface UserCodeParts {
  readonly clock: Clock
  readonly rng: Rng
  readonly profile: Profile
  readonly catalogue: Catalogue
  readonly store: RecordStore
  readonly modules?: UserModules
  readonly roleNamed: (name: string | undefined) => Role
  readonly account: () => Account
  readonly onScriptNotice?: (notice: ScriptNotice) => void
}

/**
 * The scripts, if the profile names any, and the RESTlets.
 *
 * @throws AppError `E_SCRIPT_INVALID` for a module that holds nothing to call, `E_PROFILE_INVALID` for an unknown record type
 */
export function createUserCode(parts: UserCodeParts): Pick<Account, 'scripts' | 'restlets'> {
  const { clock, profile, catalogue, store, roleNamed, account, modules = new Map() } = parts
  const { scripts: specs, scripting: options, latency, preferences } = profile
  const rng = parts.rng.fork('user code')
  const guard = new Guard(options.wallMsMax, store)
  const common = {
    clock,
    guard,
    options,
    modules,
    latency: createLatencyModel(clock, rng.fork('latency'), latency, preferences.timeZone),
    onNotice: parts.onScriptNotice ?? (() => {}),
  }
  checkScriptTypes(specs, catalogue)
  const processors = processorsOf(profile.suiteCloudPlus)
  const scripts =
    specs.length === 0
      ? undefined
      : new AccountScripts({ ...common, rng: rng.fork('times'), specs, processors, account }, store.db)
  const restlets = new Restlets({
    ...common,
    rng: rng.fork('error ids'),
    specs: profile.restlets,
    host: restletHostOf(profile),
    roleNamed,
  })
  return { scripts, restlets }
}
