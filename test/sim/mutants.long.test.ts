/**
 * If this fails, there is a bug that one line makes and that 300 voyages do not find: the simulation is weaker than it says.
 * The table in docs/mutants.md is written anew by every run; a difference is a change to commit.
 */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type Mutant, readMutants } from './mutant.ts'

const SEEDS_MAX = 300
const TABLE = `${import.meta.dirname}/../../docs/mutants.md`
const RUN = `${import.meta.dirname}/run.ts`

interface Find {
  readonly mutant: Mutant
  readonly seed: number
  readonly checks: readonly string[]
}

function hunt(mutant: Mutant): Promise<Find | undefined> {
  const args = [RUN, '--json', '--mutant', mutant.id, '--seeds', String(SEEDS_MAX)]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 900_000, maxBuffer: 2 ** 26 }, (error, text, complaint) => {
      if (text === '' && error === null) return resolve(undefined)
      if (text === '') return reject(new Error(`${mutant.id}: ${complaint}`))
      const { seed, breaches } = JSON.parse(text) as { seed: number; breaches: string[] }
      resolve({ mutant, seed, checks: [...new Set(breaches.map((breach) => breach.split(':')[0]!))].sort() })
    })
  })
}

/** As many at once as there are cores. */
async function huntAll(mutants: readonly Mutant[]): Promise<(Find | undefined)[]> {
  const finds: (Find | undefined)[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < mutants.length; index = next++)
      finds[index] = await hunt(mutants[index]!)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return finds
}

function tableOf(finds: readonly Find[]): string {
  const rows = finds.map(
    ({ mutant: { id, kind, file, why }, seed, checks }) =>
      `| \`${id}\` | ${why} | [${file.split('/').pop()}](../${file}) | ${kind === undefined ? '' : `${kind} `}${seed} | ${checks.join(', ')} |`,
  )
  return rows.join('\n')
}

describe('the voyages', () => {
  it('find every planted bug, and docs/mutants.md says how', { timeout: 3_600_000 }, async () => {
    const mutants = readMutants()
    const finds = await huntAll(mutants)
    expect(mutants.filter((_, index) => finds[index] === undefined).map(({ id }) => id)).toEqual([])
    const text = readFileSync(TABLE, 'utf8')
    const [, head] = /^([\s\S]*\n\|[-|]+\n)/.exec(text) ?? []
    const now = `${head}${tableOf(finds as Find[])}\n`
    writeFileSync(TABLE, now)
    expect(now).toBe(text)
  })
})
