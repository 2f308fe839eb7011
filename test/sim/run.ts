/**
 * `npm run sim -- --seeds 1000 [--from 1] [--kind sync]`: sails that many voyages, of one kind or of each, and prints those that
 * failed; `--seed N` sails one and prints its plan. Exit code 1 when any failed. Same kind and seed, same voyage. `--mutant ID`
 * plants a bug of mutants.json before, and the first voyage that finds it is the last; `--json` prints
 * `{ kind, seed, breaches }` for each voyage that failed, and nothing else.
 */
import { parseArgs } from 'node:util'
import { mutantOf, plant } from './mutant.ts'
import type { KindName } from './voyage/kinds.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    kind: { type: 'string' },
    mutant: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const mutant = values.mutant === undefined ? undefined : mutantOf(values.mutant)
if (mutant !== undefined) plant(mutant)
// Imported only now, for a bug must be planted before.
const { KINDS } = await import('./voyage/kinds.ts')

const named = values.kind ?? (mutant === undefined ? undefined : (mutant.kind ?? 'orders'))
if (named !== undefined && !(named in KINDS))
  throw new Error(`--kind ${named} is none of ${Object.keys(KINDS).join(', ')}`)
const kinds = (named === undefined ? Object.keys(KINDS) : [named]) as KindName[]

async function sailed(kind: KindName, seed: number): Promise<readonly string[]> {
  try {
    return await KINDS[kind].sail(seed)
  } catch (error) {
    return [`crash: ${error instanceof Error ? error.stack : error}`]
  }
}

function tell(kind: KindName, seed: number, breaches: readonly string[]): void {
  if (values.json) {
    console.log(JSON.stringify({ kind, seed, breaches }))
    return
  }
  const again = `--kind ${kind} --seed ${seed}${values.mutant === undefined ? '' : ` --mutant ${values.mutant}`}`
  console.log(
    `${kind} ${seed}: ${breaches.slice(0, 5).join('\n    ')}\n    replay: npm run -s sim -- ${again}`,
  )
}

function show(kind: KindName, seed: number): void {
  const text = JSON.stringify(
    KINDS[kind].draw(seed),
    (_, value) => (value instanceof Set ? [...value] : value),
    2,
  )
  console.log(`${kind} ${text}`)
}

const first = Number(values.seed ?? values.from)
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first
if (values.seed !== undefined && !values.json) for (const kind of kinds) show(kind, first)
let sailedCount = 0
let failed = 0
voyages: for (let seed = first; seed <= last; seed++) {
  for (const kind of kinds) {
    const breaches = await sailed(kind, seed)
    sailedCount++
    if (breaches.length === 0) continue
    failed++
    tell(kind, seed, breaches)
    if (mutant !== undefined) break voyages
  }
}
if (!values.json)
  console.log(
    `${sailedCount - failed} of ${sailedCount} voyages went well (${kinds.join(', ')}; seeds from ${first})`,
  )
process.exitCode = failed === 0 ? 0 : 1
