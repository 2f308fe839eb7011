/** If these fail, a guest who orders twice becomes two customers, or an order is read that names nobody. */
import { describe, expect, it } from 'vitest'
import { customerExternalId } from '../engine/external-id.ts'
import { shopOrderSchema } from './order.ts'

const order = (more: object) => ({
  id: '1',
  name: '#1',
  created_at: '2026-01-05T09:00:00Z',
  line_items: [{ id: '1', sku: 'A', quantity: 1, price: '1.00' }],
  total_price: '1.00',
  ...more,
})
const customerOf = (more: object) => shopOrderSchema.parse(order(more)).customer

describe('the customer of an order', () => {
  it('goes by the shop’s id where there is one', () => {
    expect(customerOf({ customer: { id: 7 }, email: 'a@x.example' })).toEqual({ id: '7' })
  })
  it.each<[string, object]>([
    ['no customer', { email: ' Ada@X.example ' }],
    ['an empty customer', { customer: null, email: 'ADA@x.example' }],
    ['a customer without id', { customer: { id: null, email: 'ada@x.example' }, email: 'other@x.example' }],
    ['an empty id', { customer: { id: '', email: 'Ada@x.example' } }],
  ])('goes by the e-mail address with %s', (_, more) => {
    const { id } = customerOf(more)
    expect(id).toBe('e-mail ada@x.example')
    expect(customerExternalId(id)).toBe('SHOP-C-e-mail_20_ada_40_x_2e_example')
  })
  it.each<[string, object]>([
    ['neither', {}],
    ['an empty address', { customer: { id: null }, email: ' ' }],
    ['a customer that is none', { customer: 'Ada', email: 'ada@x.example' }],
  ])('is refused with %s', (_, more) => {
    const { error } = shopOrderSchema.safeParse(order(more))
    expect(error!.issues[0]!.path[0]).toBe('customer')
  })
})
