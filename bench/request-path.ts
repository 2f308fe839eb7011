/**
 * What every request pays for its slot, the frequency windows and the journal. Processor time of this thread, without sockets.
 * Logins are in auth.ts; what a long queue of jobs costs is in simulator/async/queue.long.test.ts.
 */
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { JournalEntry } from '../protocol/control.ts'
import { ApiFault } from '../simulator/api-fault.ts'
import { createGovernance } from '../simulator/governance/governance.ts'
import { createJournal } from '../simulator/journal.ts'
import { loadProfile } from '../simulator/profile.ts'
import { goalTable, type Measured, median, type Part } from './part.ts'

const BATCH = 200_000
const ROUNDS = 7

/** Ticks in steps of about ten milliseconds. */
function threadUs(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

function benchRequestPath(log: (line: string) => void): Measured[] {
  const admission = admissionUs()
  log(`admission and journal ${admission.toFixed(2)} µs`)
  return [{ name: 'slot, windows and journal', value: admission, unit: 'µs', goal: 5 }]
}

/** Fourteen of fifteen slots are held, both windows count, and the ring is full. */
function admissionUs(): number {
  const clock = new VirtualClock()
  const { governance: options } = loadProfile('premium', {
    governance: { windows: { per60s: 10_000_000, per24h: 10_000_000 } },
  })
  const limits = { concurrencyLimit: 15, allocations: { shop: 5 } }
  const refuse = (reason: string): ApiFault => new ApiFault('INVALID_LOGIN', reason)
  const governance = createGovernance(clock, createRng('bench'), limits, options, refuse)
  const journal = createJournal(20_000)
  const holderOf = (sequence: number) => ({
    sequence,
    sinceMs: clock.now(),
    method: 'GET',
    path: '/services/rest/record/v1/salesOrder/1',
    integration: sequence % 2 === 0 ? 'shop' : 'warehouse',
    channel: 'rest' as const,
    user: 'shop',
  })
  for (let held = 0; held < 13; held++) void governance.admit(holderOf(-1 - held * 2 + (held < 4 ? 1 : 0)))
  const one = (): void => {
    const sequence = journal.open()
    const release = governance.admit(holderOf(sequence)) as () => void
    release()
    journal.close(entryOf(sequence, clock.now()))
  }
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedUs = threadUs()
    for (let n = 0; n < BATCH; n++) one()
    return (threadUs() - startedUs) / BATCH
  })
  return median(rounds)
}

function entryOf(sequence: number, nowMs: number): JournalEntry {
  return {
    sequence,
    receivedMs: nowMs,
    endedMs: nowMs,
    method: 'GET',
    path: '/services/rest/record/v1/salesOrder/1',
    operation: 'record.get',
    status: 200,
    committed: false,
    delivery: 'answered',
    requestBytes: 0,
    responseBytes: 0,
    operationId: '',
  }
}

export const requestPath: Part<Measured> = {
  name: 'path',
  measure: async (log) => benchRequestPath(log),
  tables: (rows) => [goalTable('Before any work: slot, windows, journal', rows, 2)],
}
