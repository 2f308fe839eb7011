/**
 * `npm run bench`: every figure that README and docs state, measured anew, each part in a process of its own. Stores a part's
 * rows in bench/results/PART.json, makes the page of all parts (latest.md) and the tables of documents from what is stored,
 * and exits 1 when a goal is missed. `npm run bench -- --help` tells its options.
 */
import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Part } from './part.ts'
import { PARTS } from './parts.ts'
import { missedRows, type Result, sectionOf, storeResult, writeResultDocuments } from './results.ts'

const HELP = `Usage: npm run bench -- [options]

  --only a,b   these parts; the others keep what they have (${PARTS.map(({ name }) => name).join(', ')})
  --no-write   print only: bench/results and documents stay as they are
  --tables     measure nothing, make the tables anew from bench/results
  --help       this text
`

function options() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        'no-write': { type: 'boolean', default: false },
        tables: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const names = values.only?.split(',') ?? PARTS.map(({ name }) => name)
    const unknown = names.filter((name) => !PARTS.some((part) => part.name === name))
    if (unknown.length > 0) throw new Error(`no part is called ${unknown.join(' or ')}`)
    return { ...values, parts: PARTS.filter(({ name }) => names.includes(name)) }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

function measure(part: Part): Promise<Result> {
  const child = fork(join(import.meta.dirname, 'measure.ts'), [part.name])
  return new Promise((resolve, reject) => {
    child.once('message', (rows: readonly unknown[]) => {
      const [{ model }, { length: cores }] = [cpus()[0]!, cpus()]
      resolve({
        measuredAt: `${new Date().toISOString().slice(0, 19)}Z`,
        machine: { node: process.version, cores, cpu: model },
        rows,
      })
    })
    // Resolved long before, unless the part threw.
    child.once('exit', () => reject(new Error(`${part.name} could not be measured`)))
  })
}

const { parts, tables, help, 'no-write': isDry } = options()
if (help) process.stdout.write(HELP)
const missed: string[] = []
for (const part of help || tables ? [] : parts) {
  if (part.needs !== undefined && process.env[part.needs] === undefined) {
    process.stderr.write(`${part.name} is left out: ${part.needs} is not set\n`)
    continue
  }
  process.stderr.write(`${part.name}\n`)
  const startedMs = performance.now()
  const result = await measure(part)
  process.stderr.write(`${part.name} took ${Math.round((performance.now() - startedMs) / 1000)} s\n`)
  if (!isDry) storeResult(part, result)
  process.stdout.write(`${sectionOf({ part, result })}\n\n`)
  missed.push(...missedRows({ part, result }))
}
if (!help && !isDry) writeResultDocuments(PARTS)
if (missed.length > 0) process.stderr.write(`goals missed:\n${missed.map((row) => `  ${row}\n`).join('')}`)
process.exitCode = missed.length === 0 ? 0 : 1
