/**
 * Check `no-lost-writes`: every order the shop sent is in the account with the lines and the customer it was
 * sent with, or in the dead-letter list with a reason. An order that the engine refused at the door is lost as well:
 * the shop had nowhere else to send it. So is money: what the shop took for an order lies on it as a deposit, or was given up
 * with a reason.
 */
import type { ExportedRecord } from '../control-client.ts'
import type { CheckResult } from '../result.ts'
import {
  customerKeys,
  linesInAccount,
  linesSent,
  linesText,
  ordersByName,
  referenceId,
  sameLines,
  shopperKeys,
  skusOf,
  textOf,
} from './account-view.ts'
import { type CheckInput, counted, judge, type SentOrder } from './check.ts'
import { amountOf, isSameAmount, moneyOf } from './money.ts'

/** Judges the account against what was sent. */
export function checkNoLostWrites(input: CheckInput): CheckResult {
  const { sent, history, account } = input
  const inAccount = ordersByName(account.salesOrders)
  const compare = createComparison(input)
  const evidence: string[] = []
  let lost = 0
  let damaged = 0
  let given = 0
  for (const one of sent) {
    const records = inAccount.get(one.order.name)
    if (records !== undefined) {
      const problems = records.flatMap((record) => compare(one, record))
      if (problems.length > 0) damaged++
      evidence.push(...problems)
      continue
    }
    const dead = history.deadLettered.get(one.order.id)
    if (dead !== undefined && dead.reason.trim() !== '') {
      given++
      continue
    }
    lost++
    evidence.push(`order ${one.order.name} (${one.order.id}): not in the account; ${fateOf(one, input)}`)
  }
  const stored = sent.length - lost - given
  const parts = [
    `${stored} of ${counted(sent.length, 'order')} in the account`,
    `${given} given up with a reason`,
  ]
  const bad = [`${lost} lost`, `${damaged} stored with other content than was sent`]
  const money = lostMoney(input)
  evidence.push(...money.evidence)
  return judge('no-lost-writes', evidence, `${[...parts, ...bad, ...money.parts].join(', ')}.`)
}

/** A line per paid order whose money is not on it, and not given up with a reason either. */
function lostMoney(input: CheckInput): { readonly evidence: string[]; readonly parts: string[] } {
  const all = moneyOf(input)
  let lost = 0
  const evidence = all.flatMap(({ order, paid, deposits, givenUp }) => {
    const booked = deposits.map(amountOf)
    if (booked.some((amount) => isSameAmount(amount, paid))) return []
    if (deposits.length === 0 && givenUp !== undefined && givenUp.trim() !== '') return []
    lost++
    const place = `order ${order.name} (${order.id})`
    if (deposits.length === 0) return [`${place}: its payment of ${paid} is not in the account`]
    return [`${place}: paid ${paid}; the account has a deposit of ${booked.join(', ')}`]
  })
  return { evidence, parts: all.length === 0 ? [] : [`${lost} of ${counted(all.length, 'payment')} lost`] }
}

/** What the engine had said about an order that is nowhere. */
function fateOf({ order, refusal }: SentOrder, { history }: CheckInput): string {
  const done = history.completed.get(order.id)
  if (done !== undefined)
    return `the engine called it done (sales order ${done.netSuiteId ?? 'of unknown id'})`
  if (history.deadLettered.has(order.id)) return 'the engine gave it up without a reason'
  if (refusal !== undefined) return `the engine refused the delivery: ${refusal}`
  return history.accepted.has(order.id)
    ? 'the engine accepted it and never said what became of it'
    : 'the engine took the delivery and never spoke of it'
}

/** Compares one sent order with one record: a line of evidence per difference. */
function createComparison({ sent, account }: CheckInput) {
  const skus = skusOf(account)
  const customers = new Map(account.customers.map((customer) => [customer.id, customer]))
  // A shopper may change the address between two orders; any that the shop ever sent is right.
  const keysByShopper = new Map<string, Set<string>>()
  for (const { order } of sent) {
    const keys = keysByShopper.get(order.customer.id) ?? new Set()
    for (const key of shopperKeys(order)) keys.add(key)
    keysByShopper.set(order.customer.id, keys)
  }
  return ({ order }: SentOrder, record: ExportedRecord): string[] => {
    const place = `order ${order.name} (sales order ${record.id})`
    const problems: string[] = []
    const expected = linesSent(order)
    const actual = linesInAccount(record, skus)
    if (!sameLines(expected, actual)) {
      const texts = `sent ${linesText(expected)}; the account has ${linesText(actual)}`
      problems.push(`${place}: ${texts}`)
    }
    const entityId = referenceId(record.body.entity)
    const customer = customers.get(entityId ?? '')
    const keys = keysByShopper.get(order.customer.id)!
    if (customer === undefined) {
      problems.push(`${place}: its customer ${entityId ?? '(none)'} is not in the account`)
    } else if (keys.size > 0 && !customerKeys(customer).some((key) => keys.has(key))) {
      const held = textOf(customer.body.email) ?? textOf(customer.body.companyName) ?? 'nameless'
      const wanted = [...keys].join(' or ')
      problems.push(`${place}: belongs to customer ${customer.id} (${held}), not to the one with ${wanted}`)
    }
    return problems
  }
}
