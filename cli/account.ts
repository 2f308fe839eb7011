/** Options that choose the simulated account, shared by the commands that start one. */
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { AppError } from '../kernel/error.ts'
import { PRESET_NAMES } from '../simulator/presets.ts'
import { loadProfile, type Profile, type ProfileInput } from '../simulator/profile.ts'
import { parseProfile } from '../simulator/profile-file.ts'
import type { UserModules } from '../simulator/scripts/modules.ts'
import type { ScriptNotice } from '../simulator/scripts/scripts.ts'
import { loadBundledCatalogue } from '../simulator/spec/bundled.ts'
import { type Catalogue, createCatalogue } from '../simulator/spec/catalogue.ts'
import { readText } from './files.ts'

export interface AccountOptions {
  readonly profile?: string
  readonly spec?: string[]
  readonly specOnly?: boolean
  readonly latency?: 'lean' | 'heavy' | 'none'
}

/** Adds `--profile`, `--spec`, `--spec-only` and `--latency` to a command. */
export function addAccountOptions(command: Command): Command {
  return command
    .option('--profile <preset|file>', `account profile: ${PRESET_NAMES.join(', ')}, or a YAML file`)
    .option('--spec <file>', "the account's own OpenAPI document; may be given several times", collect)
    .option('--spec-only', 'only the record types of --spec, without the bundled 206')
    .option('--latency <model>', 'lean, heavy or none; overrides the profile', parseLatency)
}

function collect(file: string, files: string[] = []): string[] {
  return [...files, file]
}

function parseLatency(text: string): string {
  if (text === 'lean' || text === 'heavy' || text === 'none') return text
  throw new AppError('E_OPTION_INVALID', `--latency ${text}`, {
    expected: 'lean, heavy or none',
    mend: 'choose one of them',
  })
}

/** The profile that the options name, on top of `fallback` changes. */
export function profileOf(
  { profile, latency }: AccountOptions,
  preset = 'premium',
  changes: ProfileInput = {},
): Profile {
  const isFile = profile !== undefined && /[./\\]/.test(profile)
  const chosen = isFile ? parseProfile(readText(profile), profile) : loadProfile(profile ?? preset, changes)
  return latency === undefined ? chosen : { ...chosen, latency: { ...chosen.latency, model: latency } }
}

/** The record types that the options name: the documents over the bundled catalogue, or the documents alone. */
export async function catalogueOf({ spec = [], specOnly = false }: AccountOptions): Promise<Catalogue> {
  if (spec.length === 0) {
    if (specOnly)
      throw new AppError('E_OPTION_INVALID', '--spec-only needs --spec', {
        mend: 'name a document with --spec FILE',
      })
    return loadBundledCatalogue()
  }
  const { loadDocument, mergeTypes } = await import('../simulator/spec/load.ts')
  let types = specOnly ? [] : [...loadBundledCatalogue().types]
  for (const file of spec) types = [...mergeTypes(types, loadDocument(readText(file), file).types)]
  return createCatalogue(types)
}

/**
 * The modules of the profile's scripts and RESTlets; their paths start at `file`, the profile's own.
 *
 * @throws AppError `E_SCRIPT_INVALID` for one that is not there, is no JavaScript, or fails while it is loaded
 */
export async function modulesOf(file: string | undefined, profile: Profile): Promise<UserModules> {
  const modules = new Map<string, Readonly<Record<string, unknown>>>()
  for (const { file: name } of [...profile.scripts, ...profile.restlets]) {
    if (modules.has(name)) continue
    const path = resolve(dirname(file ?? '.'), name)
    try {
      modules.set(name, (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>)
    } catch (error) {
      const { name: kind, message, code } = error as NodeJS.ErrnoException
      const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(path)
      throw new AppError(
        'E_SCRIPT_INVALID',
        isMissing ? 'there is no such module' : `does not load: ${kind}: ${message?.split('\n')[0]}`,
        {
          file: name,
          expected: 'a module of JavaScript, or of TypeScript whose types can be stripped',
          mend: isMissing
            ? `the profile names it; its path starts at the folder of ${file ?? 'the profile'}`
            : 'correct it; node runs it as it is',
          cause: error,
        },
      )
    }
  }
  return modules
}

/** Tells the same thing about a script once, not at every save. */
export function scriptNotices(): (notice: ScriptNotice) => void {
  const told = new Set<string>()
  return ({ where, message }) => {
    const text = `script ${where}: ${message}\n`
    if (told.has(text)) return
    told.add(text)
    process.stderr.write(text)
  }
}
