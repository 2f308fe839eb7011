/**
 * Methods and transforms of every type. The public page counts operations per type and per verb, not which a type
 * lacks; the counts leave one answer only, worked out here and checked against both totals. [OAS-005, OAS-023]
 */
import { invariant } from '../../kernel/invariant.ts'
import { COLLECTION_METHODS, INSTANCE_METHODS } from '../../simulator/spec/paths.ts'
import type { Facts } from './source.ts'

/**
 * 22 operations are missing from nine each: GET 1, POST 5, PATCH 2, PUT 0, DELETE 14. DELETE and PATCH go from
 * collection and instance together, so the type that lacks four lacks both pairs, those that lack three or two lack
 * the DELETE pair, and two single gaps remain, a POST and a list GET; that a campaign has no list GET was observed
 * [OPQ-010].
 */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  budgetExchangeRate: ['DELETE', 'POST'],
  consolidatedExchangeRate: ['DELETE', 'POST'],
  currencyRate: ['DELETE', 'PATCH'],
  gLNumberingSequence: ['DELETE'],
  giftCertificate: ['DELETE', 'POST'],
  paycheck: ['POST'],
  periodEndJournal: ['DELETE', 'POST'],
  revRecSchedule: ['DELETE'],
  salesCampaign: ['list GET'],
}
/** Of the public 2026.1 document, transforms and attachments left out. [OAS-005] */
const VERB_TOTALS = { GET: 411, POST: 201, PATCH: 410, PUT: 412, DELETE: 398 }

export interface Methods {
  readonly collection: readonly string[]
  readonly instance: readonly string[]
}

/** Type → methods. Throws when they do not add up to the public totals. */
export function methodsOf(typeNames: readonly string[]): ReadonlyMap<string, Methods> {
  const all = new Map<string, Methods>()
  const totals: Record<string, number> = { GET: 0, POST: 0, PATCH: 0, PUT: 0, DELETE: 0 }
  for (const name of typeNames) {
    const lacking = LACKING[name] ?? []
    const has = (method: string) => !lacking.includes(method)
    const methods = {
      collection: COLLECTION_METHODS.filter(
        (method) => has(method) && !(method === 'GET' && !has('list GET')),
      ),
      instance: INSTANCE_METHODS.filter(has),
    }
    for (const method of [...methods.collection, ...methods.instance]) totals[method]!++
    all.set(name, methods)
  }
  for (const [method, total] of Object.entries(VERB_TOTALS)) {
    invariant(totals[method] === total, `${method}: ${totals[method]} instead of ${total}`)
  }
  return all
}

/** SuiteScript's pairs for types that are not core [REC-173], and three of 2021.1 that the counts of 2026.1 confirm. */
const FURTHER: Readonly<Record<string, string>> = {
  assemblyBuild: 'assemblyUnbuild',
  assemblyItem: 'assemblyBuild workOrder',
  cashRefund: 'creditMemo',
  customerDeposit: 'customerRefund depositApplication',
  estimate: 'cashSale invoice salesOrder',
  intercompanyTransferOrder: 'itemFulfillment itemReceipt',
  job: 'cashSale estimate invoice salesOrder',
  opportunity: 'cashSale estimate invoice salesOrder',
  purchaseRequisition: 'purchaseOrder',
  returnAuthorization: 'cashRefund creditMemo itemReceipt',
  transferOrder: 'itemFulfillment itemReceipt',
  vendorBill: 'vendorCredit vendorPayment vendorReturnAuthorization',
  vendorReturnAuthorization: 'itemFulfillment vendorCredit',
  workOrder: 'assemblyBuild workOrderClose workOrderCompletion workOrderIssue',
}

/** Type → targets of `!transform`; only types that are in the catalogue. [OAS-020, REC-172, REC-173] */
export function transformsOf(facts: Facts): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, readonly string[]>()
  for (const group of Object.values(facts.core.transforms)) {
    for (const [type, targets] of Object.entries(group)) all.set(type, targets)
  }
  for (const [type, targets] of Object.entries(FURTHER)) all.set(type, targets.split(' '))
  for (const [type, targets] of all) {
    const unknown = [type, ...targets].filter((name) => !facts.typeNames.includes(name))
    invariant(unknown.length === 0, `transforms of ${type} name ${unknown.join(', ')}`)
    // Nine methods, the transforms, and two more where contacts can be attached.
    const rest = (facts.operations[type] ?? 9) - 9 - targets.length
    invariant(rest === 0 || rest === 2, `${type} has ${targets.length} transforms, ${rest} operations remain`)
  }
  return all
}
