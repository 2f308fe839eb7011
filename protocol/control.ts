/**
 * The control API's wire shapes (`/_seatrial/…`): how a tester looks into a simulated account and moves it. The paths are in
 * simulator/control/routes.ts, described by simulator/control/openapi.json; harness/control-client.ts calls them.
 * Each shape is stated once, as a zod schema: calls are checked against it, and the OpenAPI document is made from it.
 */
import { z } from 'zod'
import { faultSpecSchema } from './fault.ts'
import { neighbourSchema, neighboursSchema } from './neighbour.ts'

const count = z.int().min(0)
const timeMs = z.number().describe('milliseconds since 1970-01-01T00:00:00Z')

export const healthSchema = z.strictObject({
  status: z.literal('ready'),
  product: z.literal('seatrial'),
  version: z.string(),
  accountId: z.string(),
  nowMs: timeMs,
  concurrencyLimit: count,
  recordTypes: count,
  profile: z.string(),
})
export type Health = Readonly<z.infer<typeof healthSchema>>

export const clockViewSchema = z
  .strictObject({
    nowMs: timeMs,
    iso: z.string().describe('the same for people, to the millisecond'),
    mode: z
      .enum(['virtual', 'wall'])
      .describe(
        'virtual: it stands still but for requests under way and moves; wall: it follows the machine',
      ),
    speed: z
      .number()
      .min(0)
      .describe('milliseconds of the account in one of the machine; 0: it does not go by itself'),
  })
  .describe(
    'The clock of the account: all but logins goes by it, unless the profile says that they do as well.',
  )
export type ClockView = Readonly<z.infer<typeof clockViewSchema>>

/** Longer than a year, and far less than what a mistaken unit makes of one. */
const ADVANCE_DAYS_MAX = 400
export const ADVANCE_MS_MAX = ADVANCE_DAYS_MAX * 86_400_000
export const clockAdvanceSchema = z
  .strictObject({
    byMs: z.number().min(0).max(ADVANCE_MS_MAX).optional().describe('so much from now'),
    untilMs: timeMs.optional(),
  })
  .refine(({ byMs, untilMs }) => (byMs === undefined) !== (untilMs === undefined), 'give byMs or untilMs')
  .describe(`Either of the two; at most ${ADVANCE_DAYS_MAX} days in one call.`)

export const CLOCK_SPEED_MAX = 10_000
export const clockSpeedSchema = z.strictObject({
  speed: z.number().min(0).max(CLOCK_SPEED_MAX).describe('0 holds everything, requests under way as well'),
})

/** Through which door a request came in; all of them share one pool. [GOV-001] */
export const CHANNELS = ['rest', 'restlet', 'soap'] as const
export type Channel = (typeof CHANNELS)[number]

export const DELIVERIES = [
  'answered',
  'reset-before',
  'refused-before',
  'dropped-after',
  'silent-after',
  'damaged',
] as const

