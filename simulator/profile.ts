/**
 * The account profile: what kind of account is simulated. Presets are Oracle's service tiers; a YAML file starts
 * from a preset and changes what it names. Where the facts are silent the choice is a named setting here.
 */
import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import { faultSpecSchema } from '../protocol/fault.ts'
import { neighboursSchema } from '../protocol/neighbour.ts'
import { asyncSchema } from './async/options.ts'
import { loginProblem } from './auth/login-problem.ts'
import { certificateProblem } from './auth/oauth2/client.ts'
import { authSchema, integrationsSchema } from './auth/options.ts'
import {
  accountConcurrencyLimit,
  REQUEST_BYTES_MAX,
  SERVICE_TIERS,
  SUITECLOUD_PLUS_MAX,
} from './governance/limits.ts'
import { governanceSchema } from './governance/options.ts'
import { latencySchema } from './latency/model.ts'
import { roleProblem, rolesSchema } from './permissions/roles.ts'
import { featuresSchema, preferencesSchema } from './preferences.ts'
import { PRESET_NAMES, PRESETS } from './presets.ts'
import { restletProblem, restletsSchema, scriptingSchema, scriptsSchema } from './scripts/options.ts'
import { datasetProblem, datasetsSchema } from './suiteql/options.ts'

const settingsSchema = z.strictObject({
  faultHeader: z
    .boolean()
    .default(false)
    .describe('a request may ask for a fault of its own by the header `X-Seatrial-Fault`'),
  transactionMissingId: z
    .enum(['404', '400'])
    .default('404')
    .describe('answer to an id unused in the transaction group [OPQ-013]'),
  statusId: z.enum(['label', 'letter']).default('label').describe('id inside a transaction status [OPQ-040]'),
  linkMethod: z.boolean().default(true).describe('`method` on self links, as answers of 2026 have [OPQ-023]'),
  fieldsWithExpand: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('`fields` together with `expandSubResources=true` [OPQ-084]'),
  missingSubResource: z
    .enum(['404', '400'])
    .default('404')
    .describe(
      'answer to a sublist, line or subrecord that is not there: unknown id, or invalid URL [REC-160]',
    ),
  sublistPatch: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe(
      'PATCH on the address of a whole sublist; lines are keyed as in a PATCH of the record [REC-161]',
    ),
  selectOptions: z
    .enum(['visible', 'all'])
    .default('visible')
    .describe('select options: records of types the role may view, or of all types [REC-191]'),
  detachUnattached: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe('`!detach` of what is not attached [REC-180]'),
  lastLink: z
    .enum(['captured', 'correct'])
    .default('captured')
    .describe('`last` link of a list: with the offset real answers show, or the right one [OPQ-021]'),
  queryAboveMax: z
    .enum(['stop', 'refuse'])
    .default('stop')
    .describe('a query with more results than can be reached: pages end there, or it is refused [OPQ-008]'),
  queryStepsMax: z
    .number()
    .int()
    .min(1000)
    .max(1_000_000_000)
    .default(20_000_000)
    .describe('rows a query may join before it is refused (no source; NetSuite has a limit of time)'),
  queryRespondAsync: z
    .enum(['ignore', 'job'])
    .default('ignore')
    .describe(
      'a query with `Prefer: transient, respond-async`: runs at once, or as a job with 202 [OPQ-009]',
    ),
  queryTies: z
    .enum(['stable', 'shuffled'])
    .default('stable')
    .describe(
      'rows that no `ORDER BY` tells apart: in the same order on every page, or in another one, so that pages miss rows and repeat others [OPQ-061]',
    ),
  queryWallMsMax: z
    .number()
    .int()
    .min(10)
    .max(600_000)
    .default(30_000)
    .describe("milliseconds of the machine's time after which a query is cut off (not in the facts)"),
  rownumWrapper: z
    .enum(['sorted', 'unsorted'])
    .default('sorted')
    .describe(
      'ROWNUM around a sorted or grouped subselect: counts its rows as in Oracle, or those before, as a client reports [SQL-055]',
    ),
  badPaging: z
    .enum(['refuse', 'clamp'])
    .default('refuse')
    .describe(
      'a `limit` or `offset` that is out of range or no number: refused, or moved into range [REC-500]',
    ),
  filterInLinks: z
    .boolean()
    .default(true)
    .describe('page links of a filtered list repeat its `q`; captures show unfiltered lists only [OPQ-020]'),
  filterCase: z
    .enum(['insensitive', 'sensitive'])
    .default('insensitive')
    .describe('how string operators of `q` compare [REC-511]'),
  permissionRefusal: z
    .enum(['403', '400'])
    .default('403')
    .describe(
      'answer when the role lacks a permission on a record: `INSUFFICIENT_PERMISSION` or `USER_ERROR`; lists and queries always answer 400 [AUT-046]',
    ),
  lockedFields: z
    .enum(['drop', 'refuse'])
    .default('drop')
    .describe('what becomes of fields the role cannot write: dropped in silence, or refused [REC-118]'),
  hiddenReference: z
    .enum(['name', 'id'])
    .default('name')
    .describe('`refName` of a reference whose target the role may not see; its `links` are empty [OPQ-025]'),
  metadataLinks: z
    .enum(['captured', 'documented'])
    .default('captured')
    .describe(
      'media types in the list of the metadata catalogue: as captured in 2025, or as the help has them [OAS-009, REC-230]',
    ),
  concurrentUpdate: z
    .enum(['refuse', 'last-wins'])
    .default('refuse')
    .describe('a change planned on an older version than it finds: 400, or it overwrites [OPQ-018, REC-145]'),
  dependents: z
    .enum(['refuse', 'ignore'])
    .default('refuse')
    .describe('deleting a record that transactions refer to (common knowledge)'),
  entityAutoName: z
    .boolean()
    .default(true)
    .describe('entities number themselves; off: `entityId` is mandatory [REC-330]'),
  duplicateEntityNames: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('an `entityId` that another record of the type has [REC-E21]'),
  mandatoryFields: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe(
      'what the forms of this account ask for, by record type: fields, or columns as `item.location` [REC-325]',
    ),
  grossAmounts: z
    .enum(['recompute', 'ignore'])
    .default('recompute')
    .describe('a line’s `grossAmt` changes its `amount`, as from 2026.1 on [REC-324]'),
  invalidReference: z
    .enum(['observed', 'documented'])
    .default('observed')
    .describe(
      'words, code and path for a reference to nothing: those of real answers, or of the help [REC-E17, REC-E16]',
    ),
  badRequestConnection: z
    .enum(['keep', 'close'])
    .default('keep')
    .describe('what becomes of the connection after a 400; closed: without a length, as captured [OPQ-016]'),
  newlineEscape: z
    .enum(['twice', 'once'])
    .default('twice')
    .describe(
      'how line breaks must be escaped in JSON to be stored; NetSuite drops those escaped once [REC-014]',
    ),
  inventoryDetailMismatch: z
    .enum(['drop', 'refuse'])
    .default('drop')
    .describe(
      'inventory detail that does not add up to its line: dropped with a warning, or refused [OPQ-068]',
    ),
  requestBytesMax: z
    .number()
    .int()
    .min(1000)
    .max(REQUEST_BYTES_MAX)
    .default(REQUEST_BYTES_MAX)
    .describe('bytes of a request body; more: 413 [REC-117, REC-503]'),
  transactionLinesMax: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(5000)
    .describe(
      'lines of one transaction; more are refused, for the save would take longer than a request may [GOV-038, GOV-039]',
    ),
  negativeStock: z
    .enum(['allow', 'refuse'])
    .default('allow')
    .describe('a transaction that takes the quantity on hand below zero [REC-363]'),
  stockLocation: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'an internal id')
    .default('1')
    .describe('location of stock where neither line, transaction nor item names one [REC-363]'),
  transformRefused: z
    .enum(['400', '404'])
    .default('400')
    .describe('answer to a transform of a wrong pair or state [REC-505, OPQ-019]'),
  fulfilmentLines: z
    .enum(['open', 'named'])
    .default('open')
    .describe('lines that a fulfilment takes unless told: all open ones, or none [OPQ-063]'),
  fulfilUncommitted: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('fulfilling more of an order line than stock is committed to it [OPQ-063]'),
  billUnfulfilled: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('billing goods before they are fulfilled or received [REC-175]'),
  overage: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('fulfilling, receiving or billing more than was ordered (not in the facts)'),
  partlyFulfilledStatus: z
    .enum(['D', 'E'])
    .default('D')
    .describe('status of an order fulfilled in part of which nothing is billed [REC-348]'),
})

