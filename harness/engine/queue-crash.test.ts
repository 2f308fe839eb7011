/** If this fails, a killed process takes accepted work with it, or work that was done is done again. */
import { expect, it } from 'vitest'
import { crashRounds } from './testing/queue-crash.ts'

it('kill -9 of two processes on one queue file loses nothing, doubles nothing and keeps the order', async () => {
  const { breaches, queued, done, dead } = await crashRounds(5)
  expect(breaches).toEqual([])
  expect(Math.min(queued, done, dead)).toBeGreaterThan(5)
})
