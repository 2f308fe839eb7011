/**
 * What the harness drives: an integration that takes orders from a shop and puts them into NetSuite. `reference` is
 * the one to copy from, `naive` is what people write first. Both report what they do to an `EngineObserver`, from
 * which the run computes every figure; neither keeps statistics of its own.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { Credentials } from '../../protocol/login.ts'
import type { Transport } from '../../protocol/transport.ts'
import type { ShopOrder } from '../shop/order.ts'
import type { CustomerMatch } from './customers.ts'
import type { PaymentTarget, StockParts } from './flows/flow.ts'
import type { Mode, PeakOptions } from './peak.ts'
import type { Shop } from './shop-port.ts'
import type { FlowName } from './work.ts'

/** One HTTP attempt, whatever came of it. */
export interface AttemptEvent {
  /** e.g. `salesOrder.create`, `customer.find`. */
  readonly operation: string
  /** The shop's order id (`ShopOrder.id`), here and in every other event: the run matches events to orders by it. */
  readonly key: string
  /** From 1. */
  readonly attempt: number
  readonly startedMs: number
  readonly endedMs: number
  /** HTTP status, or 0 where no answer came. */
  readonly status: number
  /** `o:errorCode` or the transport error's code. */
  readonly errorCode?: string | undefined
  readonly outcome: 'done' | 'refused' | 'unknown' | 'retry'
}

/** How a piece of work other than an order ended. */
export interface FlowEvent {
  readonly flow: Exclude<FlowName, 'order'>
  /** The queue's key of the work: a payment, a change of status, a word to the shop. */
  readonly key: string
  /** What it is about: the shop's order id, or `SKU@location`. */
  readonly subject: string
  readonly end: 'done' | 'dead'
  /** Internal id of what it made or changed. */
  readonly netSuiteId?: string | undefined
  /** What an operator would read of one that is dead. */
  readonly reason?: string | undefined
  readonly atMs: number
}

/** What came of one batch. */
export interface BatchEvent {
  /** Record type. */
  readonly type: string
  readonly records: number
  /** Records that are in the account. */
  readonly written: number
  readonly startedMs: number
  readonly endedMs: number
}

export interface EngineObserver {
  /** The engine has taken responsibility for the order: from here on losing it is the engine's fault. */
  accepted(order: ShopOrder, atMs: number): void
  /** A delivery of an order that the engine already knew. */
  deduplicated(order: ShopOrder, atMs: number): void
  attempt(event: AttemptEvent): void
  /** The order is in NetSuite, as far as the engine knows. */
  completed(key: string, netSuiteId: string | undefined, atMs: number): void
  /**
   * Given up, with the reason that an operator would read. `order` tells who must not be named in a log; absent where the
   * queue holds something that cannot be read.
   */
  deadLettered(key: string, reason: string, atMs: number, order?: ShopOrder): void
  /** A piece of work of any other flow than an order's has come to its end. */
  flowEnded(event: FlowEvent): void
  /** The engine starts in real time. */
  modeChanged(mode: Mode, atMs: number): void
  batchEnded(event: BatchEvent): void
  /** Items waiting or being worked on, reported whenever it changes. */
  backlog(size: number, atMs: number): void
}

export interface IntegrationEngine {
  readonly name: 'reference' | 'naive'
  /** Takes one delivery from the shop; resolves once it would survive (queued). */
  accept(order: ShopOrder): Promise<void>
  /** Resolves when nothing is waiting or in work. */
  idle(): Promise<void>
  /** Stops taking work; what is in flight is finished. */
  stop(): Promise<void>
}

/** What an engine is built from. It logs in by itself, afresh for every attempt; `transport` sends what it is given. */
export interface EngineDeps {
  readonly clock: Clock
  /** The engine's own stream; forked by the caller. */
  readonly rng: Rng
  readonly transport: Transport
  /** Origin of the account, without a path, e.g. `https://1234567.suitetalk.api.netsuite.com`. */
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly observer: EngineObserver
  /** Where the reference engine tells what became of orders. Absent: nowhere. */
  readonly shop?: Shop | undefined
  /** For work of the flow `inventory`. */
  readonly stock?: StockParts | undefined
  /** What money becomes. Default: `deposit`. */
  readonly payments?: PaymentTarget | undefined
  /** How the reference engine finds customers that it has not made. Default: `external-id`. */
  readonly customers?: CustomerMatch | undefined
  /** When the reference engine goes over to batches. Absent: never. */
  readonly peak?: PeakOptions | undefined
}
