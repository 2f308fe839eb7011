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

/** Which requests a fault may hit. Absent keys match everything; present ones must all match. */
export const faultMatchSchema = z
  .strictObject({
    methods: z
      .array(z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']))
      .min(1)
      .describe('HTTP methods')
      .optional(),
    recordTypes: z.array(z.string().min(1)).min(1).describe('record types, any case').optional(),
    externalIdPattern: z
      .string()
      .refine(isRegExp, 'a regular expression')
      .describe('regular expression on the external ID in the URL or body')
      .optional(),
    integrations: z.array(z.string()).min(1).describe('names of integrations').optional(),
  })
  .describe('scope: which requests the fault may hit')

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
  fromMs: z.number().min(0).default(0).describe('start of the window, milliseconds after installation'),
  untilMs: z
    .number()
    .min(0)
    .describe('end of the window, milliseconds after installation; absent: open')
    .optional(),
  seed: z
    .union([z.number(), z.string()])
    .describe('own stream of chance; absent: from the account seed and the id')
    .optional(),
}

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
      retryAfterSec: z
        .number()
        .int()
        .min(0)
        .describe('Retry-After header; absent: none [REC-305]')
        .optional(),
    })
    .describe('answered with an error, nothing carried out'),
  z
    .strictObject({ fault: z.literal('reset-before'), ...common })
    .describe('connection reset, nothing carried out'),
  z
    .strictObject({ fault: z.literal('drop-response'), ...common })
    .describe('carried out and committed, then the answer is lost'),
])

/** A fault as a user writes it. */
export type FaultInput = z.input<typeof faultSpecSchema>
/** A fault with its defaults filled in. */
export type FaultSpec = z.output<typeof faultSpecSchema>
