/**
 * Structured logs: one JSON line an event, each with the shop's order id, by which a line is found from the shop's side, and
 * at the end with the id in NetSuite, by which it is found from the other. People are masked unless told otherwise.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import type { AttemptEvent, EngineObserver } from '../engine/engine.ts'
import { mask, personalTexts } from './mask.ts'
import { OpenOrders } from './open-orders.ts'

export interface LoggerOptions {
  /** Lines below it are not written. `debug` also writes calls that went well. Default `info`. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go. Default: standard output. */
  readonly destination?: DestinationStream
  /** In every line, e.g. the name of the worker. */
  readonly base?: Readonly<Record<string, string | number>>
}

/** Never written, whoever passes them by mistake. */
const SECRETS = [
  'authorization',
  'consumerSecret',
  'tokenSecret',
  'consumerKey',
  'tokenId',
  'privateKey',
  'password',
]

/** A pino logger on our clock: equal runs write equal lines. */
export function createLogger(
  clock: Clock,
  { level = 'info', destination, base = {} }: LoggerOptions = {},
): Logger {
  const options = {
    level,
    base,
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

export interface LogObserverOptions {
  /** Takes names, addresses, e-mail and telephone out of what is written. Default true. */
  readonly maskPersonal?: boolean
}

/** Writes what the engine does to `logger`. */
export function createLogObserver(
  logger: Logger,
  { maskPersonal = true }: LogObserverOptions = {},
): EngineObserver {
  const orders = new OpenOrders()
  return {
    accepted: (order, atMs) => {
      orders.open(order.id, atMs)
      logger.info({ event: 'order-accepted', order: order.id, number: order.name }, 'order accepted')
    },
    deduplicated: (order) =>
      logger.info(
        { event: 'order-repeated', order: order.id, number: order.name },
        'order was known already',
      ),
    attempt: (event) => {
      orders.countCall(event.key)
      writeCall(logger, event)
    },
    completed: (key, netSuiteId, atMs) => {
      const order = orders.close(key)
      logger.info(
        { event: 'order-completed', order: key, netSuiteId, ...ended(order, atMs) },
        'order is in NetSuite',
      )
    },
    deadLettered: (key, reason, atMs, work) => {
      const order = orders.close(key)
      const text = maskPersonal ? mask(reason, work && personalTexts(work)) : reason
      logger.error({ event: 'order-dead', order: key, reason: text, ...ended(order, atMs) }, 'order given up')
    },
    flowEnded: ({ flow, key, subject, end, netSuiteId, reason }) => {
      const line = { event: `${flow}-${end}`, order: subject, work: key, netSuiteId }
      if (end === 'done') return logger.info(line, `${flow} is done`)
      logger.error({ ...line, reason: maskPersonal ? mask(reason ?? '') : reason }, `${flow} given up`)
    },
    modeChanged: (mode) => logger.info({ event: 'mode', mode }, `now ${MODES[mode]}`),
    batchEnded: ({ type, records, written, startedMs, endedMs }) =>
      logger.info(
        { event: 'batch', type, records, written, tookMs: Math.round(endedMs - startedMs) },
        'batch ended',
      ),
    backlog: () => {},
  }
}

/** How long it took and how many calls; nothing for an order that an earlier process accepted. */
function ended(
  order: { readonly acceptedMs: number; readonly calls: number } | undefined,
  atMs: number,
): object {
  return order === undefined ? {} : { tookMs: Math.round(atMs - order.acceptedMs), calls: order.calls }
}

const MODES = { realtime: 'in real time', batch: 'in batches' } as const

const CALL_LEVEL = { done: 'debug', retry: 'info', refused: 'warn', unknown: 'warn' } as const

function writeCall(logger: Logger, event: AttemptEvent): void {
  const { operation, key, attempt, status, errorCode, outcome } = event
  const tookMs = Math.round(event.endedMs - event.startedMs)
  const line = { event: 'call', order: key, operation, attempt, status, errorCode, outcome, tookMs }
  logger[CALL_LEVEL[outcome]](line, `${operation} ${outcome}`)
}
