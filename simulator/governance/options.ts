/**
 * Settings of governance. The defaults are Oracle's documented behaviour: refuse at once, no frequency windows, no limit per
 * user. What only one source tells of, and what the field report tells, is off unless switched on. [GOV-001..032]
 */
import { z } from 'zod'

const ratio = z.number().min(0).max(1)
const count = z.number().int().min(1).max(1_000_000_000)

export const windowsSchema = z
  .strictObject({
    per60s: count.describe('requests in any 60 seconds; absent: no limit').optional(),
    per24h: count.describe('requests in any 24 hours; absent: no limit').optional(),
    warnRatio: ratio
      .default(0.8)
      .describe('share of the 24-hour limit at which administrators are warned (guess)'),
  })
  .prefault({})
  .describe('frequency limits, as the field report tells; no page of the help has them [GOV-030..032]')

export const governanceSchema = z
  .strictObject({
    overLimit: z
      .enum(['reject', 'queue'])
      .default('reject')
      .describe(
        'requests over the concurrency limit: refused at once [GOV-022], or queued as the field report tells',
      ),
    queueLengthMax: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(50)
      .describe('waiting requests; one more is refused (guess; only with `overLimit: queue`)'),
    queueMsMax: z
      .number()
      .min(0)
      .max(900_000)
      .default(30_000)
      .describe('milliseconds a request waits before it is refused (guess; only with `overLimit: queue`)'),
    overshootSlots: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('slots granted above the limit for a moment [GOV-014]; size not documented'),
    overshootMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(1000)
      .describe('milliseconds that moment lasts at most (guess)'),
    hangOverRejections: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'rejections in one clock minute after which the next minute rejects as well; 0: never [GOV-015]',
      ),
    hangOverRatio: ratio
      .default(0.1)
      .describe('share of requests below the limit that such a minute rejects (guess)'),
    slow401Ratio: ratio
      .default(0)
      .describe('share of rejections that come as a 401 after about 61 seconds instead [GOV-023]'),
    restletPerUserLimit: count
      .describe('RESTlet calls of one user at once; absent: no such limit [GOV-008]')
      .optional(),
    retryAfter: z
      .enum(['none', 'windows', 'all'])
      .default('none')
      .describe('which 429 answers carry Retry-After, in seconds [OPQ-070, REC-305]'),
    windows: windowsSchema,
  })
  .prefault({})

export type GovernanceOptions = z.output<typeof governanceSchema>
