/**
 * One record, created once: doubt before deeds.
 *
 *   [may exist] look-up ──found──▶ done       body ──▶ create ──▶ done
 *                  └────absent──▶ body                   └ refused, and it may exist ──▶ look-up
 *
 * The external ID makes it safe: even a create that was given up and commits after the look-up cannot double, for
 * NetSuite refuses the second one [REC-116], and that refusal leads back to the look-up. Synchronous calls have no
 * idempotency key that would do this for us [ASY-073, ASY-079]; asynchronous ones have (async-job.ts), and are covered as well.
 */
import type { RecordBody } from '../client.ts'
import type { Done, Refused } from '../outcome.ts'
import { type FailedStep, type FlowParts, type FlowTry, failed, type Lost } from './flow.ts'

export interface NewRecord {
  readonly type: string
  readonly externalId: string
  /**
   * Asked for only when the record is to be created: its parents may have to be made first. `undefined`: there is nothing
   * to create after all.
   */
  readonly body: () => Promise<Done<RecordBody | undefined> | FailedStep>
}

export type CreateEnd = { readonly kind: 'done'; readonly id: string | undefined } | FailedStep | Lost

/** Brings one record into the account, or says why not. */
export async function createOnce(
  { client, writer }: Pick<FlowParts, 'client' | 'writer'>,
  { type, externalId, body }: NewRecord,
  { call, mayExist, keepLease }: FlowTry,
): Promise<CreateEnd> {
  const lookUp = async (refusal?: Refused): Promise<CreateEnd | undefined> => {
    const found = await client.findByExternalId(type, externalId, call)
    if (found.kind !== 'done') return failed(`${type}.find`, found, true)
    if (found.value !== undefined) return { kind: 'done', id: found.value.id }
    return refusal && failed(`${type}.create`, refusedThoughAbsent(refusal), true)
  }
  const before = mayExist ? await lookUp() : undefined
  if (before !== undefined) return before
  const fields = await body()
  if (fields.kind === 'failed') return { ...fields, mayExist: fields.mayExist || mayExist }
  if (fields.value === undefined) return { kind: 'done', id: undefined }
  if (!(await keepLease())) return { kind: 'lost' }
  const created = await writer.create(type, externalId, fields.value, call)
  if (created.kind === 'done') return { kind: 'done', id: created.value.id }
  if (created.kind === 'unknown') return failed(`${type}.create`, created, true)
  const doubtful = created.cause === 'exists' || (mayExist && created.retry === 'never')
  if (!doubtful) return failed(`${type}.create`, created, mayExist)
  return (await lookUp(created))!
}

/**
 * Refused, and yet nothing is there. "Already exists" is then a create that is still on its way, or another record
 * that holds the external ID: time will tell which. Any other refusal stands.
 */
function refusedThoughAbsent(refusal: Refused): Refused {
  return refusal.cause === 'exists' ? { ...refusal, retry: 'later' } : refusal
}
