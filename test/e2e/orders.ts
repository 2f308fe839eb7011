/** Orders and a target file as a user would write them, for tests of workers. */

/** Orders `from` to `to` as NDJSON, one line of SKU-1 each, of twenty customers. */
export function orderLines(from: number, to: number): string {
  const lines = Array.from({ length: to - from + 1 }, (_, index) => {
    const id = String(from + index)
    const customer = {
      id: `c${index % 20}`,
      email: `c${index % 20}@example.com`,
      first_name: 'Ada',
      last_name: 'Byron',
    }
    const line = { id: `${id}-1`, sku: 'SKU-1', quantity: 2, price: '19.90' }
    const order = { id, name: `#${id}`, created_at: '2026-01-05T09:00:00Z', email: null, currency: 'USD' }
    return JSON.stringify({ ...order, customer, line_items: [line], total_price: '39.80' })
  })
  return `${lines.join('\n')}\n`
}

/** A target file for what `seatrial serve --ready-file` wrote. */
export const TARGET = (readyFile: string): string => `name: the simulator
accountType: simulator
allowWrites: true
credentials: { fromFile: ${readyFile} }
`
