/** Reading what users name and writing what they asked for: clear errors, and nothing half written. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../kernel/error.ts'
import { invariant } from '../kernel/invariant.ts'

/** Reads a text file. Throws `E_FILE_UNREADABLE`. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`
    throw new AppError('E_FILE_UNREADABLE', why, {
      file,
      mend: 'check the path and its permissions',
      cause: error,
    })
  }
}

/** Writes a file in one step: either the whole new content is there or the old. Throws `E_FILE_UNWRITABLE`. */
export function writeText(file: string, text: string | Buffer, mode = 0o644): void {
  const part = `${file}.part`
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true })
    writeFileSync(part, text, { mode })
    renameSync(part, file)
  } catch (error) {
    removeIfThere(part)
    throw unwritable(file, error)
  }
}

/** Tidies up after an error that is worth more than one from tidying up. */
function removeIfThere(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {}
}

/** All that a run folder holds: run-folder.ts writes nothing else. A folder with anything more in it is not replaced. */
const RUN_FILES: readonly string[] = [
  'result.json',
  'scenario.json',
  'profile.json',
  'journal.ndjson.gz',
  'metrics.json',
  'contrast.json',
  'conformance.json',
  'report.html',
  'junit.xml',
  'summary.md',
]

export interface RunFolder {
  /** Adds a file; it becomes visible with `commit`. */
  write(name: string, content: string | Buffer): void
  /** Puts the folder in its place. */
  commit(): void
  /** Leaves no trace. */
  discard(): void
}

/**
 * Prepares a run folder beside its final place, before the run starts, so that an unwritable path costs nothing.
 * An existing folder is replaced only if it is a run folder or empty. Throws `E_OUT_IN_THE_WAY`, `E_FILE_UNWRITABLE`.
 */
export function openRunFolder(folder: string): RunFolder {
  const target = resolve(folder)
  refuseForeign(folder, target)
  const part = `${target}.part`
  let firstMade: string | undefined
  try {
    rmSync(part, { recursive: true, force: true })
    firstMade = mkdirSync(part, { recursive: true })
  } catch (error) {
    throw unwritable(folder, error)
  }
  return {
    write(name, content) {
      invariant(RUN_FILES.includes(name), `${name} is not in RUN_FILES`)
      try {
        writeFileSync(join(part, name), content)
      } catch (error) {
        throw unwritable(join(folder, name), error)
      }
    },
    commit() {
      try {
        rmSync(target, { recursive: true, force: true })
        renameSync(part, target)
      } catch (error) {
        throw unwritable(folder, error)
      }
    },
    discard() {
      removeIfThere(part)
      removeEmptyParents(part, firstMade)
    },
  }
}

/** Folders above `part` that were made for it, `firstMade` being the topmost; those that others use by now stay. */
function removeEmptyParents(part: string, firstMade: string | undefined): void {
  if (firstMade === undefined) return
  for (let folder = part; folder !== firstMade; ) {
    folder = dirname(folder)
    try {
      rmdirSync(folder)
    } catch {
      return
    }
  }
}

function refuseForeign(folder: string, target: string): void {
  const inTheWay = (what: string): AppError =>
    new AppError('E_OUT_IN_THE_WAY', what, {
      file: folder,
      expected: 'a new or empty folder, or the folder of an earlier run, which is then replaced',
      mend: 'choose another --out, or move what is there away',
    })
  let entries: string[]
  try {
    entries = readdirSync(target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    throw code === 'ENOTDIR' && existsSync(target)
      ? inTheWay('exists and is not a folder')
      : unwritable(folder, error)
  }
  const foreign = entries.find((name) => !RUN_FILES.includes(name))
  if (foreign !== undefined) throw inTheWay(`exists and is not a run folder: it holds ${foreign}`)
}

function unwritable(file: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException
  return new AppError('E_FILE_UNWRITABLE', `cannot be written (${code})`, {
    file,
    mend: 'check the path and its permissions',
    cause,
  })
}
