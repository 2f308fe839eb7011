/** PUT by external id: the documented way to write without asking first. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, CUSTOMER, ORDER } from './given.ts'

const BY_EXTERNAL_ID = `${CUSTOMER}/eid:{unique}`

export const upsertCases: readonly ConformanceCase[] = [
  {
    id: 'upsert.create-answers-204',
    title: 'a PUT that creates answers 204 without a body',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'OPQ-065', says: 'PUT by external id answers 204 for create and update alike' },
    needs: ['writes'],
    steps: [
      {
        send: { PUT: BY_EXTERNAL_ID, body: { companyName: 'Seatrial {unique}' } },
        expect: { status: 204, text: '' },
      },
      { send: { GET: BY_EXTERNAL_ID }, expect: { status: 200, body: { companyName: 'Seatrial {unique}' } } },
    ],
  },
  {
    id: 'upsert.update-answers-204',
    title: 'a PUT on an external id that is taken updates that record and answers 204',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'OPQ-065', says: 'PUT by external id answers 204 for create and update alike' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { PUT: BY_EXTERNAL_ID, body: { companyName: 'Seatrial {unique} renamed' } },
        expect: { status: 204, text: '' },
      },
      {
        send: { GET: BY_EXTERNAL_ID },
        expect: { status: 200, body: { id: '{customer}', companyName: 'Seatrial {unique} renamed' } },
      },
    ],
  },
  {
    id: 'upsert.never-replaces-whole',
    title: 'a PUT leaves the fields alone that it does not name',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-140', says: 'PUT creates or updates; it is never a full replacement' },
    needs: ['writes'],
    given: [aCustomer, { send: { PATCH: `${CUSTOMER}/{customer}`, body: { email: 'before@example.com' } } }],
    steps: [
      {
        send: { PUT: BY_EXTERNAL_ID, body: { companyName: 'Seatrial {unique} renamed' } },
        expect: { status: 204 },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          body: { companyName: 'Seatrial {unique} renamed', email: 'before@example.com' },
        },
      },
    ],
  },
  {
    id: 'upsert.location-is-internal',
    title: 'the Location of a PUT ends in the internal id, on create and on update',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-141', says: 'PUT tells Location with the internal id; no source shows it' },
    needs: ['writes'],
    steps: [
      {
        send: { PUT: BY_EXTERNAL_ID, body: { companyName: 'Seatrial {unique}' } },
        expect: {
          status: 204,
          header: { location: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer/[0-9]+$' } },
          save: { location: 'header.location' },
        },
      },
      { resend: 0, expect: { status: 204, header: { location: '{location}' } } },
    ],
  },
  {
    id: 'upsert.external-id-from-path',
    title: 'a record made by PUT has the external id of the path',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-142', says: 'a record created by PUT takes its external id from the URL' },
    needs: ['writes'],
    given: [{ send: { PUT: BY_EXTERNAL_ID, body: { companyName: 'Seatrial {unique}' } } }],
    steps: [{ send: { GET: BY_EXTERNAL_ID }, expect: { status: 200, body: { externalId: '{unique}' } } }],
  },
  {
    id: 'upsert.create-needs-mandatory-fields',
    title: 'a PUT that would create must hold the mandatory fields',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'OPQ-059', says: 'a body that creates must hold all mandatory fields' },
    needs: ['writes'],
    given: [anItem],
    steps: [
      {
        send: {
          PUT: `${ORDER}/eid:{unique}`,
          body: { item: { items: [{ item: { id: '{item}' }, quantity: 1, rate: 1 }] } },
        },
        expect: { status: 400 },
      },
      { send: { GET: `${ORDER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'upsert.not-by-internal-id',
    title: 'a PUT on an internal id is refused',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-140', says: 'PUT works on eid: only' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { PUT: `${CUSTOMER}/{customer}`, body: { companyName: 'Seatrial {unique} renamed' } },
        expect: { status: { $anyOf: [400, 404, 405] } },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { companyName: 'Seatrial {unique}' } },
      },
    ],
  },
]
