/** The long run of kill-records.test.ts. If this fails, one kill in many finds the file at a bad moment. */
import { expect, it } from 'vitest'
import { killRounds } from './kill-records.ts'

it('twenty kills lose nothing that was acknowledged', { timeout: 600_000 }, async () => {
  const { orders, adjustments } = await killRounds(20, 300)
  expect(orders.size + adjustments.size).toBeGreaterThan(20 * 300)
})
