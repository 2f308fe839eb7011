/** Puts together what flows work with, over one way out: records, queries, jobs, batches, and the choice between them. */
import { createAsyncJobs } from './async-job.ts'
import { type Batches, createBatches } from './batch.ts'
import { type Caller, recordClientOf } from './client.ts'
import { createCustomers } from './customers.ts'
import type { EngineDeps } from './engine.ts'
import type { FlowParts } from './flows/flow.ts'
import { createPeak, type Peak } from './peak.ts'
import { createQuery, type Query } from './suiteql.ts'
import { createWriter } from './writer.ts'

export interface EngineParts {
  readonly flowParts: FlowParts
  readonly query: Query
  readonly batches: Batches
  /** Absent: it is never peak. */
  readonly peak: Peak | undefined
  readonly isPeak: () => boolean
}

export function createParts(deps: EngineDeps, send: Caller): EngineParts {
  const { clock, rng, observer, shop, stock, payments = 'deposit', customers: match = 'external-id' } = deps
  const client = recordClientOf(send)
  const query = createQuery(send)
  const jobs = createAsyncJobs(clock, rng.fork('async'), send)
  const batches = createBatches(clock, { jobs, query, ended: (event) => observer.batchEnded(event) })
  const peak = deps.peak === undefined ? undefined : createPeak(deps.peak)
  const isPeak = (): boolean => peak?.mode === 'batch'
  const writer = createWriter({ client, jobs, batches, isPeak })
  const customers = createCustomers(clock, { client, writer, query, match })
  return {
    flowParts: { client, writer, customers, payments, query, shop, stock },
    query,
    batches,
    peak,
    isPeak,
  }
}
