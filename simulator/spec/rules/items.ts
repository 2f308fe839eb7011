/**
 * Items. `itemId` is the one field always asked for; the asset and the cost-of-goods account, named beside it by
 * common knowledge [REC-362], come from the account's preferences here, so that a minimal body is enough.
 */
import { need, type RuleRow, type RuleRows } from './type-rules.ts'

/** Every item. Stock changes by transactions, never by a write. [REC-363] */
export const ITEM: RuleRow = {
  required: [need('itemId', 'Item Name/Number')],
  computed: `averageCost costAccountingStatus dateConvertedToInv internalId lastInvtCountDate lastPurchasePrice
    originalItemSubtype originalItemType purchaseOrderAmount purchaseOrderQuantity purchaseOrderQuantityDiff
    quantityAvailable quantityAvailableBase quantityBackOrdered quantityCommitted quantityOnHand quantityOnHandBase
    quantityOnOrder receiptAmount receiptQuantity receiptQuantityDiff totalValue`,
  lineComputed: {
    locations: `averageCostMli costAccountingStatus lastPurchasePriceMli locationQtyAvailForStorePickup onHandValueMli
      poReceiptCost qtyInTransitExternal quantityAvailable quantityAvailableBase quantityBackOrdered quantityCommitted
      quantityInTransit quantityOnHand quantityOnHandBase quantityOnOrder`,
    price: 'discountDisplay priceLevelName',
  },
  // A price that names no currency, level or quantity is the base price from the first piece on (K).
  lineDefaults: { price: { currencyPage: { id: '1' }, priceLevel: { id: '1' }, quantity: { value: 0 } } },
  defaults: { isInactive: false },
  displayFields: 'itemId displayName name',
}

/** K: average cost is the default method of a new stock item. */
const STOCK: RuleRow = { defaults: { isInactive: false, costingMethod: 'AVG' } }

export const ITEMS: RuleRows = {
  inventoryitem: STOCK,
  lotnumberedinventoryitem: { defaults: { isInactive: false, costingMethod: 'AVG', isLotItem: true } },
  serializedinventoryitem: { defaults: { isInactive: false, costingMethod: 'AVG', isSerialItem: true } },
  assemblyitem: STOCK,
}
