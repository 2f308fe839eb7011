/** What a conformance run found: one row per case. Evidence kinds are never added up into one score. */
import { z } from 'zod'

export const CONFORMANCE_FORMAT = 'seatrial/conformance-result/1'

const evidenceSchema = z.enum(['documented', 'observed', 'inferred'])
const statusSchema = z
  .enum(['pass', 'fail', 'skip', 'disabled', 'error'])
  .describe('fail: the target differs; error: the suite could not carry the case out')

export const caseResultSchema = z.strictObject({
  id: z.string().describe('permanent name, e.g. records.create-answers-204'),
  area: z.string().describe('first part of the id'),
  title: z.string(),
  level: z.enum(['must', 'should']),
  evidence: evidenceSchema,
  source: z.strictObject({
    ref: z.string(),
    says: z.string(),
    title: z.string(),
    url: z.string().optional(),
    confidence: z.string(),
  }),
  status: statusSchema,
  /** Why skipped, disabled or in error. */
  reason: z.string().optional(),
  /** For a failure: which step and what differed. */
  failure: z
    .strictObject({
      step: z.number().int().describe('from 0'),
      request: z.string().describe('method and path; no secrets'),
      differences: z
        .array(z.strictObject({ at: z.string(), expected: z.string(), actual: z.string() }))
        .min(1),
    })
    .optional(),
})

export const conformanceResultSchema = z.strictObject({
  format: z.literal(CONFORMANCE_FORMAT),
  product: z.strictObject({ name: z.literal('seatrial'), version: z.string() }),
  target: z.string().describe('e.g. simulator (premium), or the name in the target file'),
  verdict: z.enum(['pass', 'fail', 'error']),
  cases: z.array(caseResultSchema),
  /** One row per area and evidence kind, sorted. */
  scores: z.array(
    z.strictObject({
      area: z.string(),
      evidence: evidenceSchema,
      pass: z.number().int(),
      fail: z.number().int(),
      skip: z.number().int(),
      disabled: z.number().int(),
      error: z.number().int(),
    }),
  ),
  leftovers: z
    .array(z.string())
    .describe('paths of records the run made and could not delete; absent: none')
    .optional(),
})

export type CaseResult = z.output<typeof caseResultSchema>
export type ConformanceResult = z.output<typeof conformanceResultSchema>
export type Evidence = z.output<typeof evidenceSchema>
export type CaseStatus = z.output<typeof statusSchema>
