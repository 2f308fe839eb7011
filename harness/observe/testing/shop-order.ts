/** For tests only: an order of one line, by whom one likes. */
import { type ShopOrder, shopOrderSchema } from '../../shop/order.ts'

interface Shopper {
  readonly id?: string
  readonly email?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly address1?: string
}

export function orderOf({ id = '5001', email, first_name, last_name, address1 }: Shopper = {}): ShopOrder {
  return shopOrderSchema.parse({
    id,
    name: `#${id}`,
    created_at: '2026-01-05T09:00:00Z',
    email,
    customer: { id: '77', email, first_name, last_name },
    line_items: [{ id: '1', sku: 'SKU-1', quantity: 1, price: '9.50' }],
    shipping_address: { first_name, last_name, address1 },
    total_price: '9.50',
  })
}
