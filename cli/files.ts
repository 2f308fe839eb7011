/** Reading what users name and writing what they asked for: clear errors, and nothing half written. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../kernel/error.ts'

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
    rmSync(part, { force: true })
    throw unwritable(file, error)
  }
}

/** The file that marks a folder as one of our run folders, safe to replace. */
const RUN_MARKER = 'result.json'

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
  const there = entriesOf(target)
  if (there === 'not a folder' || (there.length > 0 && !there.includes(RUN_MARKER))) {
    throw new AppError('E_OUT_IN_THE_WAY', 'exists and is not a run folder', {
      file: folder,
      mend: 'choose another --out, or move what is there away',
    })
  }
  const part = `${target}.part`
  try {
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
  } catch (error) {
    throw unwritable(folder, error)
  }
  return {
    write(name, content) {
      try {
        writeFileSync(join(part, name), content)
      } catch (error) {
        throw unwritable(join(folder, name), error)
      }
    },
    commit() {
      rmSync(target, { recursive: true, force: true })
      renameSync(part, target)
    },
    discard: () => rmSync(part, { recursive: true, force: true }),
  }
}

function entriesOf(folder: string): string[] | 'not a folder' {
  try {
    return readdirSync(folder)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : 'not a folder'
  }
}

function unwritable(file: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException
  return new AppError('E_FILE_UNWRITABLE', `cannot be written (${code})`, {
    file,
    mend: 'check the path and its permissions',
    cause,
  })
}