export const profileSchema = z.strictObject({
  preset: z.string().describe('preset the profile starts from').optional(),
  name: z.string().default('custom').describe('shown in health and reports'),
  accountId: z.coerce
    .string()
    .regex(/^[A-Z0-9]+(_(SB|RP)\d+)?$/, 'digits, or digits with _SB1 or _RP1')
    .default('1234567')
    .describe('as the realm wants it; the host has it in lower case with a hyphen [AUT-008]'),
  accountType: z
    .enum(['production', 'sandbox', 'developer'])
    .default('production')
    .describe('developer: always 5 slots [GOV-006]'),
  serviceTier: z.enum(SERVICE_TIERS).default('premium').describe('base concurrency limit [GOV-002]'),
  suiteCloudPlus: z
    .number()
    .int()
    .min(0)
    .max(12)
    .default(0)
    .describe(
      'licences, 10 slots each; the most a tier may hold: standard 1, premium 3, enterprise 6, ultimate 12 [GOV-004]',
    ),
  fieldReportTier: z
    .number()
    .int()
    .min(1)
    .max(5)
    .describe('tier of the field report: 15, 25, 35, 45, 55 slots in place of `serviceTier` [GOV-007]')
    .optional(),
  concurrencyLimit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .describe('overrides the limit that tier and licences give')
    .optional(),
  integrations: integrationsSchema,
  auth: authSchema,
  preferences: preferencesSchema,
  features: featuresSchema,
  roles: rolesSchema,
  administrators: z
    .array(z.coerce.string().min(1))
    .default([])
    .describe(
      'employees who are administrators, by external or internal id: other roles cannot even read them [REC-013]',
    ),
  scripts: scriptsSchema,
  restlets: restletsSchema,
  datasets: datasetsSchema,
  scripting: scriptingSchema,
  async: asyncSchema,
  governance: governanceSchema,
  latency: latencySchema,
  journalCapacity: z
    .number()
    .int()
    .min(100)
    .max(5_000_000)
    .default(20_000)
    .describe('requests kept in the journal; older ones are pushed out and counted'),
  neighbours: neighboursSchema
    .default([])
    .describe('load of other integrations, started with the account and after every reset'),
  faults: z.array(faultSpecSchema).default([]).describe('installed at the start and after every reset'),
  settings: settingsSchema.prefault({}),
})

