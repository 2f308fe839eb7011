/**
 * What a test suite pays between two tests: taking a copy of an account, bringing it back, resetting it. Through the control
 * API, without sockets, with orders of five lines in the account. Processor time of the account's thread; the median counts.
 */
import { CONTROL_BASE_PATH } from '../protocol/wire.ts'
import { figure, median, type Part, verdict } from './part.ts'
import { accountWith } from './records.ts'

export interface ControlRow {
  readonly name: string
  /** By number of orders, as `ORDERS`. */
  readonly ms: readonly number[]
  /** For the first size and, where it has one, for the last. */
  readonly goalsMs: readonly [first: number, last?: number]
}

const ORDERS = [10_000, 100_000] as const
const ROUNDS = 5
const LINES = 5

async function benchControl(log: (line: string) => void): Promise<ControlRow[]> {
  const columns: Column[] = []
  for (const count of ORDERS) {
    const column = await measure(count)
    log(
      `${count} orders: ${Object.entries(column)
        .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
        .join(', ')}`,
    )
    columns.push(column)
  }
  const row = (name: keyof Column, title: string, goalMs: number, goalLastMs?: number): ControlRow => ({
    name: title,
    ms: columns.map((column) => column[name]),
    goalsMs: goalLastMs === undefined ? [goalMs] : [goalMs, goalLastMs],
  })
  return [
    row('snapshot', 'take a snapshot', 50),
    row('restoreSame', 'restore it, nothing has changed since', 50),
    row('restore', 'restore it, 100 orders have changed and 100 are new', 50),
    row('reset', 'reset', 10, 50),
  ]
}

/** All of it is work of this thread: processor time is what it takes on a machine with nothing else to do. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

type Column = Record<'snapshot' | 'restoreSame' | 'restore' | 'reset', number>

async function measure(count: number): Promise<Column> {
  const { store, send, signed, firstId, control, close } = await accountWith(count, LINES)
  const call = async (method: string, path: string, body?: object): Promise<number> => {
    const content =
      body === undefined
        ? { headers: {} }
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const startedMs = threadMs()
    const answer = await control({ method, url: `http://localhost${CONTROL_BASE_PATH}${path}`, ...content })
    const ms = threadMs() - startedMs
    if (answer.status >= 300) throw new Error(answer.body)
    return ms
  }
  const change = async (round: number): Promise<void> => {
    for (let number = 0; number < 100; number++) {
      const order = {
        externalId: `new-${round}-${number}`,
        entity: { externalId: 'C' },
        item: { items: [{ item: { externalId: 'SKU-1' }, quantity: 1, rate: 1 }] },
      }
      await send(signed('POST', 'salesOrder', order))
      await send(signed('PATCH', `salesOrder/${firstId + 1 + number * 7}`, { memo: `round ${round}` }))
    }
  }
  const times = { snapshot: [] as number[], restoreSame: [] as number[], restore: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    times.snapshot.push(await call('POST', '/snapshots', { name: 'start' }))
    times.restoreSame.push(await call('POST', '/snapshots/start/restore'))
    await change(round)
    times.restore.push(await call('POST', '/snapshots/start/restore'))
    const { salesOrder } = store.counts()
    if (salesOrder !== count) throw new Error(`${salesOrder} orders after a restore, not ${count}`)
    if (round < ROUNDS - 1) await call('DELETE', '/snapshots/start')
  }
  const reset: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    reset.push(await call('POST', '/reset'))
    if (store.counts().salesOrder !== undefined) throw new Error('orders after a reset')
    await call('POST', '/snapshots/start/restore')
  }
  close()
  return {
    snapshot: median(times.snapshot),
    restoreSame: median(times.restoreSame),
    restore: median(times.restore),
    reset: median(reset),
  }
}

export const control: Part<ControlRow> = {
  name: 'control',
  measure: benchControl,
  tables: (rows) => [
    {
      title: 'Snapshot, restore, reset: processor time in ms by number of stored orders of five lines',
      columns: ['call of the control API', ...ORDERS.map((count) => figure(count)), 'goals', ''],
      rows: rows.map(({ name, ms, goalsMs: [first, last] }) => {
        const isMet = ms[0]! <= first && (last === undefined || ms.at(-1)! <= last)
        const goals = last === undefined ? `≤ ${first} ms` : `≤ ${first} ms, ≤ ${last} ms`
        return [name, ...ms.map((each) => figure(each, 1)), goals, verdict(isMet)]
      }),
    },
  ],
}
