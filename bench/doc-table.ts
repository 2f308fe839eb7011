/** Tables that the bench writes into documents, between two comments that name them, so that what is stated is what was measured. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Puts `lines` between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` of a file below docs/. Throws when they are not there. */
export function writeDocTable(file: string, name: string, lines: readonly string[]): void {
  const path = join(import.meta.dirname, '..', 'docs', file)
  const text = readFileSync(path, 'utf8')
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const [from, until] = [text.indexOf(open), text.indexOf(close)]
  if (from < 0 || until < from) throw new Error(`${file} has no place for the table ${name}`)
  writeFileSync(path, `${text.slice(0, from + open.length)}\n${lines.join('\n')}\n${text.slice(until)}`)
}
