/**
 * `npm run sim -- --seeds 1000 [--from 1]`: sails that many voyages and prints those that failed; `--seed N` sails one and prints its
 * plan. Exit code 1 when any failed. Same seed, same voyage.
 */
import { parseArgs } from 'node:util'
import { drawPlan } from './voyage/plan.ts'
import { sailPlan } from './voyage/voyage.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
})

async function sailed(seed: number): Promise<readonly string[]> {
  try {
    return await sailPlan(drawPlan(seed))
  } catch (error) {
    return [`crash: ${error instanceof Error ? error.stack : error}`]
  }
}

const first = Number(values.seed ?? values.from)
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first
if (values.seed !== undefined)
  console.log(JSON.stringify(drawPlan(first), (_, value) => (value instanceof Set ? [...value] : value), 2))
let failed = 0
for (let seed = first; seed <= last; seed++) {
  const breaches = await sailed(seed)
  if (breaches.length === 0) continue
  failed++
  console.log(
    `seed ${seed}: ${breaches.slice(0, 5).join('\n    ')}\n    replay: npm run -s sim -- --seed ${seed}`,
  )
}
console.log(
  `${last - first + 1 - failed} of ${last - first + 1} voyages went well (seeds ${first} to ${last})`,
)
process.exitCode = failed === 0 ? 0 : 1
