/**
 * What a neighbour looks like, in a profile and in `PUT /_seatrial/neighbours`: another integration of the account whose
 * calls take slots and time and change nothing. Sizes beyond what an operation takes are refused. [GOV-050, GOV-051]
 */
import { z } from 'zod'
import type { Channel } from './control.ts'

/** Records one call may carry, by channel and operation. SOAP: synchronous [GOV-050], asynchronous [GOV-051]. */
export const NEIGHBOUR_OPERATIONS: Readonly<Record<Channel, Readonly<Record<string, number>>>> = {
  rest: { get: 1, list: 1, create: 1, update: 1, upsert: 1, delete: 1, query: 1 },
  restlet: { call: 1000 },
  soap: {
    get: 1,
    add: 1,
    update: 1,
    upsert: 1,
    delete: 1,
    getList: 1000,
    addList: 200,
    updateList: 100,
    upsertList: 100,
    deleteList: 200,
    getItemAvailability: 10_000,
    search: 1000,
    asyncGetList: 2000,
    asyncAddList: 400,
    asyncUpdateList: 200,
    asyncUpsertList: 200,
    asyncDeleteList: 400,
    asyncSearch: 2000,
  },
}

const DAY_MS = 86_400_000
/** Timers of the machine reach 24 days. */
const FAR_MS = 20 * DAY_MS

const arrivalSchema = z
  .strictObject({
    everyMs: z.number().min(10).max(DAY_MS).describe('a call every so many milliseconds').optional(),
    ratePerSec: z
      .number()
      .min(0.0001)
      .max(1000)
      .describe('calls a second on average, at random times; in place of `everyMs`')
      .optional(),
    burst: z.number().int().min(1).max(1000).default(1).describe('calls that start together'),
  })
  .refine(
    ({ everyMs, ratePerSec }) => (everyMs === undefined) !== (ratePerSec === undefined),
    'either everyMs or ratePerSec',
  )

const shape = z.strictObject({
  name: z.string().min(1).max(100).describe('its integration, in the journal and for allocations of slots'),
  user: z
    .string()
    .min(1)
    .describe('for the limit per user of RESTlets; default: the name of the integration')
    .optional(),
  channel: z.enum(['rest', 'restlet', 'soap']).describe('all channels share one pool [GOV-001]'),
  operation: z
    .string()
    .describe('what its calls do; see Neighbours below for those of each channel [GOV-050, GOV-051]'),
  recordType: z.string().min(1).default('salesOrder').describe('what it reads or writes'),
  size: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .describe(
      'records in one call; default for lists: 20 transactions, 50 entities or items, 100 custom records [GOV-053]',
    )
    .optional(),
  workMs: z
    .strictObject({
      medianMs: z.number().min(0).max(3_600_000).describe('median of the time a call takes'),
      sigma: z
        .number()
        .min(0)
        .max(2)
        .describe('spread of the lognormal; default: that of `latency`')
        .optional(),
    })
    .describe('time of one call in place of what operation and size cost')
    .optional(),
  arrival: arrivalSchema,
  hours: z
    .strictObject({
      fromHour: z.number().int().min(0).max(23).describe('hour of the account’s day, included'),
      untilHour: z.number().int().min(1).max(24).describe('hour of the account’s day, excluded'),
    })
    .refine(({ fromHour, untilHour }) => fromHour < untilHour, 'hours that end after they start')
    .describe('calls start in these hours only')
    .optional(),
  fromMs: z
    .number()
    .min(0)
    .max(FAR_MS)
    .default(0)
    .describe('first call, milliseconds after the start of the account or its reset'),
  untilMs: z
    .number()
    .min(0)
    .max(FAR_MS)
    .describe('end of its calls, milliseconds after the same; absent: open')
    .optional(),
  parallelMax: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(5)
    .describe('calls at once; while so many are under way no new one starts [GOV-088]'),
  retry: z
    .strictObject({
      triesMax: z.number().int().min(1).max(1000).default(15).describe('tries of one call [GOV-089]'),
      delayMs: z.number().min(0).max(DAY_MS).default(2000).describe('milliseconds between tries [GOV-089]'),
    })
    .prefault({})
    .describe('what its client does when refused'),
})

export const neighbourSchema = shape.superRefine(({ channel, operation, size = 1 }, { addIssue }) => {
  const operations = NEIGHBOUR_OPERATIONS[channel]
  if (!Object.hasOwn(operations, operation)) {
    const known = Object.keys(operations).join(', ')
    addIssue({
      code: 'custom',
      path: ['operation'],
      message: `${channel} has no ${operation}; it has ${known}`,
    })
    return
  }
  const most = operations[operation]!
  if (size <= most) return
  const fact = channel === 'soap' ? ` [${operation.startsWith('async') ? 'GOV-051' : 'GOV-050'}]` : ''
  const records = most === 1 ? '1 record' : `${most} records`
  addIssue({ code: 'custom', path: ['size'], message: `${operation} takes at most ${records}${fact}` })
})

export const neighboursSchema = z.array(neighbourSchema).max(100)

/** A neighbour with its defaults filled in. */
export type NeighbourSpec = z.output<typeof neighbourSchema>
