/**
 * Writes docs/coverage.md: which test proves which fact. Run: node scripts/build-coverage.ts; with --check it writes
 * nothing and fails when the file is out of date. With --open it lists the facts that have neither a test nor a reason.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { citations } from './coverage/citations.ts'
import { FACTS_FILE, factsText, readFacts, refreshFacts } from './coverage/facts.ts'
import { coverageText, type Reasons, standings } from './coverage/table.ts'

const root = resolve(import.meta.dirname, '..')
export const COVERAGE_FILE = 'docs/coverage.md'

export function readReasons(): Reasons {
  return JSON.parse(readFileSync(join(root, 'docs/coverage/reasons.json'), 'utf8')) as Reasons
}

if (import.meta.main) {
  const facts = refreshFacts(readFacts())
  const all = standings(facts, readReasons(), citations(facts))
  const files = { [FACTS_FILE]: factsText(facts), [COVERAGE_FILE]: coverageText(facts, all) }
  const isCheck = process.argv.includes('--check')
  for (const [path, text] of Object.entries(files)) {
    if (!isCheck) writeFileSync(join(root, path), text)
    else if (readFileSync(join(root, path), 'utf8') !== text) {
      console.error(`${path} is out of date; run: node scripts/build-coverage.ts`)
      process.exitCode = 1
    }
  }
  if (process.argv.includes('--open'))
    for (const [id, { kind }] of all) if (kind === 'open') console.log(`${id} ${facts[id]!.topic}`)
}
