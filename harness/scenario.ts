/**
 * What a scenario is: data, serialisable, no callbacks, unknown keys refused. `defineScenario` types the shipped
 * ones; `parseScenario` reads a user's file and reports all mistakes at once.
 */
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import { faultSpecSchema } from '../protocol/fault.ts'

const arrival = {
  operation: z.literal('order').default('order').describe('what one arrival is'),
  startMs: z.number().min(0).default(0).describe('offset from the start of the load'),
  maxVus: z
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe('arrivals being handed over at once; beyond it a start is dropped and counted'),
}

export const loadSchema = z.discriminatedUnion('executor', [
  z.strictObject({
    executor: z.literal('constant-arrival-rate'),
    ...arrival,
    ratePerSec: z.number().positive(),
    durationMs: z.number().positive(),
  }),
  z.strictObject({
    executor: z.literal('ramping-arrival-rate'),
    ...arrival,
    startRatePerSec: z.number().min(0),
    stages: z
      .array(z.strictObject({ durationMs: z.number().positive(), targetRatePerSec: z.number().min(0) }))
      .min(1),
  }),
])

export const checkIds = ['no-lost-writes', 'no-duplicates', 'limit-respected', 'converged'] as const

export const scenarioSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(1),
  why: z.string().min(1).describe('what would go wrong if this were never tried'),
  seed: z.union([z.number(), z.string()]).default(7),
  account: z
    .strictObject({
      preset: z.string().default('premium').describe('profile preset of the simulated account'),
      suiteCloudPlus: z.number().int().min(0).optional(),
    })
    .prefault({}),
  shop: z
    .strictObject({
      itemCount: z.number().int().min(1).default(40).describe('distinct SKUs in the catalogue'),
      newCustomerRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0.6)
        .describe('share of orders by a customer never seen before'),
      linesMin: z.number().int().min(1).default(1),
      linesMax: z.number().int().min(1).default(8),
      redeliveryRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0.01)
        .describe('share of orders the shop delivers twice, as webhooks do'),
    })
    .refine(({ linesMin, linesMax }) => linesMin <= linesMax, {
      path: ['linesMax'],
      message: 'must not be less than linesMin',
    })
    .prefault({}),
  load: z.array(loadSchema).min(1),
  drainMs: z
    .number()
    .positive()
    .default(600_000)
    .describe('how long after the last arrival the backlog may take'),
  faults: z
    .array(faultSpecSchema)
    .default([])
    .describe('windows count from the start of the load; one without an end lasts until the last arrival'),
  checks: z.array(z.enum(checkIds)).default([...checkIds]),
  thresholds: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('metric → expressions such as "p(95) < 20000"'),
})

export type ScenarioInput = z.input<typeof scenarioSchema>
export type Scenario = z.output<typeof scenarioSchema>
export type Load = z.output<typeof loadSchema>
export type CheckId = (typeof checkIds)[number]

/** Types a shipped scenario and fills in its defaults. */
export function defineScenario(scenario: ScenarioInput): Scenario {
  return parseScenario(scenario)
}

/** Reads a scenario from plain data. Throws `E_SCENARIO_INVALID` that names every mistake with its JSON pointer. */
export function parseScenario(data: unknown, file?: string): Scenario {
  const parsed = scenarioSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `/${issue.path.map(String).join('/')}: ${issue.message}`)
  throw new AppError('E_SCENARIO_INVALID', `scenario is not valid:\n  ${issues.join('\n  ')}`, {
    file,
    pointer: `/${(parsed.error.issues[0]?.path ?? []).map(String).join('/')}`,
    mend: 'correct the keys above; scenarios/order-spike.ts is a complete example',
  })
}
