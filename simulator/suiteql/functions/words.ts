/** Arguments that say how: texts as they are written, whatever their case. */
import { unsupported } from '../refusals.ts'
import type { Typed } from '../typed.ts'

/** The argument at a place, from 0, in capitals. Throws the refusal of one that is not accepted. */
export function wordOf(
  name: string,
  args: readonly Typed[],
  at: number,
  accepted: readonly string[],
): string {
  const word = args[at]?.literal?.toUpperCase()
  if (word === undefined || !accepted.includes(word)) throw unsupported(`argument ${at + 1} of ${name}`)
  return word
}
