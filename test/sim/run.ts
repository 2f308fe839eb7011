/**
 * `npm run sim -- --seeds 1000 [--from 1]`: sails that many voyages and prints those that failed; `--seed N` sails one and prints its
 * plan. Exit code 1 when any failed. Same seed, same voyage. `--mutant ID` plants a bug of mutants.json before, and the first
 * voyage that finds it is the last; `--json` prints `{ seed, breaches }` for each voyage that failed, and nothing else.
 */
import { parseArgs } from 'node:util'
import { mutantOf, plant } from './mutant.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    mutant: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
if (values.mutant !== undefined) plant(mutantOf(values.mutant))
// Imported only now, for a bug must be planted before.
const { drawPlan } = await import('./voyage/plan.ts')
const { sailPlan } = await import('./voyage/voyage.ts')

async function sailed(seed: number): Promise<readonly string[]> {
  try {
    return await sailPlan(drawPlan(seed))
  } catch (error) {
    return [`crash: ${error instanceof Error ? error.stack : error}`]
  }
}

function tell(seed: number, breaches: readonly string[]): void {
  if (values.json) {
    console.log(JSON.stringify({ seed, breaches }))
    return
  }
  const again = `--seed ${seed}${values.mutant === undefined ? '' : ` --mutant ${values.mutant}`}`
  console.log(`seed ${seed}: ${breaches.slice(0, 5).join('\n    ')}\n    replay: npm run -s sim -- ${again}`)
}

const first = Number(values.seed ?? values.from)
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first
if (values.seed !== undefined && !values.json)
  console.log(JSON.stringify(drawPlan(first), (_, value) => (value instanceof Set ? [...value] : value), 2))
let sailedCount = 0
let failed = 0
for (let seed = first; seed <= last; seed++) {
  const breaches = await sailed(seed)
  sailedCount++
  if (breaches.length === 0) continue
  failed++
  tell(seed, breaches)
  if (values.mutant !== undefined) break
}
if (!values.json)
  console.log(
    `${sailedCount - failed} of ${sailedCount} voyages went well (seeds ${first} to ${first + sailedCount - 1})`,
  )
process.exitCode = failed === 0 ? 0 : 1
