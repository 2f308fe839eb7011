/**
 * One, two and four workers on one PostgreSQL, as processes of their own, against one account over sockets: do they get as
 * much done as one alone, and do they keep to what the account grants? Rates are taken between the first fifth of the
 * orders and the last tenth, so that neither the search for the limit nor the end of the queue counts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres, openPostgresQueue } from '../harness/engine/index.ts'
import { type Work, workInput } from '../harness/engine/work.ts'
import { SystemClock } from '../kernel/clock.ts'
import type { JournalEntry, JournalPage } from '../protocol/control.ts'
import { type Served, startSeatrial } from './child.ts'
import { withDatabases } from './database.ts'
import { figure, type Part, verdict } from './part.ts'

export interface FleetRow {
  readonly workers: number
  readonly ordersPerSec: number
  /** Share of what one worker alone got done. */
  readonly ratio: number
  /** Share of what the account's slots could do at their mean service time. */
  readonly efficiency: number
  readonly peakSlots: number
  /** Share of all calls that were answered 429. */
  readonly refusedRatio: number
}

const FLEET_GOAL = 0.95
const FLEETS = [1, 2, 4]
const SLOTS = 15
const ORDERS = 900
const PROFILE = `preset: premium
concurrencyLimit: ${SLOTS}
latency: { sigma: 0.3, medianMs: { "*.create": 400, "*.upsert": 200, "*.get": 100 } }
`
const ROOT = join(import.meta.dirname, '..')

/** `server`: the address of a PostgreSQL on which databases can be made. */
async function benchFleet(server: string, log: (line: string) => void): Promise<FleetRow[]> {
  const rows: FleetRow[] = []
  for (const workers of FLEETS) {
    const { ordersPerSec, ...more } = await withDatabases(server, ['seatrial_bench_fleet'], ([url]) =>
      measure(url!, workers),
    )
    const row = {
      workers,
      ordersPerSec,
      ratio: ordersPerSec / (rows[0]?.ordersPerSec ?? ordersPerSec),
      ...more,
    }
    log(`${workers} workers: ${ordersPerSec.toFixed(1)} orders/s, peak of ${row.peakSlots} slots`)
    rows.push(row)
  }
  return rows
}

async function measure(url: string, workers: number) {
  const account = await startSeatrial(PROFILE)
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-bench-fleet-'))
  try {
    await post(account, '/records/inventoryItem', { items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }] })
    await enqueue(url)
    const target = join(folder, 'target.yaml')
    const { baseUrl, accountId, consumerKey, consumerSecret, tokenId, tokenSecret } = account
    const ready = { baseUrl, accountId, consumerKey, consumerSecret, tokenId, tokenSecret }
    writeFileSync(join(folder, 'ready.json'), JSON.stringify(ready), { mode: 0o600 })
    writeFileSync(
      target,
      'name: bench\naccountType: simulator\nallowWrites: true\ncredentials: { fromFile: ready.json }\n',
    )
    await Promise.all(Array.from({ length: workers }, () => work(url, target)))
    return figures(await journalOf(account))
  } finally {
    await account.stop()
    rmSync(folder, { recursive: true })
  }
}

async function post(account: Served, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(account.controlUrl + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function enqueue(url: string): Promise<void> {
  const queue = await openPostgresQueue<Work, never>(new SystemClock(), await openPostgres(url))
  const works = Array.from({ length: ORDERS }, (_, n): Work => {
    const customer = { id: `c${n % 20}`, email: 'a@example.com', first_name: 'Ada', last_name: 'Byron' }
    const line = { id: '1', sku: 'SKU-1', quantity: 1, price: '9.90' }
    const order = {
      id: `${n}`,
      name: `#${n}`,
      created_at: '2026-01-05T09:00:00Z',
      currency: 'USD',
      total_price: '9.90',
    }
    return { flow: 'order', order: { ...order, customer, line_items: [line] } }
  })
  await queue.enqueue(works.map(workInput))
  await queue.close()
}

async function work(url: string, target: string): Promise<void> {
  const args = [
    'cli/start.js',
    'work',
    '--queue',
    url,
    '--target',
    target,
    '--until-empty',
    '--log-level',
    'error',
  ]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`a worker ended with ${code}`)
}

async function journalOf(account: Served): Promise<readonly JournalEntry[]> {
  const answer = await fetch(`${account.controlUrl}/journal?limit=10000`)
  return ((await answer.json()) as JournalPage).items
}

function figures(entries: readonly JournalEntry[]) {
  const calls = entries.filter(({ recordType }) => recordType === 'salesOrder' || recordType === 'customer')
  const created = calls
    .filter(({ recordType, status }) => recordType === 'salesOrder' && status === 204)
    .map(({ endedMs }) => endedMs)
    .sort((a, b) => a - b)
  if (created.length !== ORDERS) throw new Error(`${created.length} of ${ORDERS} orders are in the account`)
  const [fromMs, untilMs] = [created[Math.floor(ORDERS * 0.2)]!, created[Math.floor(ORDERS * 0.9)]!]
  const held = calls.flatMap(({ slotFromMs, slotUntilMs }) =>
    slotFromMs === undefined || slotUntilMs === undefined ? [] : [[slotFromMs, slotUntilMs] as const],
  )
  const busyMs = held.reduce(
    (sum, [from, until]) => sum + Math.max(0, Math.min(until, untilMs) - Math.max(from, fromMs)),
    0,
  )
  return {
    ordersPerSec: (ORDERS * 0.7) / ((untilMs - fromMs) / 1_000),
    efficiency: busyMs / (SLOTS * (untilMs - fromMs)),
    peakSlots: peakOf(held),
    refusedRatio: calls.filter(({ status }) => status === 429).length / calls.length,
  }
}

/** Most slots held at once. One that is given back in the moment another is taken was free. */
function peakOf(held: readonly (readonly [number, number])[]): number {
  const steps = held.flatMap(([from, until]) => [
    { atMs: from, by: 1 },
    { atMs: until, by: -1 },
  ])
  let [now, peak] = [0, 0]
  for (const { by } of steps.sort((a, b) => a.atMs - b.atMs || a.by - b.by)) {
    now += by
    peak = Math.max(peak, now)
  }
  return peak
}

export const fleet: Part<FleetRow> = {
  name: 'fleet',
  needs: 'SEATRIAL_PG_URL',
  measure: (log) => benchFleet(process.env.SEATRIAL_PG_URL!, log),
  tables: (rows) => [
    {
      title: `Workers on one PostgreSQL, against one account of ${SLOTS} slots`,
      columns: [
        'workers',
        'orders/s',
        'to one worker',
        'goal',
        '',
        'slots in use, mean',
        'most at once',
        'answered 429',
      ],
      rows: rows.map(({ workers, ordersPerSec, ratio, efficiency, peakSlots, refusedRatio }) => [
        figure(workers),
        figure(ordersPerSec, 1),
        figure(ratio, 2),
        `≥ ${FLEET_GOAL}`,
        verdict(ratio >= FLEET_GOAL),
        `${figure(efficiency * 100)} %`,
        figure(peakSlots),
        `${figure(refusedRatio * 100, 1)} %`,
      ]),
    },
  ],
}
