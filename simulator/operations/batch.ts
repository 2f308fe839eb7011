/** Several records of one type in one request, always as a job. [REC-210..222] */
import type { RecordType } from '../spec/catalogue.ts'
import { type Call, notSimulated, type Operation } from './operation.ts'

/** PATCH, PUT and DELETE of a collection; POST with the collection media type; GET with `expandRecords` or `ids`. */
export function planBatch(_call: Call, _type: RecordType): Operation {
  throw notSimulated('batch operations')
}

/** Whether a request to a collection is a batch rather than a list or a create. [REC-212, REC-214] */
export function isBatch({ request }: Call): boolean {
  const { method, headers, search } = request
  if (method === 'POST') return /type=["']?collection/i.test(headers['content-type'] ?? '')
  if (method === 'GET') return /[?&](expandRecords|ids)=/.test(search)
  return method === 'PATCH' || method === 'PUT' || method === 'DELETE'
}
