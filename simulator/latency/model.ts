/**
 * How long the account takes. Lognormal around a median per operation and kind of record, plus a share per line.
 * `lean` and `heavy` are the two models the evidence supports; medians without a source say "guess". [GOV-080..087, OPQ-030]
 */
import { z } from 'zod'
import type { Rng } from '../../kernel/rng.ts'

const ms = z.number().min(0).max(900_000)

export const latencySchema = z
  .strictObject({
    model: z
      .enum(['lean', 'heavy', 'none'])
      .default('lean')
      .describe('none: answers as fast as the machine can'),
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
}

export interface LatencyModel {
  /** Milliseconds one piece of work takes. */
  serviceMs(work: Work): number
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
  /** Taking a job on, and asking how it stands. */
  readonly job: number
  /** What a processor does before the first task of a job. */
  readonly queue: number
}

const MODELS: Readonly<Record<'lean' | 'heavy', Medians>> = {
  // Reads: 0.4–0.7 s by id, 0.15–1 s a list [GOV-086]. Writes: guess, 0.5–1 s an entity, 1–2 s a transaction [GOV-087 SIM].
  lean: {
    get: 550,
    list: 450,
    entityWrite: 700,
    transactionWrite: 1200,
    otherWrite: 600,
    perLine: 30,
    remove: 600,
    job: 150,
    // Guess; clients ask every 3 s and get simple records within 36 s. [ASY-047]
    queue: 1500,
  },
  // 4.5 s and 0.15 s a line from the scripted-account benchmark [GOV-082]; the rest scaled alike (guess).
  heavy: {
    get: 900,
    list: 1200,
    entityWrite: 2200,
    transactionWrite: 4500,
    otherWrite: 1800,
    perLine: 150,
    remove: 1500,
    job: 250,
    queue: 4000,
  },
}
const ERROR_MEDIAN_MS = 150
const REFUSAL_MEDIAN_MS = 60

export function createLatencyModel(
  rng: Rng,
  { model, factor, sigma, medianMs }: LatencyOptions,
): LatencyModel {
  if (model === 'none') return { serviceMs: () => 0, errorMs: () => 0, refusalMs: () => 0 }
  const medians = MODELS[model]
  const draw = (median: number): number => median * factor * Math.exp(sigma * rng.normal())
  return {
    serviceMs({ verb, recordType, kind, lines }) {
      const chosen = medianMs[`${recordType}.${verb}`] ?? medianMs[`*.${verb}`] ?? baseOf(medians, verb, kind)
      return draw(chosen + medians.perLine * lines)
    },
    errorMs: () => draw(ERROR_MEDIAN_MS),
    refusalMs: () => draw(REFUSAL_MEDIAN_MS),
  }
}

function baseOf(medians: Medians, verb: string, kind: Work['kind']): number {
  if (verb === 'get') return medians.get
  if (verb === 'list') return medians.list
  if (verb === 'delete') return medians.remove
  if (verb === 'submit' || verb === 'poll') return medians.job
  if (verb === 'queue') return medians.queue
  if (kind === 'transaction') return medians.transactionWrite
  return kind === 'entity' ? medians.entityWrite : medians.otherWrite
}
