/**
 * The record service for programs: calls typed by record type, sent as fast as the account lets them, tried again while that is
 * safe, and ended with one of three answers: done, refused, or (rarely) unknown. Nothing is thrown for what an account answers.
 * A create with an external ID is done exactly once, whatever becomes of the answers; one without is never sent twice.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import {
  type CallContext,
  createRecordClient,
  type Query,
  type RecordBody,
  type RecordClient,
  type Written,
} from '../engine/client.ts'
import { createOnce } from '../engine/flows/create-once.ts'
import { done, type Outcome } from '../engine/outcome.ts'
import { decideRetry, firstProgress } from '../engine/retry.ts'
import { createThrottle, type Throttle } from '../engine/throttle.ts'
import { createDirectWriter } from '../engine/writer.ts'
import { type AccountOptions, partsOf } from './account.ts'

/** Fields of any record, where no types were generated. */
export type AnyRecords = Readonly<Record<string, object>>

/** `T`: record type → its fields, as `seatrial spec types` writes them. */
export interface Client<T extends object = AnyRecords> {
  /**
   * `POST /{type}`. With an `externalId` in the body a lost answer is resolved by looking the record up, and the create
   * is safe to repeat: a record that is there already is `done`, too, with its id. Without one a lost answer is `unknown`,
   * and a person must look. [REC-100, REC-116]
   */
  create<K extends keyof T & string>(type: K, body: Partial<T[K]>): Promise<Outcome<Written>>
  /** `PUT /{type}/eid:{externalId}`: creates or updates. [REC-140] */
  upsert<K extends keyof T & string>(
    type: K,
    externalId: string,
    body: Partial<T[K]>,
  ): Promise<Outcome<Written>>
  /** `PATCH /{type}/{id}`. A lost answer is tried again unless the body has lines, which might be added twice. [REC-130, REC-132] */
  update<K extends keyof T & string>(type: K, id: string, body: Partial<T[K]>): Promise<Outcome<Written>>
  /** `GET /{type}/{id}`; `id` may be `eid:…`. `query`: e.g. `{ expandSubResources: 'true' }`. [REC-025] */
  get<K extends keyof T & string>(type: K, id: string, query?: Query): Promise<Outcome<T[K]>>
  /** Internal id of the record with this external ID; `undefined` when there certainly is none. */
  find(type: keyof T & string, externalId: string): Promise<Outcome<Written | undefined>>
  /** How many calls may be in flight, are in flight, and wait. */
  readonly throttle: Pick<Throttle, 'limit' | 'inUse' | 'waiting' | 'paused'>
  /** Ends its connections. Calls under way are finished. */
  close(): Promise<void>
}

/** A client for one account and one integration. Use one per process: its throttle must see every call. */
export function createClient<T extends object = AnyRecords>(options: AccountOptions): Client<T> {
  const { deps, close } = partsOf(options)
  const throttle = createThrottle(deps.clock, deps.rng.fork('throttle'))
  const client = createRecordClient(deps, { throttle })
  const persist = createPersist(deps.clock, deps.rng.fork('retry'))
  return {
    create: (type, body) => {
      const { externalId } = body as { externalId?: unknown }
      return typeof externalId === 'string'
        ? persist(`${type}.create`, externalId, (call, mayExist) =>
            createdOnce(client, { type, externalId, body: body as RecordBody }, call, mayExist),
          )
        : persist(`${type}.create`, type, async (call) =>
            asTry(await client.create(type, body as RecordBody, call), false),
          )
    },
    upsert: (type, externalId, body) =>
      persist(`${type}.upsert`, externalId, async (call) =>
        asTry(await client.upsert(type, externalId, body as RecordBody, call), true),
      ),
    update: (type, id, body) =>
      persist(`${type}.patch`, id, async (call) =>
        asTry(await client.patch(type, id, body as RecordBody, call), !hasLines(body)),
      ),
    get: async (type, id, query) =>
      (await persist(`${type}.get`, id, async (call) =>
        asTry(await client.get(type, id, call, query), true),
      )) as Outcome<never>,
    find: (type, externalId) =>
      persist(`${type}.find`, externalId, async (call) =>
        asTry(await client.findByExternalId(type, externalId, call), true),
      ),
    throttle,
    close,
  }
}

/** One try: what came of it, whether it may be repeated if that is unknown, and whether the record may be there. */
interface Try<T> {
  readonly outcome: Outcome<T>
  readonly repeatable: boolean
  readonly mayExist: boolean
}

type Step<T> = (call: CallContext, mayExist: boolean) => Promise<Try<T>>

function asTry<T>(outcome: Outcome<T>, repeatable: boolean): Try<T> {
  return { outcome, repeatable, mayExist: false }
}

async function createdOnce(
  client: RecordClient,
  { type, externalId, body }: { type: string; externalId: string; body: RecordBody },
  call: CallContext,
  mayExist: boolean,
): Promise<Try<Written>> {
  const record = { type, externalId, body: async () => done(body) }
  const end = await createOnce({ client, writer: createDirectWriter(client) }, record, {
    call,
    mayExist,
    keepLease: async () => true,
  })
  if (end.kind === 'failed') return { outcome: end.problem, repeatable: true, mayExist: end.mayExist }
  // The lease that it could lose is always kept above.
  return asTry(done({ id: end.kind === 'done' ? end.id : undefined }), true)
}

/** Repeats a step with growing, jittered pauses until it is done, refused for good, or its budget of tries and time is spent. */
function createPersist(clock: Clock, rng: Rng) {
  return async <T>(operation: string, key: string, step: Step<T>): Promise<Outcome<T>> => {
    let progress = firstProgress(clock.now())
    for (let attempt = 1; ; attempt++) {
      const { outcome, repeatable, mayExist } = await step({ key, attempt }, progress.mayExist)
      if (outcome.kind === 'done') return outcome
      if (outcome.kind === 'unknown' && !repeatable) return outcome
      const decision = decideRetry(rng, clock.now(), progress, { operation, problem: outcome, mayExist })
      if (decision.kind === 'dead') return outcome
      progress = decision.progress
      await clock.sleep(decision.atMs - clock.now())
    }
  }
}

/** Whether a body holds a sublist, at any depth. */
function hasLines(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  return Object.values(value).some(hasLines)
}