export const journalEntrySchema = z
  .strictObject({
    sequence: count.describe('from 1, without gaps, in order of arrival; goes on after a reset'),
    receivedMs: timeMs,
    endedMs: timeMs.describe('when the account was done with it, whether or not the client still listened'),
    method: z.string(),
    path: z.string().describe('path and query'),
    operation: z.string().describe('e.g. `record.create`; `unknown` where routing failed'),
    recordType: z.string().optional(),
    recordId: z.string().optional(),
    externalId: z.string().optional(),
    integration: z.string().optional(),
    user: z.string().optional(),
    channel: z.enum(CHANNELS).optional().describe('absent: rest'),
    status: count.describe(
      'status of the answer made, even if it never reached the client; 0 where none was made',
    ),
    errorCode: z.string().optional(),
    explanation: z
      .string()
      .optional()
      .describe('why it was refused, with the figures of that moment, e.g. who held the slots'),
    loginFailure: z
      .string()
      .optional()
      .describe('why the login failed, in the words of the Login Audit Trail [AUT-042]'),
    committed: z.boolean().describe('whether the account changed'),
    delivery: z
      .enum(DELIVERIES)
      .describe('what became of the answer; `damaged`: one left, but not whole or not in time'),
    fault: z.string().optional().describe('id of the fault that hit it'),
    waitedMs: z.number().min(0).optional().describe('time in the queue for a slot, where the account queues'),
    scriptMs: z
      .number()
      .min(0)
      .optional()
      .describe('time that scripts of the account took of it: user events, or the RESTlet; absent: none ran'),
    slotFromMs: timeMs.optional().describe('when the concurrency slot was taken; absent: none was granted'),
    slotUntilMs: timeMs.optional().describe('when it was given back'),
    internalError: z
      .string()
      .optional()
      .describe('a bug of the simulator, in its own words; absent in every healthy run'),
    requestBytes: count,
    responseBytes: count,
    operationId: z.string().describe('`X-N-OperationId` of the answer [REC-300]'),
  })
  .describe('One request as the account saw it. Bodies and credentials are never in it.')
export type JournalEntry = Readonly<z.infer<typeof journalEntrySchema>>

export const journalPageSchema = z.strictObject({
  items: z.array(journalEntrySchema).readonly(),
  hasMore: z.boolean(),
  overwritten: count.describe(
    'entries pushed out of the ring since the last reset: a page can only be complete when this is 0',
  ),
  total: count.describe('all requests since the last reset, kept or not'),
})
export type JournalPage = Readonly<z.infer<typeof journalPageSchema>>

const exportedRecordSchema = z.strictObject({
  id: z.string(),
  externalId: z.string().optional(),
  body: z
    .record(z.string(), z.unknown())
    .describe('as a GET with everything expanded and enums simple would show it, without links'),
})

export const recordPageSchema = z.strictObject({
  items: z.array(exportedRecordSchema).readonly().describe('in order of internal id'),
  hasMore: z.boolean(),
})
export type RecordPage = Readonly<z.infer<typeof recordPageSchema>>

export const recordCountsSchema = z
  .record(z.string(), count)
  .describe('record type → number of records; types without any are absent')

export const importSchema = z.strictObject({
  items: z.array(z.record(z.string(), z.unknown())).max(10_000),
})
export const importedSchema = z.strictObject({ ids: z.array(z.string()) })

const slotHolderSchema = z.strictObject({
  sequence: z.int(),
  sinceMs: timeMs,
  method: z.string(),
  path: z.string(),
  integration: z.string(),
  channel: z.enum(CHANNELS),
  user: z.string(),
})
export type SlotHolder = Readonly<z.infer<typeof slotHolderSchema>>

const heldSlots = { limit: count, inUse: count }

export const slotsViewSchema = z.strictObject({
  ...heldSlots,
  peak: count,
  granted: count,
  refused: count,
  waiting: count.describe('requests that wait for a slot; always 0 unless the account queues'),
  unallocated: z
    .strictObject(heldSlots)
    .readonly()
    .describe('slots that belong to no integration alone [GOV-010]'),
  allocations: z
    .array(z.strictObject({ integration: z.string(), ...heldSlots }).readonly())
    .readonly()
    .describe('slots that belong to one integration [GOV-009]'),
  holders: z.array(slotHolderSchema).readonly(),
})
export type SlotsView = Readonly<z.infer<typeof slotsViewSchema>>

const windowViewSchema = z
  .strictObject({
    windowMs: count,
    limit: count,
    used: count.describe('requests counted in the window that ends now'),
  })
  .readonly()
export type WindowView = z.infer<typeof windowViewSchema>

const noticeSchema = z
  .strictObject({ atMs: timeMs, text: z.string() })
  .readonly()
  .describe('something the account would have mailed to its administrators')
export type Notice = z.infer<typeof noticeSchema>

