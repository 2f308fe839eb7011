/**
 * Map/reduce runs: started by a save and noted in its transaction, run later on the SuiteCloud processors, so many at
 * once as the licences give. A run that was noted survives a restart; a save that is undone takes it along.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../kernel/clock.ts'
import { createProcessors, type PieceOfWork } from '../async/processors.ts'
import type { LatencyModel, Work } from '../latency/model.ts'
import type { SaveType } from './api.ts'

/** One run that waits. */
export interface MapReduceRun {
  readonly id: number
  readonly file: string
  readonly record_type: string
  readonly record_id: number
  readonly event: SaveType
}

export interface MapReduceParts {
  readonly clock: Clock
  readonly db: DatabaseSync
  readonly latency: LatencyModel
  readonly processors: number
  /** Simulated time of one run of the script. */
  readonly timeMs: (file: string) => number
  readonly run: (run: MapReduceRun) => void
}

export interface MapReduceQueue {
  note(run: Omit<MapReduceRun, 'id'>): void
  /** Takes up what waits. */
  resume(): void
  /** What is under way begins anew at `resume`. */
  stop(): void
}

const QUEUE: Work = { verb: 'queue', recordType: '', kind: 'other', lines: 0 }

export function createMapReduceQueue(parts: MapReduceParts): MapReduceQueue {
  const { clock, db, latency, timeMs } = parts
  db.exec(`CREATE TABLE IF NOT EXISTS map_reduce (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, record_type TEXT NOT NULL, record_id INTEGER NOT NULL, event TEXT NOT NULL
  ) STRICT`)
  const insert = db.prepare(
    'INSERT INTO map_reduce (file, record_type, record_id, event) VALUES (?, ?, ?, ?)',
  )
  const next = db.prepare('SELECT * FROM map_reduce WHERE id > ? ORDER BY id LIMIT 1')
  const remove = db.prepare('DELETE FROM map_reduce WHERE id = ?')
  const taken = new Set<number>()
  let cancelWake = (): void => {}
  const take = (): PieceOfWork | undefined => {
    let after = 0
    for (;;) {
      const row = next.get(after) as unknown as MapReduceRun | undefined
      if (row === undefined) return undefined
      if (!taken.has(row.id)) {
        taken.add(row.id)
        return work(row)
      }
      after = row.id
    }
  }
  function* work(row: MapReduceRun): Generator<number, void> {
    yield latency.serviceMs({ ...QUEUE, scriptMs: timeMs(row.file) })
    try {
      parts.run(row)
    } finally {
      remove.run(row.id)
      taken.delete(row.id)
    }
  }
  const processors = createProcessors(clock, parts.processors, take)
  return {
    note({ file, record_type, record_id, event }) {
      insert.run(file, record_type, record_id, event)
      // Only when the transaction is over is it known whether there is anything to run.
      cancelWake()
      cancelWake = clock.schedule(0, processors.wake)
    },
    resume: processors.wake,
    stop() {
      cancelWake()
      processors.stop()
      taken.clear()
    },
  }
}
