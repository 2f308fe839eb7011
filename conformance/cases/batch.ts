/** Several records of one type in one request. */
import type { ConformanceCase, Step } from '../case.ts'
import { ended, JOB } from './async.ts'
import { aCustomer, CUSTOMER } from './given.ts'

const ASYNC = { Prefer: 'respond-async' }
const BATCH = { ...ASYNC, 'Content-Type': 'application/vnd.oracle.resource+json; type=collection' }
const A = { companyName: 'Seatrial {unique} A', externalId: '{unique}-A' }
const B = { companyName: 'Seatrial {unique} B', externalId: '{unique}-B' }

const resultIs = (task: number, status: number): Step => ({
  send: { GET: `${JOB}/{job}/task/${task}/result` },
  expect: { status },
})

export const batchCases: readonly ConformanceCase[] = [
  {
    id: 'batch.create',
    title: 'a batch of creates is queued and carries out one task per record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-217', says: 'one task per record; its result is that record’s own answer' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: BATCH, body: { items: [A, B] } },
        expect: {
          status: 202,
          text: '',
          header: { 'preference-applied': 'respond-async' },
          save: { job: 'header.location:last' },
        },
      },
      ended,
      resultIs(1, 204),
      resultIs(2, 204),
      { send: { GET: `${CUSTOMER}/eid:{unique}-B` }, expect: { status: 200, body: B } },
    ],
  },
  {
    id: 'batch.task-list',
    title: 'the tasks of a batch are listed one by one',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OPQ-081', says: 'an item holds only links; two tasks are two items' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: BATCH, body: { items: [A, B] } },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      {
        send: { GET: `${JOB}/{job}/task/` },
        expect: {
          status: 200,
          body: {
            items: [
              { $exactly: { links: { $has: { rel: 'self', href: { $matches: '/task/1$' } } } } },
              { $exactly: { links: { $has: { rel: 'self', href: { $matches: '/task/2$' } } } } },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'batch.items-stand-alone',
    title: 'a record that is refused neither stops nor undoes the others',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-218', says: 'items are independent: one failure does not undo others' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: BATCH,
          body: { items: [A, { companyName: 'Seatrial {unique} C', externalId: '{unique}' }, B] },
        },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      resultIs(1, 204),
      resultIs(2, 400),
      resultIs(3, 204),
    ],
  },
  {
    id: 'batch.failed-item-in-succeeded-job',
    title: 'the job says succeeded though a record was refused; its task says failed',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OPQ-080', says: 'the job says succeeded although an item failed; the task says failed' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: BATCH, body: { items: [A, A] } },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      { send: { GET: `${JOB}/{job}` }, expect: { status: 200, body: { progress: 'succeeded' } } },
      { send: { GET: `${JOB}/{job}/task/2` }, expect: { status: 200, body: { progress: 'failed' } } },
    ],
  },
  {
    id: 'batch.later-item-refers-to-earlier',
    title: 'a record may refer to the external id of one made earlier in the same batch',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'ASY-052',
      says: 'the default is sequential, so a child can use its parent’s external id',
    },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: BATCH,
          body: { items: [A, { ...B, parent: { externalId: '{unique}-A' } }] },
        },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      resultIs(2, 204),
    ],
  },
  {
    id: 'batch.update-and-upsert',
    title: 'a batch PATCH finds records by id or external id, a batch PUT by external id',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-213', says: 'PATCH items carry id or externalId; PUT items carry externalId' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { PATCH: CUSTOMER, headers: BATCH, body: { items: [{ id: '{customer}', comments: 'by id' }] } },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      { send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 200, body: { comments: 'by id' } } },
      {
        send: {
          PUT: CUSTOMER,
          headers: BATCH,
          body: { items: [{ externalId: '{unique}', comments: 'by external id' }, A] },
        },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { comments: 'by external id' } },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}-A` }, expect: { status: 200 } },
    ],
  },
  {
    id: 'batch.delete-by-ids',
    title: 'a batch DELETE takes ids and external ids',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-214', says: 'DELETE /{type}?ids=1,2,eid:x' },
    needs: ['writes'],
    given: [aCustomer, { send: { POST: CUSTOMER, body: A } }],
    steps: [
      {
        send: { DELETE: `${CUSTOMER}?ids={customer},eid:{unique}-A`, headers: ASYNC },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      { send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 404 } },
      { send: { GET: `${CUSTOMER}/eid:{unique}-A` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'batch.get-at-once',
    title: 'a batch GET without respond-async answers a collection of whole records',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-215', says: 'Prefer is optional for a batch GET in the REST API Browser' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}?expandRecords=true&ids={customer}` },
        expect: {
          status: 200,
          body: { count: 1, items: [{ id: '{customer}', companyName: 'Seatrial {unique}' }] },
        },
      },
    ],
  },
  {
    id: 'batch.writes-need-prefer',
    title: 'a batch of writes without respond-async is refused',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'ASY-060', says: 'Prefer is required; the answer without it is not documented' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: { 'Content-Type': BATCH['Content-Type'] }, body: { items: [A] } },
        expect: { status: 400 },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}-A` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'batch.empty-refused',
    title: 'a batch without records is refused when it is submitted',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-508', says: 'no source shows it; 400 at submit' },
    needs: ['writes'],
    steps: [{ send: { POST: CUSTOMER, headers: BATCH, body: { items: [] } }, expect: { status: 400 } }],
  },
]
