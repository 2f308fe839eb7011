/** Start-up and memory of `seatrial serve`, and what a stored order costs beyond its own JSON. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startSeatrial } from './child.ts'
import { goalTable, type Measured, median, type Part } from './part.ts'

const ORDERS = 100_000
const BATCH = 1000
/** The heap grows to its working size first; what comes after is the cost of an order. */
const WARM_BATCHES = 50
const STARTS = 5

async function benchFootprint(log: (line: string) => void): Promise<Measured[]> {
  const starts: number[] = []
  for (let number = 0; number < STARTS; number++) {
    const served = await startSeatrial()
    starts.push(served.readyMs)
    await served.stop()
  }
  const served = await startSeatrial()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const idleMb = served.rssMb()
  log(`ready in ${starts.map(Math.round).join(', ')} ms, idle ${Math.round(idleMb)} MB`)
  const orderBytes = await storeOrders(served.controlUrl, served.rssMb, log)
  await served.stop()
  const gateSec = await secondsOf(['cli/start.js', 'gate', '--out', join('reports', 'runs', 'bench-gate')])
  return [
    { name: 'serve ready', value: median(starts), unit: 'ms', goal: 500 },
    { name: 'serve idle, resident', value: idleMb, unit: 'MB', goal: 150 },
    { name: 'stored order beyond its JSON', value: orderBytes, unit: 'bytes', goal: 2048 },
    { name: 'npm start', value: gateSec, unit: 's', goal: 30 },
  ]
}

/** Growth of resident memory per order, less the order's JSON. A first batch lets the process reach its working size. */
async function storeOrders(
  controlUrl: string,
  rssMb: () => number,
  log: (line: string) => void,
): Promise<number> {
  const post = async (type: string, items: object[]): Promise<void> => {
    const answer = await fetch(`${controlUrl}/records/${type}`, {
      headers: { 'content-type': 'application/json' },
      method: 'POST',
      body: JSON.stringify({ items }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    await answer.arrayBuffer()
  }
  await post('inventoryItem', [{ itemId: 'SKU-1', externalId: 'SKU-1' }])
  await post('customer', [{ companyName: 'Bench Ltd', externalId: 'BENCH-C' }])
  let bytes = 0
  let number = 0
  const batch = (): object[] =>
    Array.from({ length: BATCH }, () => {
      const line = { item: { externalId: 'SKU-1' }, quantity: 2, rate: 19.9 }
      const order = {
        externalId: `BENCH-${++number}`,
        entity: { externalId: 'BENCH-C' },
        otherRefNum: `#${number}`,
        item: { items: Array.from({ length: 5 }, () => line) },
      }
      bytes += JSON.stringify(order).length
      return order
    })
  for (let warm = 0; warm < WARM_BATCHES; warm++) await post('salesOrder', batch())
  const before = rssMb()
  bytes = 0
  for (let stored = 0; stored < ORDERS; stored += BATCH) await post('salesOrder', batch())
  const perOrder = ((rssMb() - before) * 1024 * 1024) / ORDERS
  log(`${Math.round(perOrder)} bytes per order, its JSON ${Math.round(bytes / ORDERS)}`)
  return perOrder - bytes / ORDERS
}

function secondsOf(args: string[]): Promise<number> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('exit', (code) => {
      if (code === 0) resolve((performance.now() - startedMs) / 1000)
      else reject(new Error(`${args.join(' ')} exited with ${code}`))
    })
  })
}

export const footprint: Part<Measured> = {
  name: 'footprint',
  measure: benchFootprint,
  tables: (rows) => [goalTable('Start-up and memory', rows, 1)],
}
