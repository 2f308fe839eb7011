/**
 * How long the account takes. Lognormal around a median per operation and kind of record, plus a share per line.
 * `lean` and `heavy` are the two models the evidence supports; medians without a source say "guess". [GOV-080..087, OPQ-030]
 */
import { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'

const ms = z.number().min(0).max(900_000)

const percentileTable = z
  .partialRecord(z.string().regex(/^(\d{1,2}(\.\d+)?|100)$/, 'a percentile from 0 to 100'), ms)
  .refine((table) => Object.keys(table).length > 0, 'at least one percentile')
  .refine(isRising, 'times that do not fall as percentiles rise')

export const latencySchema = z
  .strictObject({
    model: z
      .enum(['lean', 'heavy', 'none'])
      .default('lean')
      .describe('lean: few scripts; heavy: a scripted account [GOV-082]; none: as fast as the machine can'),
    factor: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe('multiplies every time; a sandbox is about 1.4 [GOV-084]'),
    sigma: z
      .number()
      .min(0)
      .max(2)
      .default(0.35)
      .describe('spread of the lognormal; 0: every call takes its median (guess)'),
    medianMs: z
      .partialRecord(z.string(), ms)
      .default({})
      .describe('overrides by operation, e.g. { "salesOrder.create": 2400, "*.get": 300 }'),
    perLineMs: z
      .partialRecord(z.string(), ms)
      .default({})
      .describe(
        'overrides of what a line adds, by operation as above, e.g. { "*.create": 60 }; a usage unit of a RESTlet: "*.restlet"',
      ),
    percentilesMs: z
      .partialRecord(z.string(), percentileTable)
      .default({})
      .describe(
        'measured times in place of the lognormal, by operation, e.g. { "*.get": { "50": 400, "99": 2100 } }',
      ),
    linesPerSecMax: z
      .number()
      .min(0.1)
      .max(100_000)
      .describe(
        'lines the whole account writes in a second; absent: 33 in heavy [GOV-082], no ceiling in lean (guess)',
      )
      .optional(),
    loadFactorMax: z
      .number()
      .min(1)
      .max(100)
      .default(1)
      .describe(
        'times grow up to this factor as the last half of the slots fills; 1: not at all (no figure is known)',
      ),
    hours: z
      .array(
        z.strictObject({
          fromHour: z.number().int().min(0).max(23).describe('hour of the account’s day, included'),
          untilHour: z.number().int().min(1).max(24).describe('hour of the account’s day, excluded'),
          factor: z.number().min(0).max(100).describe('multiplies every time in these hours'),
        }),
      )
      .default([])
      .describe('slow and fast hours, in the account’s time zone; none is documented'),
  })
  .prefault({})

export type LatencyOptions = z.output<typeof latencySchema>

/** What is being done, as far as time is concerned. */
export interface Work {
  /** e.g. `create`, `get`, `list`. */
  readonly verb: string
  readonly recordType: string
  readonly kind: 'entity' | 'transaction' | 'item' | 'other'
  /** Sublist lines written or expanded. */
  readonly lines: number
  /** Time of account scripts, drawn already. */
  readonly scriptMs?: number
}

/** How busy the account is: what a shared machine feels. */
export interface Load {
  /** Slots held, this request's own among them. */
  readonly inUse: number
  readonly limit: number
}

export interface LatencyModel {
  /** Milliseconds one piece of work takes. */
  serviceMs(work: Work, load?: Load): number
  /** Milliseconds of one usage unit of a RESTlet. */
  unitMs(work: Work): number
  /** A draw around a median known elsewhere; `sigma` is the profile's unless given. */
  aroundMs(medianMs: number, load: Load, sigma?: number): number
  /** Milliseconds until a request that fails before its work is answered; measured about 150. [OPQ-030] */
  errorMs(): number
  /** Milliseconds until a refusal for concurrency (guess: it does no work). */
  refusalMs(): number
}

interface Medians {
  readonly get: number
  readonly list: number
  readonly entityWrite: number
  readonly transactionWrite: number
  readonly otherWrite: number
  readonly perLine: number
  readonly remove: number
  /** A RESTlet that does nothing. */
  readonly restlet: number
  /** A usage unit of it. */
  readonly unit: number
  /** A small query. [GOV-086] */
  readonly query: number
  /** Taking a job on, and asking how it stands. */
  readonly job: number
  /** What a processor does before the first task of a job. */
  readonly queue: number
  readonly linesPerSecMax: number
}

const MODELS: Readonly<Record<'lean' | 'heavy', Medians>> = {
  // Reads: 0.4–0.7 s by id, 0.15–1 s a list, 0.25 s a query [GOV-086]. Writes: guess, 0.5–1 s an entity, 1–2 s a transaction [GOV-087 SIM].
  lean: {
    get: 550,
    list: 450,
    entityWrite: 700,
    transactionWrite: 1200,
    otherWrite: 600,
    perLine: 30,
    remove: 600,
    // Guess: a transaction takes 30 units and 1.2 s, as by a POST.
    restlet: 300,
    unit: 40,
    query: 250,
    job: 150,
    // Guess; clients ask every 3 s and get simple records within 36 s. [ASY-047]
    queue: 1500,
    linesPerSecMax: Number.POSITIVE_INFINITY,
  },
  // 4.5 s and 0.15 s a line, 31 to 33 lines a second in all, from the scripted-account benchmark [GOV-080..082]; the rest
  // scaled alike (guess).
  heavy: {
    get: 900,
    list: 1200,
    entityWrite: 2200,
    transactionWrite: 4500,
    otherWrite: 1800,
    perLine: 150,
    remove: 1500,
    restlet: 600,
    unit: 150,
    query: 500,
    job: 250,
    queue: 4000,
    linesPerSecMax: 33,
  },
}
/** A list of journal entries took 16 and 20 s whatever its page: cost follows the size of the table. [GOV-086, OPQ-030] */
const JOURNAL_LIST_MS = 16_000
const ERROR_MEDIAN_MS = 150
const REFUSAL_MEDIAN_MS = 60

/** A draw around a median, or from a table of percentiles. */
type Draw = (medianMs: number, spread?: number) => number

/** As fast as the machine can. */
const TIMELESS: LatencyModel = {
  serviceMs: () => 0,
  unitMs: () => 0,
  aroundMs: () => 0,
  errorMs: () => 0,
  refusalMs: () => 0,
}

export function createLatencyModel(
  clock: Clock,
  rng: Rng,
  options: LatencyOptions,
  timeZone = 'UTC',
): LatencyModel {
  const { model, factor, sigma, hours } = options
  if (model === 'none') return TIMELESS
  const hourFactor = hoursOf(clock, hours, timeZone)
  const draw: Draw = (median, spread = sigma) =>
    median * factor * hourFactor() * Math.exp(spread * rng.normal())
  const plans = new Map<string, Plan>()
  const planFor = (work: Work): Plan => {
    const key = `${work.recordType}.${work.verb}`
    let plan = plans.get(key)
    if (plan === undefined) {
      plan = planOf(options, MODELS[model], key, work)
      plans.set(key, plan)
    }
    return plan
  }
  const linesPerSecMax = options.linesPerSecMax ?? MODELS[model].linesPerSecMax
  return {
    serviceMs(work, load) {
      const { baseMs, perLineMs, table } = planFor(work)
      // The account as a whole writes so many lines a second: whoever holds a slot gets a share of that.
      const inUse = load?.inUse ?? 1
      const lineMs = Math.max(perLineMs, (inUse * 1000) / linesPerSecMax)
      const lines = work.lines === 0 ? 0 : lineMs * work.lines
      const busy = load === undefined ? 1 : busyFactor(load, options.loadFactorMax)
      const scripts = work.scriptMs ?? 0
      if (table !== undefined)
        return (percentile(table, rng.next()) + lines) * factor * hourFactor() * busy + scripts
      return draw(baseMs + lines) * busy + scripts
    },
    unitMs: (work) => planFor(work).perLineMs * factor,
    aroundMs: (median, load, spread) => draw(median, spread) * busyFactor(load, options.loadFactorMax),
    errorMs: () => draw(ERROR_MEDIAN_MS),
    refusalMs: () => draw(REFUSAL_MEDIAN_MS),
  }
}

/** What is known of one operation on one record type, worked out once. */
interface Plan {
  readonly baseMs: number
  readonly perLineMs: number
  readonly table: readonly Point[] | undefined
}

function planOf(options: LatencyOptions, medians: Medians, key: string, { verb, kind }: Work): Plan {
  const wild = `*.${verb}`
  const { medianMs, perLineMs, percentilesMs } = options
  const fallback = key === 'journalEntry.list' ? JOURNAL_LIST_MS : baseOf(medians, verb, kind)
  const table = percentilesMs[key] ?? percentilesMs[wild]
  return {
    baseMs: medianMs[key] ?? medianMs[wild] ?? fallback,
    perLineMs: perLineMs[key] ?? perLineMs[wild] ?? (verb === 'restlet' ? medians.unit : medians.perLine),
    table: table === undefined ? undefined : pointsOf(table),
  }
}

/** Operations that are no write. A document of the metadata catalogue takes longer with every type in it. [OPQ-030; guess] */
const BY_VERB: Readonly<Record<string, keyof Medians>> = {
  get: 'get',
  list: 'list',
  query: 'query',
  metadata: 'get',
  delete: 'remove',
  restlet: 'restlet',
  submit: 'job',
  poll: 'job',
  queue: 'queue',
  'system.governanceLimits': 'job',
  'system.serverTime': 'job',
  'rest.options': 'job',
}

function baseOf(medians: Medians, verb: string, kind: Work['kind']): number {
  const base = BY_VERB[verb]
  if (base !== undefined) return medians[base]
  if (kind === 'transaction') return medians.transactionWrite
  return kind === 'entity' ? medians.entityWrite : medians.otherWrite
}

function isRising(table: Readonly<Partial<Record<string, number>>>): boolean {
  const points = pointsOf(table)
  return points.every((point, index) => index === 0 || point.ms >= points[index - 1]!.ms)
}

interface Point {
  /** 0..1. */
  readonly at: number
  readonly ms: number
}

/** The table as a curve. Below its first percentile times fall towards half of it, above the last they stay there. */
function pointsOf(table: Readonly<Partial<Record<string, number>>>): Point[] {
  const points = Object.entries(table)
    .map(([percent, value]) => ({ at: Number(percent) / 100, ms: value! }))
    .sort((a, b) => a.at - b.at)
  const [first] = points
  return first === undefined || first.at === 0 ? points : [{ at: 0, ms: first.ms / 2 }, ...points]
}

function percentile(points: readonly Point[], at: number): number {
  const above = points.findIndex((point) => point.at >= at)
  if (above < 0) return points.at(-1)!.ms
  if (above === 0) return points[0]!.ms
  const [low, high] = [points[above - 1]!, points[above]!]
  return low.ms + ((high.ms - low.ms) * (at - low.at)) / (high.at - low.at)
}

/** 1 while half the slots are free, then evenly up to the most. */
function busyFactor({ inUse, limit }: Load, most: number): number {
  if (most === 1) return 1
  return 1 + (most - 1) * Math.min(1, Math.max(0, (2 * inUse) / limit - 1))
}

const QUARTER_MS = 900_000

/** Hour of the day at a place; asked anew only when a quarter of an hour has passed, for zones differ by quarters. */
export function hourOfDay(timeZone: string): (nowMs: number) => number {
  const hourAt = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric' })
  let known = Number.NaN
  let hour = 0
  return (nowMs) => {
    const quarter = Math.floor(nowMs / QUARTER_MS)
    if (quarter !== known) {
      known = quarter
      hour = Number(hourAt.format(quarter * QUARTER_MS))
    }
    return hour
  }
}

/** The factor of the present hour. */
function hoursOf(clock: Clock, hours: LatencyOptions['hours'], timeZone: string): () => number {
  if (hours.length === 0) return () => 1
  const hourAt = hourOfDay(timeZone)
  return () => {
    const local = hourAt(clock.now())
    return hours.find(({ fromHour, untilHour }) => local >= fromHour && local < untilHour)?.factor ?? 1
  }
}
