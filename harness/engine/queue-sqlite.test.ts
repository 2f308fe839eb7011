/** If these fail, the queue file loses, doubles or reorders orders. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { SqliteQueue } from './queue-sqlite.ts'
import { describeQueue } from './testing/queue-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-queue-'))
let files = 0
const newFile = (): string => join(folder, `${++files}.queue`)
afterAll(() => rmSync(folder, { recursive: true }))

// Two handles on one file, as two processes have them.
describeQueue(
  'SqliteQueue',
  (clock, leaseMs) => {
    const file = newFile()
    return [new SqliteQueue(clock, { file, leaseMs }), new SqliteQueue(clock, { file, leaseMs })]
  },
  60,
)
