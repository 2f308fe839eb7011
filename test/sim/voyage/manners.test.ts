/** If this fails, an engine could be ill-mannered on the wire, and no voyage would say so. */
import { describe, expect, it } from 'vitest'
import { judgeManners } from './manners.ts'
import type { Exchange } from './wire-log.ts'

const create: Exchange = {
  life: '0/0',
  method: 'POST',
  type: 'salesOrder',
  externalId: 'SHOP-1',
  nonce: undefined,
  sentMs: 0,
  heardMs: 10,
  status: 204,
  isUnsent: false,
  retryAfterMs: undefined,
  detail: '',
}
const look: Exchange = { ...create, method: 'GET', sentMs: 500, heardMs: 520, status: 404 }
const again: Exchange = { ...create, sentMs: 1_000, heardMs: 1_010 }
const customer: Exchange = { ...create, method: 'PUT', type: 'customer', externalId: 'SHOP-C-1' }
const forGood = '{"o:errorDetails":[{"detail":"Invalid Field Value","o:errorCode":"INVALID_VALUE"}]}'
const judge = (wire: readonly Exchange[]) =>
  judgeManners({ wire, orders: 1, payments: 0, deaths: 0, graceMs: 0 })

describe('manners', () => {
  it.each<[string, readonly Exchange[]]>([
    ['a look between two tries', [{ ...create, status: 0 }, look, again]],
    ['another try of what was certainly not sent', [{ ...create, status: 0, isUnsent: true }, again]],
    [
      'another try after a lock',
      [{ ...create, status: 400, detail: '{"o:errorDetails":[{"detail":"x has been locked"}]}' }, again],
    ],
    [
      'another try after a refusal in doubt, when the look after it failed',
      [{ ...create, status: 400, detail: forGood }, { ...look, status: 503 }, look, again],
    ],
    ['waiting as long as asked', [{ ...create, status: 429, retryAfterMs: 990 }, again]],
    ['a customer whom each of two engines sends', [customer, { ...customer, life: '1/0', sentMs: 5 }]],
  ])('allow %s', (_, wire) => {
    expect(judge(wire)).toEqual([])
  })
  it.each<[string, readonly Exchange[]]>([
    ['look-up', [{ ...create, status: 0 }, again]],
    ['look-up', [{ ...create, status: 500 }, { ...look, sentMs: 5 }, again]],
    [
      'look-up',
      [
        { ...create, heardMs: undefined },
        { ...again, life: '0/1' },
      ],
    ],
    ['repeat', [{ ...create, status: 400, detail: forGood }, again]],
    ['patience', Array.from({ length: 17 }, (_, at) => ({ ...create, sentMs: at * 20 }))],
    ['patience', [create, { ...create, sentMs: 600_001, heardMs: 600_002 }]],
    ['retry-after', [{ ...create, status: 429, retryAfterMs: 991 }, again]],
    ['identity', [create, { ...create, externalId: 'SHOP-2' }]],
    ['identity', [{ ...create, externalId: undefined }]],
    [
      'signature',
      [
        { ...create, nonce: 'a' },
        { ...look, nonce: 'a' },
      ],
    ],
    ['customers', [customer, { ...customer, sentMs: 5 }]],
    ['customers', [customer, { ...customer, sentMs: 50, heardMs: 60 }]],
    [
      'jitter',
      Array.from({ length: 10 }, (_, at) => ({
        ...create,
        status: 429,
        sentMs: at * 500,
        heardMs: at * 500 + 1,
      })),
    ],
  ])('are wanting: %s', (check, wire) => {
    expect(judge(wire).map((breach) => breach.split(':')[0])).toContain(check)
  })
})
