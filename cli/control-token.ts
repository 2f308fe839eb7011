/** The token of the control API: it lives in a file that its owner alone can read, never in an argument list. */
import { existsSync, statSync } from 'node:fs'
import { entropySeed } from '../kernel/entropy.ts'
import { AppError } from '../kernel/error.ts'
import { readText, writeText } from './files.ts'

/** One that is guessed in no lifetime, and can stand in a header as it is. */
const TOKEN = /^[\w.~+/=-]{16,512}$/

/**
 * Reads the token from `file`, or writes a new one there when there is no such file.
 *
 * @throws AppError `E_TOKEN_FILE` for a file that others can read or that holds no token; `E_FILE_UNREADABLE`, `E_FILE_UNWRITABLE`
 */
export function controlTokenFrom(file: string): string {
  if (!existsSync(file)) writeText(file, `${entropySeed()}\n`, 0o600)
  const token = readText(file).trim()
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new AppError('E_TOKEN_FILE', 'can be read by others than its owner', {
      file,
      expected: 'a file of mode 600',
      mend: `chmod 600 it, or name a file that is not there: a new token is written into it`,
    })
  }
  if (!TOKEN.test(token)) {
    throw new AppError('E_TOKEN_FILE', 'holds no token for the control API', {
      file,
      expected: '16 to 512 letters, digits and - . _ ~ + / = on one line',
      mend: 'name a file that is not there: a new token is written into it',
    })
  }
  return token
}
