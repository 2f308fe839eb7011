/** What a worker does besides taking orders, and how: the file of `seatrial work --settings`. */
import { z } from 'zod'
import { OVERLAP_MS_DEFAULT } from '../harness/engine/sync/delta.ts'
import { readYamlFile } from './yaml-file.ts'

const id = z.coerce.string().regex(/^\d+$/, 'an internal id')
const name = z.string().regex(/^[\w-]+$/, 'letters, digits, _ and -')
const word = z.string().regex(/^\w+$/, 'the name of a table or column, as in SuiteQL')

const peakSchema = z
  .strictObject({
    enterBacklog: z.int().min(1).describe('work items, waiting or in work, from which batches are used'),
    leaveBacklog: z.int().min(0).describe('work items at which that is over'),
  })
  .refine(
    ({ enterBacklog, leaveBacklog }) => leaveBacklog < enterBacklog,
    'leaveBacklog is below enterBacklog',
  )

const budgetSchema = z.strictObject({
  name: name.describe('for the metrics and the alert budget-spent'),
  windowMs: z.int().min(1_000).describe('length of the window'),
  callsMax: z.int().min(1).describe('calls in any such window, at most'),
  burstRatio: z.number().min(0).max(1).default(0.25).describe('share that may go at once'),
})

const stockSchema = z.strictObject({
  adjustmentAccountId: id.describe('internal id of the account that adjustments are booked to [REC-364]'),
  subsidiaryId: id.optional().describe('internal id; needed in OneWorld [REC-364]'),
  compareAtUtc: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day in UTC, in quotes, e.g. "02:30"')
    .optional()
    .describe('when stock is compared each night; default: never'),
})

const deltaSchema = z
  .strictObject({
    name: name.describe('names the bookmark'),
    table: word,
    columns: z.array(word).min(1).describe('beside id and modified'),
    where: z.string().min(1).optional().describe('further condition, SuiteQL'),
    everyMs: z.int().min(1_000).default(60_000).describe('from the end of a pass to the next'),
    overlapMs: z
      .int()
      .min(0)
      .default(OVERLAP_MS_DEFAULT)
      .describe('how far a pass reaches back; see docs/sync.md'),
    file: z.string().min(1).optional().describe('NDJSON; what changed is added at its end'),
    webhook: z
      .string()
      .regex(/^(env|file):./, 'env:NAME or file:PATH, where the address is written')
      .optional()
      .describe('POST of { source, rows } to the address that is written there'),
  })
  .refine(({ file, webhook }) => (file === undefined) !== (webhook === undefined), 'either file or webhook')

const isUnique = (of: readonly { readonly name: string }[]): boolean =>
  new Set(of.map((one) => one.name)).size === of.length

export const workSettingsSchema = z.strictObject({
  payments: z
    .enum(['deposit', 'invoice'])
    .default('deposit')
    .describe(
      'what money becomes: a deposit on the sales order; or, where that is billed, a payment of its invoices',
    ),
  customers: z
    .enum(['external-id', 'email'])
    .default('external-id')
    .describe(
      'how customers are found that are there already; email: those without an external ID are adopted',
    ),
  peak: peakSchema.optional(),
  budgets: z.array(budgetSchema).refine(isUnique, 'two have the same name').default([]),
  stock: stockSchema.optional(),
  sync: z.array(deltaSchema).refine(isUnique, 'two have the same name').default([]),
})

export type WorkSettings = z.output<typeof workSettingsSchema>
export type DeltaSettings = z.output<typeof deltaSchema>

/** Without a file: all defaults. Throws `E_SETTINGS_INVALID` that names every mistake, and `E_FILE_UNREADABLE`. */
export function readWorkSettings(file: string | undefined): WorkSettings {
  if (file === undefined) return workSettingsSchema.parse({})
  return readYamlFile(file, workSettingsSchema, {
    code: 'E_SETTINGS_INVALID',
    what: 'settings of a worker',
    expected: 'keys such as peak: { enterBacklog: 500, leaveBacklog: 50 }',
    mend: 'docs/workers.md shows a whole file',
  })
}
