/** Records made from others, and what that does to the source. Services are ordered, so that no stock is needed. [REC-170..175] */
import type { ConformanceCase, Given } from '../case.ts'
import { aCustomer, CUSTOMER, NO_ID, ORDER } from './given.ts'

const INVOICE = '/services/rest/record/v1/invoice'
const TO_INVOICE = `${ORDER}/{order}/!transform/invoice`

/** A service for sale; saves `service`. */
const aService: Given = {
  send: {
    POST: '/services/rest/record/v1/serviceSaleItem',
    body: { itemId: 'Seatrial {unique}', externalId: '{unique}' },
  },
  save: { service: 'header.location:last' },
}

/** An order of 4 hours at 25, in the given state; saves `order`. */
function order(orderStatus: 'A' | 'B'): Given {
  return {
    send: {
      POST: ORDER,
      body: {
        externalId: '{unique}',
        orderStatus,
        entity: { id: '{customer}' },
        item: { items: [{ item: { id: '{service}' }, quantity: 4, rate: 25 }] },
      },
    },
    save: { order: 'header.location:last' },
  }
}
const APPROVED = [aCustomer, aService, order('B')]
/** What is made carries the run's name too. */
const BILL = { externalId: '{unique}-T' }
const billed: Given = { send: { POST: TO_INVOICE, body: BILL }, save: { invoice: 'header.location:last' } }

export const transformCases: readonly ConformanceCase[] = [
  {
    id: 'transforms.answers-204',
    title: 'a transform answers 204 without a body and with the address of the new record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-170', says: 'POST to !transform and the target answers 204' },
    needs: ['writes'],
    given: APPROVED,
    steps: [
      {
        send: { POST: TO_INVOICE, body: BILL },
        expect: {
          status: 204,
          text: '',
          header: { location: { $matchesAnyCase: '^{base}/services/rest/record/v1/invoice/[0-9]+$' } },
        },
      },
    ],
  },
  {
    id: 'transforms.bills-what-is-open',
    title: 'an order becomes an invoice with its customer, its lines and its total',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-175', says: 'without lines in the body everything that can be billed is' },
    needs: ['writes'],
    given: [...APPROVED, billed],
    steps: [
      {
        send: { GET: `${INVOICE}/{invoice}?expandSubResources=true` },
        expect: {
          status: 200,
          body: {
            entity: { id: '{customer}' },
            total: 100,
            item: { items: [{ item: { id: '{service}' }, quantity: 4, rate: 25 }] },
          },
        },
      },
    ],
  },
  {
    id: 'transforms.names-its-source',
    title: 'what is made from an order names it',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-170', says: 'the new record is made from the one in the path' },
    needs: ['writes'],
    given: [...APPROVED, billed],
    steps: [
      {
        send: { GET: `${INVOICE}/{invoice}` },
        expect: { status: 200, body: { createdFrom: { id: '{order}' } } },
      },
    ],
  },
  {
    id: 'transforms.bills-in-part',
    title: 'a smaller quantity in the body bills a part',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-175', says: 'a smaller quantity bills in part' },
    needs: ['writes'],
    given: APPROVED,
    steps: [
      {
        send: { POST: TO_INVOICE, body: { ...BILL, item: { items: [{ orderLine: 1, quantity: 1 }] } } },
        expect: { status: 204, save: { invoice: 'header.location:last' } },
      },
      { send: { GET: `${INVOICE}/{invoice}` }, expect: { status: 200, body: { total: 25 } } },
    ],
  },
  {
    id: 'transforms.pending-order-refused',
    title: 'an order that is not approved cannot be billed',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-175', says: 'the order must be approved' },
    needs: ['writes'],
    given: [aCustomer, aService, order('A')],
    steps: [{ send: { POST: TO_INVOICE, body: BILL }, expect: { status: 400 } }],
  },
  {
    id: 'transforms.billed-order-refused',
    title: 'an order that is billed cannot be billed again',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-505', says: 'a transform that is not allowed answers 400 USER_ERROR' },
    needs: ['writes'],
    given: [...APPROVED, billed],
    steps: [
      {
        send: { POST: TO_INVOICE, body: { externalId: '{unique}-U' } },
        expect: { status: 400, errorCode: 'USER_ERROR' },
      },
    ],
  },
  {
    id: 'transforms.order-is-billed',
    title: 'an order that is billed in full says so',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-348', says: 'billing moves an order to Billed' },
    needs: ['writes'],
    given: [...APPROVED, billed],
    steps: [
      { send: { GET: `${ORDER}/{order}` }, expect: { status: 200, body: { status: { refName: 'Billed' } } } },
    ],
  },
  {
    id: 'transforms.unsupported-pair-refused',
    title: 'an order cannot become a purchase order',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-505', says: 'a pair that is not supported is refused, 400 or 404' },
    needs: ['writes'],
    given: APPROVED,
    steps: [
      {
        send: { POST: `${ORDER}/{order}/!transform/purchaseOrder`, body: BILL },
        expect: { status: { $anyOf: [400, 404] } },
      },
    ],
  },
  {
    id: 'transforms.unknown-source-404',
    title: 'nothing is made from a record that does not exist',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-505', says: 'a transform that is not possible is refused' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: `${ORDER}/${NO_ID}/!transform/invoice`, body: BILL },
        expect: { status: { $anyOf: [400, 404] } },
      },
    ],
  },
  {
    id: 'transforms.source-by-external-id',
    title: 'the source may be named by its external id',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-008',
      says: 'eid: may stand wherever an internal id may, in the middle of a path too',
    },
    needs: ['writes'],
    given: APPROVED,
    steps: [
      {
        send: { POST: `${ORDER}/eid:{unique}/!transform/invoice`, body: BILL },
        expect: { status: 204 },
      },
    ],
  },
  {
    id: 'transforms.customer-to-order',
    title: 'a customer becomes a sales order of that customer',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-172', says: 'customer to salesOrder is among the pairs of the API browser' },
    needs: ['writes'],
    given: [aCustomer, aService],
    steps: [
      {
        send: {
          POST: `${CUSTOMER}/{customer}/!transform/salesOrder`,
          body: { ...BILL, item: { items: [{ item: { id: '{service}' }, quantity: 1, rate: 5 }] } },
        },
        expect: { status: 204, save: { order: 'header.location:last' } },
      },
      {
        send: { GET: `${ORDER}/{order}` },
        expect: { status: 200, body: { entity: { id: '{customer}' }, total: 5 } },
      },
    ],
  },
]