/** A profile with all defaults filled in. */
export type Profile = z.output<typeof profileSchema>
/** What may be changed on top of a preset. */
export type ProfileInput = z.input<typeof profileSchema>
export type Settings = Profile['settings']

/** A preset with changes on top. Throws `E_PROFILE_INVALID` on an unknown preset or a value out of range. */
export function loadProfile(preset: string, changes: ProfileInput = {}): Profile {
  const base = PRESETS[preset]
  if (base === undefined) {
    const nearest = [...PRESET_NAMES].sort((a, b) => distance(a, preset) - distance(b, preset))[0]
    throw new AppError('E_PROFILE_INVALID', `unknown preset "${preset}"`, {
      expected: `one of ${PRESET_NAMES.join(', ')}`,
      mend: `did you mean "${nearest}"?`,
    })
  }
  return validate({ ...layered({ ...base, name: preset }, changes), preset })
}

type Keys = Record<string, unknown>

/** `over` on top of `base`, section by section: a profile that changes one key of a section keeps the preset's others. */
function layered(base: Keys, over: Keys): Keys {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isSection(below) && isSection(value) ? layered(below, value) : value
  }
  return merged
}

function isSection(value: unknown): value is Keys {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function validate(data: unknown): Profile {
  const parsed = profileSchema.safeParse(data)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
    const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])]
    throw new AppError(
      'E_PROFILE_INVALID',
      `profile key ${path.map(String).join('.') || '(top)'}: ${issue.message}`,
      {
        pointer: `/${path.map(String).join('/')}`,
        mend:
          unknown === undefined
            ? 'correct the value; docs/profile.md says what each key takes'
            : mendOfUnknown(unknown, keysAt(issue.path)),
      },
    )
  }
  refuseContradictions(parsed.data)
  return parsed.data
}

