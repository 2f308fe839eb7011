/** If this fails, dashboards and alerts in Prometheus show wrong figures, or a metric per order fills its disk. */
import { expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'
import { orderOf } from './testing/shop-order.ts'
import { statusOf } from './testing/status.ts'

const call = {
  operation: 'salesOrder.create',
  attempt: 1,
  startedMs: 0,
  endedMs: 1_500,
  status: 204,
} as const

it('counts orders and calls, and times both in seconds', async () => {
  const { observer, text } = createMetrics()
  for (const id of ['1', '2', '3']) observer.accepted(orderOf({ id }), 1_000)
  observer.deduplicated(orderOf({ id: '1' }), 1_000)
  observer.attempt({ ...call, key: '1', outcome: 'done' })
  observer.attempt({ ...call, key: '2', outcome: 'unknown', status: 0 })
  observer.completed('1', '9', 4_000)
  observer.deadLettered('2', 'no', 5_000)
  const lines = (await text()).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'seatrial_orders_total{event="accepted"} 3',
      'seatrial_orders_total{event="repeated"} 1',
      'seatrial_orders_total{event="completed"} 1',
      'seatrial_orders_total{event="dead"} 1',
      'seatrial_calls_total{operation="salesOrder.create",outcome="done",status="204"} 1',
      'seatrial_calls_total{operation="salesOrder.create",outcome="unknown",status="0"} 1',
      'seatrial_call_seconds_bucket{le="1",operation="salesOrder.create"} 0',
      'seatrial_call_seconds_bucket{le="2",operation="salesOrder.create"} 2',
      'seatrial_order_seconds_sum 3',
    ]),
  )
})

it('has no line per order', async () => {
  const { observer, text } = createMetrics()
  const linesAfter = async (orders: number): Promise<number> => {
    for (let n = 0; n < orders; n++) {
      observer.accepted(orderOf({ id: `x${n}` }), 0)
      observer.attempt({ ...call, key: `x${n}`, outcome: 'done' })
    }
    return (await text()).split('\n').length
  }
  expect(await linesAfter(50)).toBe(await linesAfter(1))
})

it('reads the gauges from the status, once a scrape', async () => {
  let asked = 0
  const { text } = createMetrics(async () => {
    asked++
    return statusOf({ paused: true })
  })
  const lines = (await text()).split('\n')
  expect(asked).toBe(1)
  expect(lines).toEqual(
    expect.arrayContaining([
      'seatrial_concurrency_limit 15',
      'seatrial_calls_in_flight 12',
      'seatrial_calls_waiting 3',
      'seatrial_backlog_waiting 40',
      'seatrial_backlog_age_seconds 9.5',
      'seatrial_sending_paused 1',
    ]),
  )
})

it('answers with the counters while the queue does not answer', async () => {
  const { observer, text } = createMetrics(() => Promise.reject(new Error('gone')))
  observer.accepted(orderOf(), 0)
  const answer = await text()
  expect(answer).toContain('seatrial_orders_total{event="accepted"} 1')
  expect(answer).toContain('seatrial_concurrency_limit Nan')
})
