/** Taking one record away. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, CUSTOMER, NO_ID } from './given.ts'

export const deleteCases: readonly ConformanceCase[] = [
  {
    id: 'delete.answers-204',
    title: 'deleting a record answers 204 without body and Location',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-143', says: 'DELETE answers 204, no body, no Location' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { DELETE: `${CUSTOMER}/{customer}` },
        expect: { status: 204, text: '', header: { location: { $absent: true } } },
      },
    ],
  },
  {
    id: 'delete.record-is-gone',
    title: 'after a DELETE the record answers 404, by either id',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-E02', says: 'an id that no record has answers 404 NONEXISTENT_ID' },
    needs: ['writes'],
    given: [aCustomer, { send: { DELETE: `${CUSTOMER}/{customer}` } }],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 404, errorCode: 'NONEXISTENT_ID' },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 404, errorCode: 'NONEXISTENT_ID' } },
    ],
  },
  {
    id: 'delete.by-external-id',
    title: 'a record can be deleted by external id',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-008', says: 'eid:{externalId} may stand wherever an internal id may stand' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      { send: { DELETE: `${CUSTOMER}/eid:{unique}` }, expect: { status: { $anyOf: [200, 204] } } },
      { send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'delete.unknown-id-404',
    title: 'deleting what does not exist answers 404',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'OPQ-066', says: 'a connector vendor maps it to not found' },
    needs: ['writes'],
    steps: [
      {
        send: { DELETE: `${CUSTOMER}/${NO_ID}` },
        expect: { status: 404, errorCode: 'NONEXISTENT_ID' },
      },
    ],
  },
]