/** What each key allows, but not together. */
function refuseContradictions(profile: Profile): void {
  const refuse = (message: string, pointer: string, mend: string): never => {
    throw new AppError('E_PROFILE_INVALID', message, { pointer, mend })
  }
  const { serviceTier, suiteCloudPlus, fieldReportTier, integrations } = profile
  const problem =
    roleProblem(profile.roles, integrations) ??
    certificateProblem(integrations) ??
    loginProblem(integrations) ??
    restletProblem(profile.restlets, profile.roles) ??
    datasetProblem(profile.datasets)
  if (problem !== undefined) refuse(problem.message, problem.pointer, problem.mend)
  const most = SUITECLOUD_PLUS_MAX[serviceTier]
  if (suiteCloudPlus > most && fieldReportTier === undefined) {
    refuse(
      `${serviceTier} holds at most ${most} SuiteCloud Plus licences [GOV-004]`,
      '/suiteCloudPlus',
      `lower suiteCloudPlus to ${most} or raise serviceTier`,
    )
  }
  const limit = concurrencyLimitOf(profile)
  let left = limit
  integrations.forEach(({ concurrencyLimit = 0, name }, at) => {
    left -= concurrencyLimit
    if (left >= 1) return
    const taken = `with ${name}, allocations take ${limit - left} of ${limit} slots; at least 1 must stay unallocated [GOV-009]`
    refuse(
      taken,
      `/integrations/${at}/concurrencyLimit`,
      `lower it to at most ${left + concurrencyLimit - 1}`,
    )
  })
  const names = integrations.map(({ name }) => name)
  const twice = names.findIndex((name, at) => names.indexOf(name) < at)
  if (twice >= 0)
    refuse(`two integrations are named ${names[twice]}`, `/integrations/${twice}/name`, 'name them apart')
}

function mendOfUnknown(key: string, known: readonly string[]): string {
  const [nearest] = [...known].sort((a, b) => distance(a, key) - distance(b, key))
  const list = [...known].sort().join(', ')
  return nearest === undefined ? 'remove it' : `did you mean "${nearest}"? Keys there: ${list}`
}

/** The JSON Schema of a profile as a user writes it, for editors. */
export function profileJsonSchema(): JsonSchema {
  return z.toJSONSchema(profileSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** As much of JSON Schema as is read here. */
export interface JsonSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
}

/** The keys that a profile may have at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: JsonSchema | undefined = profileJsonSchema()
  for (const part of path)
    schema = typeof part === 'number' ? schema?.items : schema?.properties?.[String(part)]
  return Object.keys(schema?.properties ?? {})
}

/** Slots of the account: the override, or what type, tier and licences give. */
export function concurrencyLimitOf(profile: Profile): number {
  return profile.concurrencyLimit ?? accountConcurrencyLimit(profile)
}

/** Slots that belong to one integration, by its name. [GOV-009] */
export function allocationsOf({ integrations }: Profile): Readonly<Record<string, number>> {
  return Object.fromEntries(
    integrations.flatMap(({ name, concurrencyLimit: slots }) => (slots === undefined ? [] : [[name, slots]])),
  )
}

/** Host part of the account: lower case, hyphen for underscore. [AUT-008, OAS-003] */
export function hostOf(profile: Profile): string {
  return `${accountInHost(profile)}.suitetalk.api.netsuite.com`
}

/** RESTlets have a host of their own. [RSL-001] */
export function restletHostOf(profile: Profile): string {
  return `${accountInHost(profile)}.restlets.api.netsuite.com`
}

function accountInHost({ accountId }: Profile): string {
  return accountId.toLowerCase().replaceAll('_', '-')
}
