/** Preconditions that many cases share: the least a record of each type needs. Every record carries the run's external id. */
import type { Given } from '../case.ts'

export const CUSTOMER = '/services/rest/record/v1/customer'
export const CONTACT = '/services/rest/record/v1/contact'
export const ITEM = '/services/rest/record/v1/inventoryItem'
export const ORDER = '/services/rest/record/v1/salesOrder'

/** An internal id that no account of ours reaches. */
export const NO_ID = '999999999'

/** A customer; saves `customer`. */
export const aCustomer: Given = {
  send: { POST: CUSTOMER, body: { companyName: 'Seatrial {unique}', externalId: '{unique}' } },
  save: { customer: 'header.location:last' },
}

/** An inventory item; saves `item`. [REC-362] */
export const anItem: Given = {
  send: { POST: ITEM, body: { itemId: 'Seatrial {unique}', externalId: '{unique}' } },
  save: { item: 'header.location:last' },
}

/** A second item; saves `otherItem`. */
export const anotherItem: Given = {
  send: { POST: ITEM, body: { itemId: 'Seatrial {unique} B', externalId: '{unique}-B' } },
  save: { otherItem: 'header.location:last' },
}

/** A sales order of one line, 2 at 10; saves `order`. [REC-340] */
export const anOrder: Given = {
  send: {
    POST: ORDER,
    body: {
      externalId: '{unique}',
      entity: { id: '{customer}' },
      item: { items: [{ item: { id: '{item}' }, quantity: 2, rate: 10 }] },
    },
  },
  save: { order: 'header.location:last' },
}

/** A sales order of two lines, 2 at 10 and 3 at 7; saves `order`. */
export const aTwoLineOrder: Given = {
  send: {
    POST: ORDER,
    body: {
      externalId: '{unique}',
      entity: { id: '{customer}' },
      item: {
        items: [
          { item: { id: '{item}' }, quantity: 2, rate: 10 },
          { item: { id: '{otherItem}' }, quantity: 3, rate: 7 },
        ],
      },
    },
  },
  save: { order: 'header.location:last' },
}

/** The line numbers of a two-line order; saves `first` and `second` as numbers. [REC-138] */
export const itsLineNumbers: Given = {
  send: { GET: `${ORDER}/{order}?expandSubResources=true` },
  save: { first: 'body/item/items/0/line', second: 'body/item/items/1/line' },
}
