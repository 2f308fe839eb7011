/** If this fails, a file-backed simulator that dies in mid-load forgets what it had acknowledged, or gives an id twice. */
import { expect, it } from 'vitest'
import { killRounds } from './kill-records.ts'

it('kill -9 loses no acknowledged record, no stock it moved, and gives no id twice', async () => {
  const { orders, adjustments } = await killRounds(3, 150)
  expect(orders.size).toBeGreaterThan(100)
  expect(adjustments.size).toBeGreaterThan(100)
})
