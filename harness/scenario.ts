/**
 * What a scenario is: data, serialisable, no callbacks, unknown keys refused. `defineScenario` types the shipped
 * ones; `parseScenario` reads a user's file and reports all mistakes at once.
 */
import { distance } from 'fastest-levenshtein'
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
    ratePerSec: z.number().positive().describe('orders per second, evenly spaced'),
    durationMs: z.number().positive().describe('how long orders arrive'),
  }),
  z.strictObject({
    executor: z.literal('ramping-arrival-rate'),
    ...arrival,
    startRatePerSec: z.number().min(0).describe('orders per second at the start'),
    stages: z
      .array(
        z.strictObject({
          durationMs: z.number().positive().describe('length of the stage'),
          targetRatePerSec: z.number().min(0).describe('rate at its end; it changes evenly until then'),
        }),
      )
      .min(1),
  }),
])

export const checkIds = ['no-lost-writes', 'no-duplicates', 'limit-respected', 'converged'] as const

export const scenarioSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
    .describe('name of the run folder and of the scenario in reports'),
  title: z.string().min(1).describe('heading of the report'),
  why: z.string().min(1).describe('what would go wrong if this were never tried'),
  seed: z.union([z.number(), z.string()]).default(7).describe('of everything that is left to chance'),
  account: z
    .strictObject({
      preset: z.string().default('premium').describe('profile preset of the simulated account'),
      suiteCloudPlus: z
        .number()
        .int()
        .min(0)
        .describe('licences, 10 slots each; default: those of the preset')
        .optional(),
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
      linesMin: z.number().int().min(1).default(1).describe('fewest lines of an order'),
      linesMax: z.number().int().min(1).default(8).describe('most lines of an order'),
      redeliveryRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0.01)
        .describe('share of orders the shop delivers twice, as webhooks do'),
      paidRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('share of orders that come paid: their money is to be booked as well'),
      listens: z
        .boolean()
        .default(false)
        .describe('whether the shop wants to hear what became of its orders'),
      downRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('share of what it is told that a listening shop does not take'),
    })
    .refine(({ linesMin, linesMax }) => linesMin <= linesMax, {
      path: ['linesMax'],
      message: 'must not be less than linesMin',
    })
    .prefault({}),
  load: z.array(loadSchema).min(1).describe('when orders arrive; several loads add up'),
  peak: z
    .strictObject({
      enterBacklog: z
        .number()
        .int()
        .min(1)
        .describe('work items from which the reference engine uses batches'),
      leaveBacklog: z.number().int().min(0).describe('work items at which it goes back to single calls'),
    })
    .refine(({ enterBacklog, leaveBacklog }) => leaveBacklog < enterBacklog, {
      path: ['leaveBacklog'],
      message: 'must be less than enterBacklog',
    })
    .describe('when batches are used beside single calls; default: never')
    .optional(),
  drainMs: z
    .number()
    .positive()
    .default(600_000)
    .describe('how long after the last arrival the backlog may take'),
  faults: z
    .array(faultSpecSchema)
    .default([])
    .describe('windows count from the start of the load; one without an end lasts until the last arrival'),
  checks: z
    .array(z.enum(checkIds))
    .default([...checkIds])
    .describe('what must hold at the end'),
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
  const issues = parsed.error.issues.flatMap(wordsOf)
  throw new AppError('E_SCENARIO_INVALID', `scenario is not valid:\n  ${issues.join('\n  ')}`, {
    file,
    mend: 'correct the keys above; docs/scenarios.md lists every key, scenarios/order-spike.ts is a complete example',
  })
}

/** One line per mistake: where, what, and for an unknown key the nearest that exists. */
function wordsOf(issue: z.core.$ZodIssue): string[] {
  const at = (path: readonly PropertyKey[]): string => `/${path.map(String).join('/')}`
  if (issue.code !== 'unrecognized_keys') return [`${at(issue.path)}: ${issue.message}`]
  return issue.keys.map((key) => {
    const [nearest] = knownKeys().sort((a, b) => distance(a, key) - distance(b, key))
    return `${at([...issue.path, key])}: unknown key "${key}"; the nearest known one is "${nearest}"`
  })
}

/** Every key a scenario may have, at any depth. */
function knownKeys(): string[] {
  return [...new Set(keysOf(z.toJSONSchema(scenarioSchema, { io: 'input' })))]
}

function keysOf(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties } = schema as { properties?: object }
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(keysOf)]
}
