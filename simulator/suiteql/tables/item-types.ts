/** What `itemtype` calls each record type of an item. [SQL-076] */

/** The codes of SQL-076; the rest is common knowledge. */
const ITEM_TYPES: readonly (readonly [RegExp, string])[] = [
  [/assemblyitem$/, 'Assembly'],
  [/noninventory/, 'NonInvtPart'],
  [/inventoryitem$/, 'InvtPart'],
  [/^service/, 'Service'],
  [/^othercharge/, 'OthCharge'],
  [/^kititem/, 'Kit'],
  [/^itemgroup/, 'Group'],
  [/^discountitem/, 'Discount'],
  [/^descriptionitem/, 'Description'],
  [/^markupitem/, 'Markup'],
  [/^paymentitem/, 'Payment'],
  [/^subtotalitem/, 'Subtotal'],
  [/^giftcert/, 'GiftCert'],
  [/^downloaditem/, 'DwnLdItem'],
  [/^shipitem/, 'ShipItem'],
  [/^salestaxitem/, 'TaxItem'],
  [/^taxgroup/, 'TaxGroup'],
  [/^subscriptionplan/, 'SubscriPlan'],
]

/** `itemtype` of an item's record type. */
export function itemTypeOf(type: string): string | null {
  const name = type.toLowerCase()
  return ITEM_TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}
