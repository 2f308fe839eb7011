/** The reference engine for programs: orders and what follows from them go in, and are in NetSuite exactly once, or are dead letters. */
import type { PeakOptions } from '../engine/peak.ts'
import { createReferenceEngine, type ReferenceEngine, type WorkQueue } from '../engine/reference.ts'
import type { Shop } from '../engine/shop-port.ts'
import { type AccountOptions, partsOf } from './account.ts'

export interface EngineOptions extends AccountOptions {
  /** Where work is kept until it is done. Default: in memory, which loses it with the process. */
  readonly queue?: WorkQueue | undefined
  /** Told what became of orders. */
  readonly shop?: Shop | undefined
  /** From which backlog on batches are used beside single calls. Default: never. */
  readonly peak?: PeakOptions | undefined
}

export interface Engine extends ReferenceEngine {
  /** Takes no more work, finishes what is in work, then ends its connections. The queue stays open: it is yours. */
  close(): Promise<void>
}

/** An engine for one account and one integration. Work that a durable queue already holds is done as well. */
export function createEngine({ queue, shop, peak, ...options }: EngineOptions): Engine {
  const { deps, close } = partsOf(options)
  const engine = createReferenceEngine({ ...deps, shop, peak }, queue)
  return {
    ...engine,
    close: async () => {
      await engine.stop()
      await close()
    },
  }
}
