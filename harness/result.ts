/**
 * `result.json`: everything a run found out, and all that reports are rendered from. Versioned; its JSON Schema is
 * reports/result.schema.json. In virtual mode equal seeds give equal bytes: no wall time, no paths, no machine in it.
 */
import { z } from 'zod'
import { faultSpecSchema } from '../protocol/fault.ts'
import { scenarioSchema } from './scenario.ts'

export const RESULT_FORMAT = 'seatrial/run-result/2'

const latencySchema = z
  .strictObject({
    count: z.number().int(),
    minMs: z.number(),
    meanMs: z.number(),
    p50Ms: z.number(),
    p90Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    p999Ms: z.number(),
    maxMs: z.number(),
  })
  .describe('from an HDR histogram of 3 significant digits; all 0 when count is 0')

const checkSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  status: z.enum(['pass', 'fail', 'error']).describe('error: the check could not be carried out'),
  summary: z.string().describe('one sentence with figures'),
  /** At most 20 lines; `evidenceOmitted` says how many more there were. */
  evidence: z.array(z.string()),
  evidenceOmitted: z.number().int(),
})

const thresholdSchema = z.strictObject({
  metric: z.string(),
  expression: z.string(),
  status: z.enum(['pass', 'fail', 'error']),
  actual: z.number().nullable(),
})

const operationSchema = z.strictObject({
  operation: z.string(),
  attempts: z.number().int(),
  byOutcome: z.record(z.string(), z.number().int()),
  byStatus: z.record(z.string(), z.number().int()).describe('HTTP status → attempts; "0": no answer'),
  latency: latencySchema,
})

const seriesSchema = z
  .strictObject({
    stepMs: z.number(),
    atMs: z.array(z.number()).describe('start of each step, milliseconds since the start of the load'),
    arrivals: z.array(z.number()).describe('orders that arrived in the step'),
    completions: z
      .array(z.number())
      .describe('orders that were in the account by the end of the step, new in it'),
    calls: z.array(z.number()).describe('calls the account answered or dropped in the step'),
    refused: z.array(z.number()).describe('429 answers in the step'),
    slotsInUse: z.array(z.number()).describe('most concurrency slots held at once within the step'),
    queueDepth: z.array(z.number()).describe('most orders waiting or in work within the step'),
    latencyP50Ms: z.array(z.number().nullable()).describe('order latency of completions in the step'),
    latencyP95Ms: z.array(z.number().nullable()),
    latencyP99Ms: z.array(z.number().nullable()),
    faultHits: z.array(z.number()),
    batchMode: z.array(z.number()).describe('1 where batches were used within the step, else 0'),
    batchRecords: z.array(z.number()).describe('records of batches that ended in the step'),
  })
  .describe('columns of equal length, one entry per step')

export const runResultSchema = z.strictObject({
  format: z.literal(RESULT_FORMAT),
  product: z.strictObject({ name: z.literal('seatrial'), version: z.string() }),
  mode: z.enum(['virtual', 'wall']),
  engine: z.enum(['reference', 'naive']),
  seed: z.string(),
  scenario: scenarioSchema.describe('as run, defaults filled in'),
  ordersFrom: z.string().describe('"generator", or the base name of the order file'),
  account: z.strictObject({
    profile: z.string(),
    accountId: z.string(),
    concurrencyLimit: z.number().int(),
  }),
  verdict: z
    .enum(['pass', 'fail', 'untrusted'])
    .describe('untrusted: the harness itself was the bottleneck (wall time only)'),
  reasons: z.array(z.string()).describe('why not pass; empty for pass'),
  totals: z.strictObject({
    arrivals: z.number().int().describe('distinct orders the shop sent'),
    redeliveries: z.number().int().describe('extra deliveries of orders already sent'),
    droppedStarts: z.number().int().describe('arrivals the harness could not hand over in time'),
    accepted: z.number().int(),
    completed: z.number().int().describe('orders the engine reports as done'),
    deadLettered: z.number().int(),
    inAccount: z.number().int().describe('distinct orders found in the account'),
    lost: z.number().int(),
    doubled: z.number().int().describe('orders that are in the account more than once'),
    calls: z.number().int().describe('requests the account received during the load and the drain'),
    callsPerOrder: z.number(),
    refused429: z.number().int(),
    faultHits: z.number().int(),
    loadMs: z.number().describe('first to last arrival'),
    drainMs: z.number().describe('last arrival to the last completion'),
    peakQueueDepth: z.number().int(),
    peakSlots: z.number().int(),
    maxStartLagMs: z
      .number()
      .describe('worst lateness of an arrival against its intended time; 0 in virtual time'),
  }),
  orderLatency: latencySchema.describe('intended arrival → in the account, as the engine reports it'),
  callLatency: latencySchema.describe('one HTTP attempt, as the engine saw it'),
  operations: z.array(operationSchema).describe('sorted by name'),
  flows: z
    .array(z.strictObject({ flow: z.string(), done: z.number().int(), dead: z.number().int() }))
    .describe('what became of work other than orders: payments, changes, words to the shop; sorted by name'),
  batches: z
    .strictObject({
      modeMs: z.number().describe('how long the backlog was high enough for batches'),
      changes: z.number().int().describe('changes between real time and batches'),
      sent: z.number().int(),
      records: z.number().int().describe('records sent in batches'),
      written: z.number().int().describe('records of them that were in the account afterwards'),
    })
    .describe('real time or batch: all 0 where no batch was sent'),
  checks: z.array(checkSchema),
  thresholds: z.array(thresholdSchema),
  faults: z.array(
    z.strictObject({
      id: z.string(),
      spec: faultSpecSchema,
      considered: z.number().int(),
      hits: z.number().int(),
    }),
  ),
  series: seriesSchema,
  deadLetters: z.array(z.strictObject({ key: z.string(), reason: z.string() })).describe('at most 100'),
})

export type RunResult = z.output<typeof runResultSchema>
export type LatencySummary = z.output<typeof latencySchema>
export type CheckResult = z.output<typeof checkSchema>
export type ThresholdResult = z.output<typeof thresholdSchema>
export type OperationResult = z.output<typeof operationSchema>
export type Series = z.output<typeof seriesSchema>
