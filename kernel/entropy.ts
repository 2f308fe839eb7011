/** The one place where a seed comes from the machine: for throw-away credentials and runs that nobody means to repeat. */
import { randomBytes } from 'node:crypto'

/** A fresh seed of 128 bits, as hexadecimal text. */
export function entropySeed(): string {
  return randomBytes(16).toString('hex')
}