export const limitsViewSchema = z
  .strictObject({
    concurrencyLimit: count,
    allocations: z.record(z.string(), count).readonly().describe('integration → slots of its own'),
    windows: z
      .strictObject({ per60s: windowViewSchema.optional(), per24h: windowViewSchema.optional() })
      .readonly(),
    notices: z.array(noticeSchema).readonly(),
  })
  .describe('What the account grants, and how much of it is used.')
export type LimitsView = Readonly<z.infer<typeof limitsViewSchema>>

const slotNumber = z.int().min(1).max(10_000)
const windowLimit = z.int().min(1).max(1_000_000_000).nullable().optional()

export const limitsChangeSchema = z
  .strictObject({
    concurrencyLimit: slotNumber.optional(),
    allocations: z.record(z.string().min(1), slotNumber.nullable()).readonly().optional(),
    windows: z.strictObject({ per60s: windowLimit, per24h: windowLimit }).readonly().optional(),
  })
  .describe('Limits that change while the account runs; what is absent stays, `null` takes a limit away.')
export type LimitsChange = Readonly<z.infer<typeof limitsChangeSchema>>

export const faultViewSchema = z.strictObject({
  id: z.string(),
  spec: faultSpecSchema,
  installedMs: timeMs,
  considered: count.describe('requests that matched scope and window'),
  hits: count,
  warning: z
    .string()
    .optional()
    .describe('why it can never hit anything in this account; absent where it can'),
})
export type FaultView = Readonly<z.infer<typeof faultViewSchema>>
export const faultsSchema = z.strictObject({ items: z.array(faultViewSchema) })

const SNAPSHOT_NAME = /^[\w.-]{1,64}$/
export const newSnapshotSchema = z.strictObject({ name: z.string().regex(SNAPSHOT_NAME) })
export const snapshotSchema = z
  .strictObject({
    name: z.string(),
    takenMs: timeMs,
    records: count.describe('records of all types'),
    bytes: count.describe('memory that it takes'),
  })
  .describe('A copy of records, sequences, stock and jobs. Kept in memory, also for an account in a file.')
export type SnapshotView = Readonly<z.infer<typeof snapshotSchema>>
export const snapshotsSchema = z.strictObject({ items: z.array(snapshotSchema).readonly() })

export const neighbourViewSchema = z
  .strictObject({
    spec: neighbourSchema,
    inFlight: count.describe('calls under way, those between two tries among them'),
    requests: count.describe('requests sent since its start, every try for itself'),
    refused: count,
    gaveUp: count.describe('calls of which every try was refused'),
    skipped: count.describe('calls that did not start because `parallelMax` were under way'),
    warning: z.string().optional().describe('what in it is not as it seems; absent where all is'),
  })
  .describe('Load of another integration, and what it came to.')
export type NeighbourView = Readonly<z.infer<typeof neighbourViewSchema>>
export const neighbourViewsSchema = z.strictObject({ items: z.array(neighbourViewSchema) })
export const neighboursChangeSchema = z.strictObject({ items: neighboursSchema })
const share = z.number().min(0).max(1)

const usageCellSchema = z
  .strictObject({
    fromMs: timeMs,
    peak: count.describe('most slots in use at once'),
    requests: count.describe('requests for a slot, granted or not'),
    rejected: count.describe('requests that got none'),
    errors: count.describe('requests that held one and ended with an error'),
  })
  .readonly()
export type UsageCell = z.infer<typeof usageCellSchema>

const requestCountSchema = z
  .strictObject({
    integration: z.string().optional(),
    operation: z.string(),
    channel: z.enum(CHANNELS),
    status: count,
    errorCode: z.string().optional().describe('`other`: one of too many to be told apart'),
    count,
  })
  .readonly()
export type RequestCount = z.infer<typeof requestCountSchema>

