/**
 * `npm run bench`: every figure that README and docs state, measured anew. Prints a table, writes bench/results/latest.json
 * and latest.md, and exits 1 when a goal is missed. `--only http,virtual,footprint,records,control,auth,path,queue,fleet,suiteql,
 * engine,efficiency,throttle` runs a part; the last two also write their tables into docs/.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { benchAuth } from './auth.ts'
import { benchControl, ORDERS } from './control.ts'
import { writeDocTable } from './doc-table.ts'
import { benchEfficiency, efficiencyTable, meetsGoals } from './efficiency.ts'
import { benchEngineOverhead, OVERHEAD_US_MAX } from './engine-overhead.ts'
import { benchFleet, FLEET_GOAL } from './fleet.ts'
import { benchFootprint } from './footprint.ts'
import { benchHttp } from './http.ts'
import { benchQueue } from './queue.ts'
import { benchGrowth, benchRecords, GROWTH_MAX, SIZES } from './records.ts'
import { benchRequestPath } from './request-path.ts'
import { benchSuiteQl } from './suiteql.ts'
import { benchThrottle, throttleTable } from './throttle.ts'
import { benchVirtual } from './virtual.ts'

const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',')
const isWanted = (part: string): boolean => !process.argv.includes('--only') || only!.includes(part)
const log = (line: string): void => void process.stderr.write(`  ${line}\n`)
const round = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits })

const results: Record<string, unknown> = { node: process.version, cores: cpus().length }
const lines: string[] = [
  `# Measured by \`npm run bench\``,
  '',
  `Node ${process.version}, ${cpus().length} cores; read ratios, not absolutes.`,
]
let missed = 0
const verdict = (isMet: boolean): string => {
  if (!isMet) missed++
  return isMet ? 'met' : '**missed**'
}

if (isWanted('http')) {
  const rows = await benchHttp(log)
  results.http = rows
  lines.push(
    '',
    '## Server throughput, ratio to a raw `node:http` server in the same run',
    '',
    '| request | raw/s | seatrial/s | ratio | goal | | server CPU raw, seatrial (µs) | p99 ms |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${round(row.rawPerSec)} | ${round(row.seatrialPerSec)} | ${round(row.ratio, 2)} | ≥ ${row.goal} | ` +
        `${verdict(row.ratio >= row.goal)} | ${round(row.rawCpuUs, 1)}, ${round(row.seatrialCpuUs, 1)} | ${round(row.p99Ms, 1)} |`,
    ),
  )
}
if (isWanted('virtual')) {
  const rows = await benchVirtual(log)
  results.virtual = rows
  lines.push(
    '',
    '## Virtual time, one core',
    '',
    '| run | orders | NetSuite calls | seconds | calls/s | goal | |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${round(row.orders)} | ${round(row.calls)} | ${round(row.wallSec, 2)} | ${round(row.callsPerSec)} | ` +
        `${row.goal} | ${verdict(row.isMet)} |`,
    ),
  )
}
if (isWanted('footprint')) {
  const rows = await benchFootprint(log)
  results.footprint = rows
  lines.push(
    '',
    '## Start-up and memory',
    '',
    '| what | measured | goal | |',
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${round(row.value, 1)} ${row.unit} | ≤ ${row.goal} ${row.unit} | ${verdict(row.value <= row.goal)} |`,
    ),
  )
}
if (isWanted('records')) {
  const rows = await benchRecords(log)
  const growth = await benchGrowth(log)
  results.records = { rows, growth }
  lines.push(
    '',
    '## The record service: processor time, without sockets, 100,000 orders of five lines',
    '',
    '| request | ms | goal | |',
    '|---|---|---|---|',
    ...rows.map(({ name, ms, goal }) =>
      goal === undefined
        ? `| ${name} | ${round(ms, 2)} | | |`
        : `| ${name} | ${round(ms, 2)} | ≤ ${goal} ms | ${verdict(ms <= goal)} |`,
    ),
    '',
    '## Processor time of a request by number of stored orders, in µs',
    '',
    `| request | ${SIZES.map((size) => round(size)).join(' | ')} | last to first | goal | |`,
    `|---|${'---|'.repeat(SIZES.length)}---|---|---|`,
    ...growth.map(
      ({ name, us, ratio }) =>
        `| ${name} | ${us.map((each) => round(each, 1)).join(' | ')} | ${round(ratio, 2)} | ≤ ${GROWTH_MAX} | ${verdict(ratio <= GROWTH_MAX)} |`,
    ),
  )
}

if (isWanted('control')) {
  const rows = await benchControl(log)
  results.control = rows
  lines.push(
    '',
    '## Snapshot, restore, reset: processor time in ms by number of stored orders of five lines',
    '',
    `| call of the control API | ${ORDERS.map((count) => round(count)).join(' | ')} | goals | |`,
    `|---|${'---|'.repeat(ORDERS.length)}---|---|`,
    ...rows.map(({ name, ms, goalsMs }) => {
      const [first, last] = goalsMs
      const isMet = ms[0]! <= first && (last === undefined || ms.at(-1)! <= last)
      const goals = last === undefined ? `≤ ${first} ms` : `≤ ${first} ms, ≤ ${last} ms`
      return `| ${name} | ${ms.map((each) => round(each, 1)).join(' | ')} | ${goals} | ${verdict(isMet)} |`
    }),
  )
}

if (isWanted('auth')) {
  const rows = await benchAuth(log)
  results.auth = rows
  lines.push(
    '',
    '## Checking a login, one core, in µs of processor time',
    '',
    '| login | µs | per second | goal | |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ name, us, goal }) =>
        `| ${name} | ${round(us, 1)} | ${round(1_000_000 / us)} | ≤ ${goal} µs | ${verdict(us <= goal)} |`,
    ),
  )
}
if (isWanted('queue')) {
  const rows = await benchQueue(log)
  results.queue = rows
  lines.push(
    '',
    '## The queues, one process, 1 kB items, every answer after the disk',
    '',
    '| what | measured | goal | |',
    '|---|---|---|---|',
    ...rows.map(({ name, value, goal }) =>
      goal === undefined
        ? `| ${name} | ${round(value)} | | |`
        : `| ${name} | ${round(value, goal < 1 ? 2 : 0)} | ≥ ${round(goal, 2)} | ${verdict(value >= goal)} |`,
    ),
  )
}

if (isWanted('fleet')) {
  const rows = await benchFleet(log)
  results.fleet = rows
  if (rows.length > 0)
    lines.push(
      '',
      '## Workers on one PostgreSQL, against one account of 15 slots',
      '',
      '| workers | orders/s | to one worker | goal | | slots in use, mean | most at once | answered 429 |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map(
        ({ workers, ordersPerSec, ratio, efficiency, peakSlots, refusedRatio }) =>
          `| ${workers} | ${round(ordersPerSec, 1)} | ${round(ratio, 2)} | ≥ ${FLEET_GOAL} | ${verdict(ratio >= FLEET_GOAL)} | ` +
          `${round(efficiency * 100)} % | ${peakSlots} | ${round(refusedRatio * 100, 1)} % |`,
      ),
    )
}

if (isWanted('path')) {
  const rows = benchRequestPath(log)
  results.path = rows
  lines.push(
    '',
    '## Before any work: slot, windows, journal',
    '',
    '| what | measured | goal | |',
    '|---|---|---|---|',
    ...rows.map(
      ({ name, value, unit, goal }) =>
        `| ${name} | ${round(value, 2)} ${unit} | ≤ ${goal} ${unit} | ${verdict(value <= goal)} |`,
    ),
  )
}

if (isWanted('suiteql')) {
  const rows = await benchSuiteQl(log)
  results.suiteql = rows
  lines.push(
    '',
    '## SuiteQL: processor time of whole requests without sockets, 100,000 orders of five lines',
    '',
    '| what | measured | goal | |',
    '|---|---|---|---|',
    ...rows.map(({ name, value, unit, goal }) =>
      goal === undefined
        ? `| ${name} | ${round(value, 2)} ${unit} | | |`
        : `| ${name} | ${round(value, 2)} ${unit} | ≤ ${goal} ${unit} | ${verdict(value <= goal)} |`,
    ),
  )
}

if (isWanted('engine')) {
  const us = await benchEngineOverhead(log)
  results.engine = { us }
  lines.push('', '## The reference engine, processor time of an order, without account, network and disk', '')
  lines.push(`${round(us)} µs; goal ≤ ${OVERHEAD_US_MAX} µs: ${verdict(us <= OVERHEAD_US_MAX)}`)
}
if (isWanted('efficiency')) {
  const rows = await benchEfficiency(log)
  const table = efficiencyTable(rows)
  results.efficiency = rows
  for (const row of rows) verdict(meetsGoals(row))
  lines.push('', '## What engines get out of an account, virtual time', '', ...table)
  writeDocTable('engine.md', 'efficiency', table)
}
if (isWanted('throttle')) {
  const rows = await benchThrottle(log)
  const table = throttleTable(rows)
  results.throttle = rows
  lines.push('', '## Algorithms that find the limit, virtual time', '', ...table)
  writeDocTable('decisions/0013-throttle.md', 'throttle', table)
}

const text = `${lines.join('\n')}\n`
process.stdout.write(text)
if (!process.argv.includes('--only')) {
  const folder = join(import.meta.dirname, 'results')
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(folder, 'latest.md'), text)
}
process.exitCode = missed === 0 ? 0 : 1
