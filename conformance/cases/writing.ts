/** Changing a record in the large: clearing, replacing, closing; media types; what a body cannot do. */
import type { ConformanceCase, Given } from '../case.ts'
import { aCustomer, anItem, anotherItem, aTwoLineOrder, CUSTOMER, itsLineNumbers, ORDER } from './given.ts'

const TWO_LINES = [aCustomer, anItem, anotherItem, aTwoLineOrder, itsLineNumbers]
const withAddress: Given = {
  send: {
    POST: CUSTOMER,
    body: {
      companyName: 'Seatrial {unique}',
      externalId: '{unique}',
      email: 'a@example.com',
      fax: '12345678',
      addressBook: { items: [{ label: 'Quay', addressBookAddress: { city: 'Port' } }] },
    },
  },
  save: { customer: 'header.location:last' },
}
const EXPANDED = `${CUSTOMER}/{customer}?expandSubResources=true`

export const writingCases: readonly ConformanceCase[] = [
  {
    id: 'writing.replace-selected-fields',
    title: 'replaceSelectedFields clears what is null and named, and nothing else',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-131',
      says: 'only fields that are null in the body and named in replace are cleared',
    },
    needs: ['writes'],
    given: [withAddress],
    steps: [
      {
        send: {
          PATCH: `${CUSTOMER}/{customer}?replaceSelectedFields=true&replace=email`,
          body: { email: null, fax: null },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { email: { $absent: true }, fax: '12345678' } },
      },
    ],
  },
  {
    id: 'writing.clear-sublist-by-empty-list',
    title: 'replace with an empty list clears a sublist',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-134', says: 'PATCH with replace and an empty items clears the sublist' },
    needs: ['writes'],
    given: [withAddress],
    steps: [
      {
        send: {
          PATCH: `${CUSTOMER}/{customer}?replace=addressBook`,
          body: { addressBook: { items: [] } },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: EXPANDED },
        expect: { status: 200, body: { $not: { addressBook: { items: [{ label: 'Quay' }] } } } },
      },
    ],
  },
  {
    id: 'writing.clear-sublist-by-null',
    title: 'replace with null clears a sublist',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-134', says: 'PATCH with replace and null clears the sublist' },
    needs: ['writes'],
    given: [withAddress],
    steps: [
      {
        send: { PATCH: `${CUSTOMER}/{customer}?replace=addressBook`, body: { addressBook: null } },
        expect: { status: 204 },
      },
      {
        send: { GET: EXPANDED },
        expect: { status: 200, body: { $not: { addressBook: { items: [{ label: 'Quay' }] } } } },
      },
    ],
  },
  {
    id: 'writing.remove-one-line',
    title: 'one line is removed by replacing the lines with those to keep',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-137', says: 'a line is removed by replace with the lines to keep' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: { PATCH: `${ORDER}/{order}?replace=item`, body: { item: { items: [{ line: '{first}' }] } } },
        expect: { status: 204 },
      },
      {
        send: { GET: `${ORDER}/{order}?expandSubResources=true` },
        expect: { status: 200, body: { item: { items: [{ line: '{first}', quantity: 2, rate: 10 }] } } },
      },
    ],
  },
  {
    id: 'writing.close-an-order',
    title: 'an order whose lines are all closed is closed',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-344', says: 'an order is closed by closing each line' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: {
          PATCH: `${ORDER}/{order}`,
          body: {
            item: {
              items: [
                { line: '{first}', isClosed: true },
                { line: '{second}', isClosed: true },
              ],
            },
          },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: `${ORDER}/{order}` },
        expect: { status: 200, body: { status: { refName: 'Closed' } } },
      },
    ],
  },
  {
    id: 'writing.vendor-media-type',
    title: 'a body may be labelled with the vendor type for one record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-103', says: 'application/json or the vendor type with type=singular' },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: { 'content-type': 'application/vnd.oracle.resource+json; type=singular' },
          body: { companyName: 'Seatrial {unique}', externalId: '{unique}' },
        },
        expect: { status: 204 },
      },
    ],
  },
  {
    id: 'writing.id-is-not-settable',
    title: 'the internal id is given by the account, whatever a body says',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-103', says: 'id cannot be set' },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          body: { companyName: 'Seatrial {unique}', externalId: '{unique}', id: '888888888' },
        },
        expect: {
          status: 204,
          header: { location: { $not: { $matches: '/888888888$' } } },
        },
      },
    ],
  },
]