const operationUsageSchema = z
  .strictObject({
    operation: z.string(),
    count,
    errors: count,
    errorRatio: share,
    medianMs: z.number().min(0).describe('response time, to within one per cent [GOV-067]'),
  })
  .readonly()
export type OperationUsage = z.infer<typeof operationUsageSchema>

const rejections = { rejectedRatio: share.describe('rejected of all requests') }

export const accountUsageSchema = z
  .strictObject({
    concurrencyLimit: count,
    unallocatedLimit: count,
    totalRequests: count,
    rejectedRequests: count,
    ...rejections,
    peakConcurrency: count,
    peakMs: timeMs.optional().describe('the minute of the peak; absent: no slot was ever in use'),
    closeToLimitRatio: share.describe('requests granted one of the last fifth of the slots'),
    overLimitRatio: share.describe('requests that got no slot'),
    errorRatio: share.describe('requests that held a slot and ended with an error'),
    integrations: z
      .array(
        z.strictObject({
          integration: z.string(),
          allocatedLimit: count.optional().describe('absent: it shares the unallocated slots'),
          requests: count,
          rejected: count,
          ...rejections,
        }),
      )
      .readonly()
      .describe('since the last reset'),
    hours: z.array(usageCellSchema).readonly().describe('hours in which something happened'),
  })
  .describe(
    'What the Integration Governance page and the Concurrency Monitor show, of thirty days. [GOV-062, GOV-064]',
  )
export type AccountUsage = Readonly<z.infer<typeof accountUsageSchema>>

export const usageMinutesSchema = z.strictObject({ items: z.array(usageCellSchema).readonly() })

export const requestUsageSchema = z
  .strictObject({
    operations: z.array(operationUsageSchema).readonly().describe('most frequent first [GOV-066]'),
    counts: z.array(requestCountSchema).readonly().describe('exact, whatever the journal has forgotten'),
  })
  .describe('How requests ended since the journal was emptied.')
export type RequestUsage = Readonly<z.infer<typeof requestUsageSchema>>

/** Every refusal of the control API. */
export const controlErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string().describe('`E_…`'),
    message: z.string(),
    mend: z.string().describe('what to do about it'),
  }),
})

export const failedLoginSchema = z
  .strictObject({
    sequence: count.describe('from 1, without gaps'),
    atMs: timeMs,
    status: z.literal('Failure'),
    detail: z.string().describe('the real reason, which the client was not told [AUT-042, AUT-093]'),
    method: z.string(),
    path: z.string().describe('without the query'),
    user: z.string().optional(),
    role: z.string().optional(),
    tokenName: z.string().optional().describe('name of a token, or id of a certificate'),
    applicationName: z.string().optional().describe('name of the integration'),
  })
  .describe('a failed login, with the columns of the Login Audit Trail [AUT-051]')
export type FailedLogin = Readonly<z.infer<typeof failedLoginSchema>>

export const loginsPageSchema = z.strictObject({
  items: z.array(failedLoginSchema).readonly().describe('failures only; successes are counted'),
  hasMore: z.boolean(),
  overwritten: count.describe('failures pushed out since the last reset'),
  successes: count,
  failures: count,
})
export type LoginsPage = Readonly<z.infer<typeof loginsPageSchema>>

const credential = {
  user: z.string(),
  role: z.string(),
  state: z.enum(['active', 'revoked']),
}

export const integrationsSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['enabled', 'blocked']),
      tokens: z.array(z.strictObject({ name: z.string(), ...credential })),
      certificates: z.array(z.strictObject({ id: z.string(), ...credential })),
    }),
  ),
})
export type IntegrationView = z.infer<typeof integrationsSchema>['items'][number]

export const integrationChangeSchema = z.strictObject({ state: z.enum(['enabled', 'blocked']) })
export const userChangeSchema = z.strictObject({
  state: z.enum(['active', 'inactive', 'locked']).describe('locked: for 30 minutes [AUT-043]'),
})
