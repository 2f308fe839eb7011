/** Settings of asynchronous jobs, batches and idempotency keys: where Oracle is silent or contradicts others. [ASY-001..079] */
import { z } from 'zod'

const days = z.number().min(0).max(3650)

export const asyncSchema = z
  .strictObject({
    processors: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .describe('tasks worked on at once; default: what the SuiteCloud Plus licences give [ASY-040]')
      .optional(),
    location: z
      .enum(['absolute', 'path'])
      .default('absolute')
      .describe('`Location` of a job: whole address, or path only [ASY-003, REC-303]'),
    malformed: z
      .enum(['submit', 'task'])
      .default('submit')
      .describe('where a request that cannot be read or routed is refused (guess)'),
    failedSingle: z
      .enum(['failed', 'succeeded'])
      .default('failed')
      .describe('`progress` of a job whose only request failed; unproven [ASY-032]'),
    failedBatch: z
      .enum(['succeeded', 'failed'])
      .default('succeeded')
      .describe('`progress` of a batch when a record failed; its task says failed anyway [OPQ-080]'),
    unknownJob: z
      .enum(['404', '400'])
      .default('404')
      .describe('answer to a job or task that is not there; unproven [ASY-033]'),
    unfinishedResult: z
      .enum(['404', '400'])
      .default('404')
      .describe('answer to a result that is not there yet; unproven [ASY-033]'),
    readableBy: z
      .enum(['account', 'integration'])
      .default('account')
      .describe('who may read a job: every integration, or the one that submitted it; unproven (guess)'),
    retentionDays: days
      .default(30)
      .describe('days a job and its results stay after its end; 30 is the figure of SOAP (guess)'),
    keyStatus: z
      .union([z.literal(400), z.literal(409)])
      .default(400)
      .describe('status of a repeated idempotency key [OPQ-055]'),
    keyErrorType: z
      .enum(['rfc2616', 'rfc9110'])
      .default('rfc2616')
      .describe('`type` in that error: as Oracle prints it, or as live errors have it [ASY-070, REC-252]'),
    keyScope: z
      .enum(['account', 'integration', 'recordType'])
      .default('integration')
      .describe('within what a key is unique; recordType: per integration and record type [ASY-076]'),
    keyCase: z
      .enum(['exact', 'ignore'])
      .default('exact')
      .describe('whether keys that differ in case are two keys (guess) [ASY-072]'),
    keyFormat: z.enum(['any', 'uuid']).default('any').describe('uuid: refuse other keys with 400 [ASY-072]'),
    keyDays: days
      .describe('days a key is kept after its job was submitted; default: as long as the job [ASY-076]')
      .optional(),
    batchMax: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe('records in one batch; more are refused with 400 at submit [REC-210, REC-508]'),
    batchOrder: z
      .enum(['sequential', 'parallel'])
      .default('sequential')
      .describe('order within a batch that does not say: since 2026.2, or as before [REC-216, OPQ-060]'),
    batchWithoutPrefer: z
      .enum(['refuse', 'accept'])
      .default('refuse')
      .describe('a batch write without `Prefer: respond-async`; accept: run it as a job [ASY-055, REC-211]'),
    batchPutKeys: z
      .enum(['either', 'externalId'])
      .default('either')
      .describe('what names a record of a batch PUT; either: `id` wins [OPQ-057]'),
    batchGetMissing: z
      .enum(['refuse', 'skip'])
      .default('refuse')
      .describe('a synchronous batch GET with an unknown id: 404, or a page without it (guess)'),
  })
  .prefault({})

export type AsyncOptions = z.output<typeof asyncSchema>
