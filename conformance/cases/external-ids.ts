/** External ids are unique within a group of record types: what exactly-once integrations rest on. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, anOrder, CONTACT, CUSTOMER, ITEM, ORDER } from './given.ts'

const SECOND_CUSTOMER = { companyName: 'Seatrial {unique} second', externalId: '{unique}' }

export const externalIdCases: readonly ConformanceCase[] = [
  {
    id: 'external-ids.duplicate-entity-refused',
    title: 'a second entity with the same external id answers 400 USER_ERROR',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E21', says: '400 USER_ERROR: This entity already exists.' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { POST: CUSTOMER, body: SECOND_CUSTOMER },
        expect: {
          status: 400,
          errorCode: 'USER_ERROR',
          body: {
            'o:errorDetails': [{ detail: 'Error while accessing a resource. This entity already exists.' }],
          },
        },
      },
    ],
  },
  {
    id: 'external-ids.duplicate-changes-nothing',
    title: 'after a refused duplicate the first record is there as it was',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'GOV-105', says: 'after the second create exactly one record remains' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      { send: { POST: CUSTOMER, body: SECOND_CUSTOMER }, expect: { status: 400 } },
      {
        send: { GET: `${CUSTOMER}/eid:{unique}` },
        expect: { status: 200, body: { id: '{customer}', companyName: 'Seatrial {unique}' } },
      },
    ],
  },
  {
    id: 'external-ids.duplicate-transaction-refused',
    title: 'a second transaction with the same external id answers 400 USER_ERROR',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E22', says: '400 USER_ERROR: This record already exists.' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: {
          POST: ORDER,
          body: {
            externalId: '{unique}',
            entity: { id: '{customer}' },
            item: { items: [{ item: { id: '{item}' }, quantity: 1, rate: 1 }] },
          },
        },
        expect: {
          status: 400,
          errorCode: 'USER_ERROR',
          body: {
            'o:errorDetails': [{ detail: 'Error while accessing a resource. This record already exists.' }],
          },
        },
      },
    ],
  },
  {
    id: 'external-ids.shared-by-all-entities',
    title: 'a contact may not use the external id of a customer',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'OPQ-014', says: 'external ids are unique in the whole group of entities' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: {
          POST: CONTACT,
          body: {
            entityId: 'Seatrial {unique} contact',
            firstName: 'Sea',
            lastName: '{unique}',
            externalId: '{unique}',
          },
        },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'external-ids.groups-are-apart',
    title: 'an item may use the external id of a customer',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'OPQ-014', says: 'entities and inventory items are groups of their own' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { POST: ITEM, body: { itemId: 'Seatrial {unique}', externalId: '{unique}' } },
        expect: { status: 204 },
      },
      {
        send: { GET: `${ITEM}/eid:{unique}` },
        expect: { status: 200, body: { itemId: 'Seatrial {unique}' } },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 200, body: { id: '{customer}' } } },
    ],
  },
]
