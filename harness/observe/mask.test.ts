/** If this fails, shoppers' names, addresses or telephone numbers stand in logs, or logs say nothing any more. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask, personalTexts } from './mask.ts'
import { orderOf } from './testing/shop-order.ts'

describe('mask', () => {
  it.each([
    [
      'Invalid Field Value ada@example.com for the following field: email',
      'Invalid Field Value [masked] for the following field: email',
    ],
    ['phone +44 20 7946 0958 is too long', 'phone [masked] is too long'],
    ['call (030) 901820-11 or 555-0134-22', 'call [masked] or [masked]'],
    ['jörg.o’neill+shop@bücher.example wrote', 'jörg.o’[masked] wrote'],
  ])('takes out what looks like an address or a number: %s', (text, masked) => {
    expect(mask(text)).toBe(masked)
  })
  it.each([
    'salesOrder.create: HTTP 400 USER_ERROR, order 5123456789012 (given up after 16 tries)',
    'Invalid reference key 48213 for entity; record 2026-01-05 09:00',
    'eid:SO-1001 exists already, due 05.01.2026',
  ])('leaves ids, numbers of orders and dates alone: %s', (text) => {
    expect(mask(text)).toBe(text)
  })
  it('takes out what the order tells of its shopper, whole words in any case', () => {
    const personal = personalTexts(
      orderOf({ first_name: 'Al', last_name: 'Noor', address1: '7 Quay (rear)' }),
    )
    expect(mask('AL NOOR already lives at 7 quay (rear), Noordwijk', personal)).toBe(
      '[masked] [masked] already lives at [masked], Noordwijk',
    )
  })
  it('leaves nothing of an e-mail address anywhere in a text', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.lorem(), fc.lorem(), (email, before, after) => {
        const masked = mask(`${before} ${email} ${after}`, personalTexts(orderOf({ email })))
        expect(masked).not.toContain(email)
        expect(masked).toContain('[masked]')
      }),
    )
  })
})
