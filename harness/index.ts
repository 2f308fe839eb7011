/** What `import … from 'seatrial'` gives: the throttled client, the engine, its queues, and what watches over them. */
export { type Clock, SystemClock, VirtualClock } from '../kernel/clock.ts'
export { AppError } from '../kernel/error.ts'
export type { OAuth2Credentials } from '../protocol/assertion.ts'
export type { TbaCredentials } from '../protocol/signing.ts'
export { type Transport, TransportError } from '../protocol/transport.ts'
export type { WireRequest, WireResponse } from '../protocol/wire.ts'
export type { Written } from './engine/client.ts'
export type {
  AttemptEvent,
  EngineObserver,
  FlowEvent,
} from './engine/engine.ts'
export {
  type Acknowledgement,
  type DeadLetter,
  MemoryQueue,
  type OpenItem,
  openPostgres,
  openPostgresQueue,
  type Postgres,
  type PostgresQueueOptions,
  type Queue,
  type QueueStats,
  type Shop,
  SqliteQueue,
  type SqliteQueueOptions,
  type Work,
  type WorkInput,
  type WorkItem,
  type WorkQueue,
} from './engine/index.ts'
export type { Done, Outcome, RefusalCause, Refused, Unknown } from './engine/outcome.ts'
export type { TryProgress } from './engine/retry.ts'
export type { EngineStatus } from './engine/status.ts'
export type { AccountOptions } from './library/account.ts'
export { type AnyRecords, type Client, createClient } from './library/client.ts'
export { createEngine, type Engine, type EngineOptions } from './library/engine.ts'
export type { Alert, AlertRule } from './observe/alerts.ts'
export { healthApp, startHealthServer } from './observe/health.ts'
export { createLogger } from './observe/log.ts'
export { createMonitor, type Monitor, type MonitorOptions } from './observe/monitor.ts'
export { type ShopOrder, shopOrderSchema } from './shop/order.ts'
