/** Profile keys of account scripts and RESTlets: which modules there are, when they run, what they may use. */
import { z } from 'zod'

const file = z
  .string()
  .regex(/\.(ts|mts|js|mjs)$/, 'a .ts or .js file')
  .describe('TypeScript or JavaScript module, relative to the profile')

const timeSchema = z.strictObject({
  medianMs: z.number().min(0).max(3_600_000).describe('median of one run of one of its functions'),
  sigma: z.number().min(0).max(2).default(0).describe('spread of the lognormal; 0: always the median'),
})

const EVENTS = ['create', 'edit', 'xedit', 'delete'] as const

export const scriptsSchema = z
  .array(
    z.strictObject({
      file,
      recordTypes: z.array(z.string().min(1)).min(1).describe('record types it is deployed on; `*`: all'),
      events: z
        .array(z.enum(EVENTS))
        .min(1)
        .default([...EVENTS])
        .describe('saves it runs at; `xedit`: `record.submitFields` of another script'),
      timeMs: timeSchema
        .prefault({ medianMs: 0 })
        .describe(
          'simulated time of its runs; `latency.factor` does not touch it; with `latency.model: none` nobody waits for it',
        ),
    }),
  )
  .default([])
  .describe('account scripts, in the order in which they run; docs/scripts.md [GOV-041, REC-E28]')

export const restletsSchema = z
  .array(
    z.strictObject({
      script: z.number().int().min(1).describe('number of the script, in `?script=` [RSL-001]'),
      deploy: z
        .number()
        .int()
        .min(1)
        .default(1)
        .describe('number of the deployment, in `?deploy=` [RSL-001]'),
      scriptId: z
        .string()
        .regex(/^customscript\w+$/, 'customscript_…')
        .describe('may be named instead of the number')
        .optional(),
      deployId: z
        .string()
        .regex(/^customdeploy\w+$/, 'customdeploy_…')
        .describe('may be named instead of the number')
        .optional(),
      file,
      role: z.string().min(1).describe("role its record calls have; default: the caller's").optional(),
    }),
  )
  .default([])
  .describe('RESTlets; docs/scripts.md [RSL-001..013]')

const units = z.number().int().min(1).max(1_000_000)
const limitMs = z.number().min(1).max(3_600_000)

/** A price of scripts/units.ts; a misspelt one would change nothing. */
const UNIT_KEY = /^(create|load|save|submitFields|delete|find)\.(transaction|custom|other)$/

export const scriptingSchema = z
  .strictObject({
    wallMsMax: z
      .number()
      .int()
      .min(10)
      .max(60_000)
      .default(2000)
      .describe("milliseconds of the machine's time after which a function is cut off (not in the facts)"),
    userEventMsMax: limitMs
      .default(300_000)
      .describe('simulated milliseconds of one user event; more: `SSS_TIME_LIMIT_EXCEEDED` [GOV-041]'),
    restletMsMax: limitMs.default(300_000).describe('the same for one RESTlet call [RSL-006]'),
    userEventUnits: units.default(1000).describe('usage units of one user event (common knowledge)'),
    mapReduceUnits: units.default(10_000).describe('usage units of one map/reduce run (common knowledge)'),
    restletUnits: units.default(5000).describe('usage units of one RESTlet call [RSL-006]'),
    restletBytesMax: z
      .number()
      .int()
      .min(1000)
      .max(100 * 1024 * 1024)
      .default(10 * 1024 * 1024)
      .describe('bytes of a RESTlet’s input, and of its output [RSL-006]'),
    units: z
      .partialRecord(
        z.string().regex(UNIT_KEY, 'call.kind, e.g. save.transaction'),
        z.number().int().min(0).max(10_000),
      )
      .default({})
      .describe(
        'usage units of record calls where they differ from SuiteScript’s, by call and kind, e.g. ' +
          '{ "save.transaction": 20 }: create, load, save, submitFields, delete, find × transaction, custom, other',
      ),
  })
  .prefault({})
  .describe('limits of scripts and RESTlets')

export type ScriptSpec = z.output<typeof scriptsSchema>[number]
export type RestletSpec = z.output<typeof restletsSchema>[number]
export type ScriptingOptions = z.output<typeof scriptingSchema>

/** A RESTlet that could not be called as it stands, and where; undefined when all is well. */
export function restletProblem(
  specs: readonly RestletSpec[],
  roles: readonly { readonly name: string }[],
): { readonly message: string; readonly pointer: string; readonly mend: string } | undefined {
  const known = ['Administrator', ...roles.map(({ name }) => name)]
  const taken = new Set<string>()
  for (const [index, { script, deploy, role }] of specs.entries()) {
    const pointer = `/restlets/${index}`
    if (role !== undefined && !known.includes(role)) {
      const mend = `add it to roles, or name one of ${known.join(', ')}`
      return { message: `role "${role}" is not there`, pointer: `${pointer}/role`, mend }
    }
    const address = `script ${script} deploy ${deploy}`
    if (taken.has(address))
      return { message: `${address} is there twice`, pointer, mend: 'number them apart' }
    taken.add(address)
  }
  return undefined
}
