/** The engine's public face: what a run, an example or an integration of your own needs of it. */
import type { EngineDeps, IntegrationEngine } from './engine.ts'
import { createNaiveEngine } from './naive.ts'
import { createReferenceEngine } from './reference.ts'

export type { AttemptEvent, EngineDeps, EngineObserver, FlowEvent, IntegrationEngine } from './engine.ts'
export { createNaiveEngine } from './naive.ts'
export { openPostgres, type Postgres } from './postgres.ts'
export { PostgresBoard } from './postgres-board.ts'
export type {
  DeadLetter,
  OpenItem,
  Queue,
  QueueStats,
  WorkInput,
  WorkItem,
} from './queue.ts'
export { MemoryQueue } from './queue-memory.ts'
export type { QueueTrouble } from './queue-patience.ts'
export { openPostgresQueue, type PostgresQueueOptions } from './queue-postgres.ts'
export { SqliteQueue, type SqliteQueueOptions } from './queue-sqlite.ts'
export { createReferenceEngine, type ReferenceEngine, type WorkQueue } from './reference.ts'
export type { Acknowledgement, Shop } from './shop-port.ts'
export { type BoardStore, SharedLimit } from './throttle/shared-limit.ts'
export type { FlowName, Work } from './work.ts'

/** Builds an engine by name, on its default queue. */
export function createEngine(name: IntegrationEngine['name'], deps: EngineDeps): IntegrationEngine {
  return name === 'reference' ? createReferenceEngine(deps) : createNaiveEngine(deps)
}
export type { StockParts } from './flows/flow.ts'
export type { PeakOptions } from './peak.ts'
export { compareStock } from './sync/compare-stock.ts'
export { type DeltaSource, pullDelta } from './sync/delta.ts'
export { FieldSync } from './sync/field-sync.ts'
export { type Level, Levels } from './sync/levels.ts'
export { reconcile, runNightly } from './sync/reconcile.ts'
export { type SyncJob, SyncSchedule } from './sync/schedule.ts'
export { type Json, MemorySyncStore, type SyncStore } from './sync/store.ts'
export { openPostgresSyncStore, type PostgresSyncStore } from './sync/store-postgres.ts'
export { SqliteSyncStore } from './sync/store-sqlite.ts'
