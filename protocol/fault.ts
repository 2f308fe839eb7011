/** What a fault looks like on the wire: in a profile, in a scenario, and in `POST /_seatrial/faults`. */
import { z } from 'zod'

function isRegExp(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

/** What a request does, told by its method and path alone: what a fault can be scoped to. */
export const OPERATION_KINDS = [
  'create',
  'get',
  'list',
  'update',
  'upsert',
  'delete',
  'transform',
  'batch',
  'metadata',
  'suiteql',
  'async',
  'restlet',
  'token',
  'other',
] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

/** Which requests a fault may hit. Absent keys match everything; present ones must all match. */
export const faultMatchSchema = z
  .strictObject({
    methods: z
      .array(z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']))
      .min(1)
      .describe('HTTP methods')
      .optional(),
    operations: z.array(z.enum(OPERATION_KINDS)).min(1).describe('what the request does').optional(),
    recordTypes: z.array(z.string().min(1)).min(1).describe('record types, any case').optional(),
    externalIdPattern: z
      .string()
      .refine(isRegExp, 'a regular expression')
      .describe('regular expression on the external ID in the URL or body')
      .optional(),
    integrations: z.array(z.string()).min(1).describe('names of integrations').optional(),
    headers: z
      .record(z.string().min(1), z.string().refine(isRegExp, 'a regular expression'))
      .describe('header name → regular expression on its value')
      .optional(),
  })
  .describe('scope: which requests the fault may hit')

const DAY_MS = 86_400_000

const common = {
  id: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .describe('name in the journal and the report; default: fault kind and number')
    .optional(),
  match: faultMatchSchema.optional(),
  probabilityRatio: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of matching requests that are hit, 0..1'),
  everyNth: z
    .number()
    .int()
    .min(1)
    .describe('hits every n-th matching request instead of a share of them')
    .optional(),
  countMax: z.number().int().min(1).describe('hits, after which it hits no more').optional(),
  fromMs: z.number().min(0).default(0).describe('start of the window, milliseconds after installation'),
  untilMs: z
    .number()
    .min(0)
    .describe('end of the window, milliseconds after installation; absent: open')
    .optional(),
  ttlMs: z
    .number()
    .min(1)
    .describe('milliseconds after installation at which it removes itself; absent: it stays')
    .optional(),
  seed: z
    .union([z.number(), z.string()])
    .describe('own stream of chance; absent: from the account seed and the id')
    .optional(),
}

const retryAfterSec = z
  .number()
  .int()
  .min(0)
  .describe('Retry-After header; absent: none [REC-305]')
  .optional()
const delayMs = z.number().min(0).max(DAY_MS)

export const faultSpecSchema = z.discriminatedUnion('fault', [
  z
    .strictObject({
      fault: z.literal('reject'),
      ...common,
      status: z.number().int().min(400).max(599).default(503).describe('HTTP status of the refusal'),
      errorCode: z.string().default('UNEXPECTED_ERROR').describe('o:errorCode of the refusal'),
      detail: z
        .string()
        .describe('text; default: an UNEXPECTED_ERROR sentence with an error id [REC-E40]')
        .optional(),
      body: z
        .string()
        .describe('whole body in place of the error shape, e.g. the HTML page of a proxy')
        .optional(),
      retryAfterSec,
    })
    .describe('answered with an error, nothing carried out'),
  z
    .strictObject({
      fault: z.literal('maintenance'),
      ...common,
      status: z.number().int().min(400).max(599).default(503).describe('HTTP status [RSL-007]'),
      retryAfterSec,
    })
    .describe('the account is down for maintenance: every request is refused before login'),
  z
    .strictObject({ fault: z.literal('auth-outage'), ...common })
    .describe('logins fail, right credentials or not: 401 as for a bad token [AUT-040]'),
  z
    .strictObject({ fault: z.literal('reset-before'), ...common })
    .describe('connection reset, nothing carried out'),
  z
    .strictObject({ fault: z.literal('refuse-connection'), ...common })
    .describe('connection refused, nothing carried out; over sockets it is accepted and closed at once'),
  z
    .strictObject({
      fault: z.literal('slow'),
      ...common,
      delayMs: delayMs.default(30_000).describe('milliseconds added while the slot is held'),
    })
    .describe('answered late, after more work than usual'),
  z
    .strictObject({
      fault: z.literal('slow-metadata'),
      ...common,
      delayMs: delayMs
        .default(90_000)
        .describe('milliseconds added; a client needed more than 60 s [GOV-087]'),
    })
    .describe('the metadata catalogue answers late'),
  z
    .strictObject({
      fault: z.literal('record-locked'),
      ...common,
      detail: z
        .string()
        .default('This record has been locked by a user defined workflow.')
        .describe('text after the usual prefix [REC-E25]'),
    })
    .describe('reads and writes of one record are refused by a workflow lock [OPQ-075]'),
  z
    .strictObject({ fault: z.literal('drop-response'), ...common })
    .describe('carried out and committed, then the connection is reset'),
  z
    .strictObject({ fault: z.literal('no-answer'), ...common })
    .describe('carried out and committed, then silence: the client waits for its own time-out'),
  z
    .strictObject({
      fault: z.literal('dribble'),
      ...common,
      bytesPerSec: z.number().min(1).max(1_000_000).default(50).describe('speed of the body'),
    })
    .describe('the body of the answer arrives slowly'),
  z
    .strictObject({
      fault: z.literal('truncate'),
      ...common,
      keepRatio: z.number().min(0).max(1).default(0.5).describe('share of the body that arrives, 0..1'),
    })
    .describe('the body of the answer breaks off, then the connection ends'),
  z
    .strictObject({
      fault: z.literal('malform'),
      ...common,
      as: z
        .enum(['cut-json', 'html', 'empty'])
        .default('cut-json')
        .describe('half the JSON, an HTML page, or nothing, each with a right length'),
    })
    .describe('the body of the answer is not the JSON it claims to be'),
])

/** A fault as a user writes it. */
export type FaultInput = z.input<typeof faultSpecSchema>
/** A fault with its defaults filled in. */
export type FaultSpec = z.output<typeof faultSpecSchema>
