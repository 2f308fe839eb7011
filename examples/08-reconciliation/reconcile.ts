/**
 * A shop's orders against those in the account, as a nightly job compares them: what is missing, what is there twice, what has
 * another total. SuiteQL gives the account's side, page by page, by key.
 */

export interface ShopOrder {
  readonly number: string
  readonly total: number
}

/** A row of the account; every value is a text. [SQL-011] */
export interface AccountOrder {
  readonly id: string
  readonly tranid: string
  readonly otherrefnum: string
  readonly foreigntotal: string
}

export type Ask = (q: string, params: readonly string[], limit: number) => Promise<readonly AccountOrder[]>

export interface Differences {
  /** Sent by the shop and not in the account. */
  readonly missing: readonly string[]
  /** In the account more than once: with their transaction numbers. */
  readonly doubled: readonly (readonly [number: string, tranIds: readonly string[]])[]
  readonly differentTotals: readonly (readonly [number: string, shop: number, account: number])[]
  /** In the account and unknown to the shop. */
  readonly unknown: readonly string[]
}

// A NULL column is left out of a row [OPQ-001], so orders without a number are not asked for.
const PAGE = `SELECT id, tranid, otherrefnum, foreigntotal FROM transaction
WHERE type = 'SalesOrd' AND otherrefnum IS NOT NULL AND id > ?
ORDER BY id`

/** Orders by the shop's number. */
async function accountOrders(ask: Ask, pageSize: number): Promise<Map<string, AccountOrder[]>> {
  const orders = new Map<string, AccountOrder[]>()
  let last = '0'
  for (;;) {
    const page = await ask(PAGE, [last], pageSize)
    for (const order of page) orders.set(order.otherrefnum, [...(orders.get(order.otherrefnum) ?? []), order])
    if (page.length < pageSize) return orders
    last = page.at(-1)!.id
  }
}

export async function reconcile(
  ask: Ask,
  shop: readonly ShopOrder[],
  pageSize: number,
): Promise<Differences> {
  const account = await accountOrders(ask, pageSize)
  const known = new Set(shop.map(({ number }) => number))
  return {
    missing: shop.filter(({ number }) => !account.has(number)).map(({ number }) => number),
    doubled: [...account].flatMap(([number, orders]) =>
      orders.length > 1 ? [[number, orders.map(({ tranid }) => tranid)] as const] : [],
    ),
    differentTotals: shop.flatMap(({ number, total }) =>
      (account.get(number) ?? [])
        // In cents: 0.1 + 0.2 is not 0.3 in binary.
        .filter(({ foreigntotal }) => Math.round(Number(foreigntotal) * 100) !== Math.round(total * 100))
        .map(({ foreigntotal }) => [number, total, Number(foreigntotal)] as const),
    ),
    unknown: [...account.keys()].filter((number) => !known.has(number)),
  }
}
