/** If this fails, SuiteQL computes or refuses something in another way than Oracle's definitions and NetSuite's words say. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'corpus', `${name}.json`), 'utf8')) as T
const FUNCTIONS = read<[string, string | null][]>('functions')
const REFUSED = read<[string, string][]>('refused')
const QUERIES = read<[string, Record<string, string>[]][]>('queries')

let account: TestAccount
const ask = (q: string) =>
  account.send('POST', '/services/rest/query/v1/suiteql', { q }, { prefer: 'transient' })
const rowsOf = async (q: string): Promise<unknown> => {
  const { json, error } = await ask(q)
  return error?.detail ?? (json.items as Record<string, unknown>[]).map(({ links: _, ...row }) => row)
}

/** Two customers, two items, two orders of one and two lines. */
beforeAll(async () => {
  account = createTestAccount()
  const line = (item: string, quantity: number, rate: number) => ({ item: { id: item }, quantity, rate })
  const [a, b] = [
    await account.create('customer', { companyName: 'Acme', email: 'a@acme.test' }),
    await account.create('customer', { companyName: 'Best' }),
  ]
  const [x, y] = [
    await account.create('inventoryItem', { itemId: 'X' }),
    await account.create('inventoryItem', { itemId: 'Y' }),
  ]
  const order = (entity: string, tranDate: string, items: unknown[]) =>
    account.create('salesOrder', { entity: { id: entity }, tranDate, item: { items } })
  await order(a, '2026-01-31', [line(x!, 2, 5), line(y!, 1, 20)])
  await order(b, '2024-02-29', [line(x!, 3, 5)])
})

describe('SuiteQL', () => {
  it.each(FUNCTIONS)('%s gives %s [SQL-050, SQL-052]', async (expression, expected) => {
    expect(await rowsOf(`SELECT ${expression} AS v FROM dual`)).toEqual([
      expected === null ? {} : { v: expected },
    ])
  })
  it.each(QUERIES)('%s [SQL-041, SQL-046, SQL-058, SQL-060, OPQ-042]', async (q, expected) => {
    expect(await rowsOf(q)).toEqual(expected)
  })
  it.each(REFUSED)(
    'refuses %s [SQL-031..035, SQL-040..043, SQL-051, SQL-056, OPQ-005, OPQ-062]',
    async (q, words) => {
      const { status, error } = await ask(q)
      expect([status, error?.['o:errorCode']]).toEqual([400, 'INVALID_PARAMETER'])
      expect(error?.detail).toMatch(/^Invalid search query\. Detailed unprocessed description follows\. /)
      expect(error?.detail).toContain(words)
    },
  )
  it('refuses more than 1,000 items in IN [SQL-043]', async () => {
    const list = (count: number): string => Array.from({ length: count }, (_, n) => n + 1).join(', ')
    expect((await ask(`SELECT id FROM customer WHERE id IN (${list(1000)})`)).status).toBe(200)
    expect((await ask(`SELECT id FROM customer WHERE id IN (${list(1001)})`)).status).toBe(400)
  })
  it('answers mutated statements with 200 or 400, never anything else', async () => {
    const pieces = [...QUERIES.map(([q]) => q), ...REFUSED.map(([q]) => q)].flatMap((q) => q.split(/\b/))
    const statements = fc
      .array(fc.constantFrom(...pieces), { maxLength: 25 })
      .map((parts) => `SELECT ${parts.join(' ')}`)
    await fc.assert(
      fc.asyncProperty(statements, async (q) => {
        expect([200, 400]).toContain((await ask(q)).status)
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})
