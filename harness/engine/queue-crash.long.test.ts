/** If this fails, a crash at a rare moment loses or doubles work: as queue-crash.test.ts, a hundred rounds. */
import { expect, it } from 'vitest'
import { crashRounds } from './testing/queue-crash.ts'

it('survives a hundred rounds of kill -9', { timeout: 600_000 }, async () => {
  const { breaches, queued, done } = await crashRounds(100)
  expect(breaches).toEqual([])
  expect(Math.min(queued, done)).toBeGreaterThan(1_000)
})
