/** If these fail, two shop orders can meet in one NetSuite record, or an order's external ID cannot be addressed. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { customerExternalId, escapeId, orderExternalId, unescapeId } from './external-id.ts'

it('makes ids of letters, digits, _ and - only, and can undo them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
      expect(escapeId(id)).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(unescapeId(escapeId(id))).toBe(id)
    }),
  )
})

it('leaves ordinary ids as they are', () => {
  expect(orderExternalId('450789469')).toBe('SHOP-450789469')
  expect(customerExternalId('77-A')).toBe('SHOP-C-77-A')
})

it('keeps look-alikes apart', () => {
  const ids = ['a/b', 'a_b', 'a_2f_b', 'a|b', 'a b', 'ab', 'a__b', 'é', 'é']
  expect(new Set(ids.map(orderExternalId)).size).toBe(new Set(ids).size)
})
