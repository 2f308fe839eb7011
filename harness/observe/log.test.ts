/** If this fails, an order cannot be followed from the shop to NetSuite in the logs, or the logs hold people and secrets. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import type { EngineObserver } from '../engine/engine.ts'
import { createLogger, createLogObserver, type LoggerOptions, type LogObserverOptions } from './log.ts'
import { orderOf } from './testing/shop-order.ts'

const T0 = Date.UTC(2026, 0, 5, 9)

/** What is written while `act` plays the engine. */
function linesOf(
  act: (observer: EngineObserver) => void,
  options: LogObserverOptions & LoggerOptions = {},
): object[] {
  const lines: object[] = []
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) } as never
  const logger = createLogger(new VirtualClock(T0), { ...options, destination })
  act(createLogObserver(logger, options))
  return lines
}

const order = orderOf({ id: '5001', first_name: 'Ada', last_name: 'Noor', email: 'ada@example.com' })
const call = {
  operation: 'salesOrder.create',
  key: '5001',
  attempt: 1,
  startedMs: T0,
  endedMs: T0 + 900,
  status: 204,
}

describe('the log of an order', () => {
  it('is found by the shop’s id, and names the id in NetSuite at the end', () => {
    const lines = linesOf((observer) => {
      observer.accepted(order, T0)
      observer.attempt({ ...call, status: 429, errorCode: 'SSS_REQUEST_LIMIT_EXCEEDED', outcome: 'retry' })
      observer.attempt({ ...call, attempt: 2, outcome: 'done' })
      observer.completed('5001', '912', T0 + 2_500)
    })
    const common = { time: '2026-01-05T09:00:00.000Z', order: '5001' }
    expect(lines).toEqual([
      { ...common, level: 'info', event: 'order-accepted', number: '#5001', msg: 'order accepted' },
      {
        ...common,
        level: 'info',
        event: 'call',
        operation: 'salesOrder.create',
        attempt: 1,
        status: 429,
        errorCode: 'SSS_REQUEST_LIMIT_EXCEEDED',
        outcome: 'retry',
        tookMs: 900,
        msg: 'salesOrder.create retry',
      },
      {
        ...common,
        level: 'info',
        event: 'order-completed',
        netSuiteId: '912',
        tookMs: 2500,
        calls: 2,
        msg: 'order is in NetSuite',
      },
    ])
  })
  it('writes calls that went well at level debug, and repeated deliveries at info', () => {
    const act = (observer: EngineObserver): void => {
      observer.deduplicated(order, T0)
      observer.attempt({ ...call, outcome: 'done' })
    }
    expect(linesOf(act)).toMatchObject([{ event: 'order-repeated' }])
    expect(linesOf(act, { level: 'debug' })).toMatchObject([{ event: 'order-repeated' }, { level: 'debug' }])
  })
  it('masks the shopper unless told otherwise', () => {
    const act = (observer: EngineObserver): void => {
      observer.accepted(order, T0)
      observer.deadLettered(
        '5001',
        'Noor, Invalid Field Value ada@example.com for the field: email',
        T0,
        order,
      )
    }
    expect(JSON.stringify(linesOf(act))).not.toMatch(/ada@example.com|Noor/)
    expect(linesOf(act)).toMatchObject([{}, { level: 'error', reason: expect.stringContaining('[masked]') }])
    expect(JSON.stringify(linesOf(act, { maskPersonal: false }))).toContain('ada@example.com')
  })
  it('writes how payments and other work of an order ended, under the order’s id', () => {
    const work = { flow: 'payment', key: 'payment 9', subject: '5001', atMs: T0 } as const
    const lines = linesOf((observer) => {
      observer.flowEnded({ ...work, end: 'done', netSuiteId: '33' })
      observer.flowEnded({ ...work, end: 'dead', reason: 'refused for bo@example.com' })
    })
    expect(lines).toMatchObject([
      { level: 'info', event: 'payment-done', order: '5001', netSuiteId: '33' },
      { level: 'error', event: 'payment-dead', order: '5001', reason: 'refused for [masked]' },
    ])
  })
  it('tells nothing it does not know of an order that an earlier process accepted', () => {
    const [line] = linesOf((observer) => observer.completed('4000', '7', T0))
    expect(line).not.toHaveProperty('tookMs')
  })
})

it('a logger writes no secret, even when handed one', () => {
  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) } as never
  const logger = createLogger(new VirtualClock(T0), { destination, base: { worker: 'w1' } })
  logger.warn(
    { headers: { authorization: 'OAuth s3cr3t' }, login: { tokenSecret: 's3cr3t' }, password: 's3cr3t' },
    'x',
  )
  expect(lines.join()).not.toContain('s3cr3t')
  expect(JSON.parse(lines[0]!)).toMatchObject({ worker: 'w1', level: 'warn', password: '[secret]' })
})
