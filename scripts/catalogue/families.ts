/**
 * Polymorphic references: who may stand where an entity or an item is due. The public pages show one member only;
 * the full lists are of release 2020.2, carried over to the type names of 2026.1. [OAS-059, OAS-060]
 */

/** `job` and `otherName` are no members: the list of 2020.2 does not have them. */
export const ENTITY_FAMILY = ['customer', 'partner', 'vendor', 'employee', 'contact'] as const

/** Types that 2020.2 had as one (`serviceItem`) and 2026.1 has as several stand for it in full. */
export const ITEM_FAMILY = [
  'inventoryItem',
  'lotNumberedInventoryItem',
  'serializedInventoryItem',
  'assemblyItem',
  'lotNumberedAssemblyItem',
  'serializedAssemblyItem',
  'kitItem',
  'itemGroup',
  'nonInventorySaleItem',
  'nonInventoryResaleItem',
  'nonInventoryPurchaseItem',
  'serviceSaleItem',
  'serviceResaleItem',
  'servicePurchaseItem',
  'otherChargeSaleItem',
  'otherChargeResaleItem',
  'otherChargePurchaseItem',
  'discountItem',
  'markupItem',
  'subtotalItem',
  'descriptionItem',
  'paymentItem',
  'salesTaxItem',
  'taxGroup',
  'shipItem',
  'downloadItem',
  'giftCertificateItem',
  'subscriptionPlan',
] as const

/** Type names of 2020.2 that became several. */
export const SPLIT_TYPES: Readonly<Record<string, readonly string[]>> = {
  serviceitem: ['serviceSaleItem', 'serviceResaleItem', 'servicePurchaseItem'],
  otherchargeitem: ['otherChargeSaleItem', 'otherChargeResaleItem', 'otherChargePurchaseItem'],
}
