/**
 * Check `no-duplicates`: each order is in the account at most once, its money too, and each shopper is at most one customer. Orders
 * are recognised by `otherRefNum`, shoppers by e-mail address, else by name. A new sales order that carries the name of
 * no order sent is reported too: it is what a double looks like when its reference was damaged.
 */
import type { CheckResult } from '../result.ts'
import { customerKeys, groupBy, ordersByName, shopperKeys, textOf } from './account-view.ts'
import { type CheckInput, counted, judge } from './check.ts'
import { moneyOf } from './money.ts'

/** Judges the account's orders and customers. */
export function checkNoDuplicates(input: CheckInput): CheckResult {
  const { sent, account, ordersBefore } = input
  const inAccount = ordersByName(account.salesOrders)
  const sentNames = new Set(sent.map(({ order }) => order.name))
  const evidence: string[] = []
  let doubledOrders = 0
  for (const { order } of sent) {
    const records = inAccount.get(order.name) ?? []
    if (records.length < 2) continue
    doubledOrders++
    const ids = records.map(({ id }) => id).join(', ')
    evidence.push(
      `order ${order.name} (${order.id}): ${records.length} times in the account, sales orders ${ids}`,
    )
  }
  const strangers = account.salesOrders.filter(
    ({ id, body }) => !ordersBefore.has(id) && !sentNames.has(textOf(body.otherRefNum) ?? ''),
  )
  for (const { id, body } of strangers) {
    const reference = textOf(body.otherRefNum)
    const named = reference === undefined ? 'carries no otherRefNum' : `carries otherRefNum "${reference}"`
    evidence.push(`sales order ${id}: ${named}, which the shop never sent`)
  }
  const customers = doubledCustomers(input)
  evidence.push(...customers)
  const money = moneyOf(input)
  const doubledMoney = money.filter(({ deposits }) => deposits.length > 1)
  for (const { order, deposits } of doubledMoney) {
    const ids = deposits.map(({ id }) => id).join(', ')
    evidence.push(
      `order ${order.name} (${order.id}): paid once, ${deposits.length} deposits in the account, ids ${ids}`,
    )
  }
  const summary = [
    `${counted(doubledOrders, 'order')} more than once`,
    ...(money.length === 0 ? [] : [`${counted(doubledMoney.length, 'payment')} more than once`]),
    `${counted(strangers.length, 'sales order')} of unknown origin`,
    `${counted(customers.length, 'shopper')} with more than one customer.`,
  ].join(', ')
  return judge('no-duplicates', evidence, summary)
}

/** A line per shopper who is more customers than the shop has shoppers under that e-mail address or name. */
function doubledCustomers({ sent, account }: CheckInput): string[] {
  const shoppers = new Map<string, Set<string>>()
  for (const { order } of sent) {
    for (const key of shopperKeys(order)) {
      const ids = shoppers.get(key)
      if (ids === undefined) shoppers.set(key, new Set([order.customer.id]))
      else ids.add(order.customer.id)
    }
  }
  // The first key is the e-mail address where there is one: a namesake with another address is another person.
  const records = groupBy(account.customers, (customer) => customerKeys(customer)[0])
  return [...shoppers].flatMap(([key, shopperIds]) => {
    const found = records.get(key) ?? []
    if (found.length <= shopperIds.size) return []
    const ids = found.map(({ id }) => id).join(', ')
    const who = `shopper ${[...shopperIds].join(', ')} (${key})`
    return [`${who}: ${found.length} customers in the account, ids ${ids}`]
  })
}
