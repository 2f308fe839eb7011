/**
 * A RESTlet that creates or updates many records of one type in one call, told apart by their external ids. Each record
 * has a result of its own. It stops while there are units left to answer with; the client sends the rest again.
 */
import type { RecordApi, RestletContext, Values } from '../../simulator/restlets/api.ts'

interface Batch {
  readonly recordType?: string
  readonly records?: readonly (Values & { readonly externalId?: string })[]
}

interface Result {
  readonly externalId: string
  readonly outcome: 'created' | 'updated' | 'failed' | 'not done'
  readonly id?: string
  readonly error?: string
}

/** What the dearest record takes: a search, then a transaction loaded and saved. */
const UNITS_OF_ONE = 40

export function post({ recordType, records }: Batch, context: RestletContext): object {
  if (recordType === undefined || !Array.isArray(records))
    throw context.error('INVALID_BATCH', 'Send { recordType, records: [{ externalId, … }] }.')
  const results = (records as Required<Batch>['records']).map((record): Result => {
    const { externalId } = record
    if (externalId === undefined) return { externalId: '', outcome: 'failed', error: 'externalId is missing' }
    if (context.remainingUsage() < UNITS_OF_ONE) return { externalId, outcome: 'not done' }
    try {
      return upsert(context.record, recordType, externalId, record)
    } catch (error) {
      return { externalId, outcome: 'failed', error: (error as Error).message }
    }
  })
  return { unitsLeft: context.remainingUsage(), results }
}

function upsert(record: RecordApi, type: string, externalId: string, values: Values): Result {
  const known = record.find(type, externalId)
  return known === undefined
    ? { externalId, outcome: 'created', id: record.create(type, values) }
    : { externalId, outcome: 'updated', id: record.update(type, known, values) }
}
