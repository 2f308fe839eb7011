/** Parts of a record by their own address: sublists, lines, subrecords, references. [REC-160..163] */
import type { ConformanceCase, Given } from '../case.ts'
import {
  aCustomer,
  anItem,
  anOrder,
  anotherItem,
  aTwoLineOrder,
  CUSTOMER,
  itsLineNumbers,
  ORDER,
} from './given.ts'

const SAYS = 'sublists, lines, subrecords and references have addresses below their record'
const TWO_LINES = [aCustomer, anItem, anotherItem, aTwoLineOrder, itsLineNumbers]

/** A customer with one address; saves `customer`. */
const atHome: Given = {
  send: {
    POST: CUSTOMER,
    body: {
      companyName: 'Seatrial {unique}',
      externalId: '{unique}',
      addressBook: {
        items: [{ label: 'Quay', addressBookAddress: { addr1: 'Quay 1', city: 'Port', zip: '1000' } }],
      },
    },
  },
  save: { customer: 'header.location:last' },
}
/** The key of its only address; saves `address`. */
const itsAddress: Given = {
  send: { GET: `${CUSTOMER}/{customer}?expandSubResources=true` },
  save: { address: 'body/addressBook/items/0/id' },
}

export const subResourceCases: readonly ConformanceCase[] = [
  {
    id: 'sub-resources.sublist-by-address',
    title: 'a sublist is read by its own address, its lines as links',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-160', says: SAYS },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: { GET: `${ORDER}/{order}/item` },
        expect: { status: 200, body: { items: { $length: 2 }, totalResults: 2 } },
      },
    ],
  },
  {
    id: 'sub-resources.sublist-expanded',
    title: 'a sublist is expanded on request',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-163', says: 'a sublist address takes expandSubResources=true' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: { GET: `${ORDER}/{order}/item?expandSubResources=true` },
        expect: {
          status: 200,
          body: {
            items: [
              { quantity: 2, rate: 10 },
              { quantity: 3, rate: 7 },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'sub-resources.line-by-key',
    title: 'a line is read by its key',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-160', says: SAYS },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: { GET: `${ORDER}/{order}/item/{second}` },
        expect: { status: 200, body: { line: '{second}', quantity: 3, rate: 7 } },
      },
    ],
  },
  {
    id: 'sub-resources.subrecord-of-a-line',
    title: 'a subrecord is read below its line',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-160', says: SAYS },
    needs: ['writes'],
    given: [atHome, itsAddress],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}/addressBook/{address}/addressBookAddress` },
        expect: { status: 200, body: { addr1: 'Quay 1', city: 'Port', zip: '1000' } },
      },
    ],
  },
  {
    id: 'sub-resources.names-any-case',
    title: 'names in an address of a part are taken in any case',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-160', says: 'samples write billingaddress and addressBook' },
    needs: ['writes'],
    given: [atHome, itsAddress],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}/addressbook/{address}/addressbookaddress` },
        expect: { status: 200, body: { city: 'Port' } },
      },
    ],
  },
  {
    id: 'sub-resources.reference-is-followed',
    title: 'a reference in the address is followed to its record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-160', says: SAYS },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: `${ORDER}/{order}/entity` },
        expect: { status: 200, body: { id: '{customer}', companyName: 'Seatrial {unique}' } },
      },
    ],
  },
  {
    id: 'sub-resources.external-id-above',
    title: 'an external id may stand in the middle of an address',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-008',
      says: 'eid: may stand wherever an internal id may, in the middle of a path too',
    },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      { send: { GET: `${ORDER}/eid:{unique}/item` }, expect: { status: 200, body: { totalResults: 1 } } },
    ],
  },
  {
    id: 'sub-resources.no-delete',
    title: 'a line cannot be deleted by its address and stays',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-161', says: 'sub-resources cannot be deleted or created alone' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      { send: { DELETE: `${ORDER}/{order}/item/{second}` }, expect: { status: { $anyOf: [400, 404, 405] } } },
      {
        send: { GET: `${ORDER}/{order}?expandSubResources=true` },
        expect: { status: 200, body: { item: { totalResults: 2 } } },
      },
    ],
  },
  {
    id: 'sub-resources.patch-of-a-line',
    title: 'a line is changed by its address',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OPQ-067', says: 'a client changes a line by PATCH on its self link and expects 204' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      { send: { PATCH: `${ORDER}/{order}/item/{second}`, body: { quantity: 8 } }, expect: { status: 204 } },
      {
        send: { GET: `${ORDER}/{order}?expandSubResources=true` },
        expect: { status: 200, body: { item: { items: [{ quantity: 2 }, { quantity: 8, rate: 7 }] } } },
      },
    ],
  },
]
