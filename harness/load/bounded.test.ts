/** If this fails, an integration that hangs or throws takes the whole run with it instead of failing its check. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { waitAtMost } from './bounded.ts'

describe('waitAtMost', () => {
  const wait = (work: () => Promise<unknown>) => {
    const clock = new VirtualClock(0)
    return clock.run(async () => ({ ...(await waitAtMost(clock, 500, work)), atMs: clock.now() }))
  }
  it('tells done, timeout and error apart', async () => {
    expect(await wait(async () => 1)).toEqual({ end: 'done', atMs: 0 })
    expect(await wait(() => new Promise(() => {}))).toEqual({ end: 'timeout', atMs: 500 })
    expect(await wait(() => Promise.reject(new Error('disk\nfull')))).toMatchObject({ reason: 'disk full' })
    expect(
      await wait(() => {
        throw new Error('not even a promise')
      }),
    ).toMatchObject({ end: 'error', reason: 'not even a promise' })
  })
})
