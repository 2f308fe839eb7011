/** If these fail, virtual time is not reproducible, and no seed of a failing run can be trusted. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SystemClock, VIRTUAL_EPOCH_MS, VirtualClock } from './clock.ts'

describe('VirtualClock', () => {
  it('runs a day in no time and ends where its main ends', async () => {
    const clock = new VirtualClock()
    const result = await clock.run(async () => {
      await clock.sleep(86_400_000)
      return clock.now() - VIRTUAL_EPOCH_MS
    })
    expect(result).toBe(86_400_000)
  })
  it('fires timers in order of time, equal times in the order they were asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 20 }), { maxLength: 200 }), async (delays) => {
        const clock = new VirtualClock()
        const fired: [number, number][] = []
        await clock.run(async () => {
          await Promise.all(delays.map((ms, index) => clock.sleep(ms).then(() => fired.push([ms, index]))))
        })
        // A sleep of 0 is over before any timer.
        const expected = delays
          .map((ms, index): [number, number] => [ms, index])
          .sort(([a, i], [b, j]) => a - b || i - j)
        expect(fired).toEqual(expected)
      }),
      { seed: 3, numRuns: 50 },
    )
  })
  it('lets everything runnable run before time moves', async () => {
    const clock = new VirtualClock()
    const seen: number[] = []
    await clock.run(async () => {
      clock.schedule(10, () => seen.push(-1))
      for (let turn = 0; turn < 1000; turn++) await null
      seen.push(clock.now() - VIRTUAL_EPOCH_MS)
      await clock.sleep(20)
    })
    expect(seen).toEqual([0, -1])
  })
  it('does not fire what was cancelled', async () => {
    const clock = new VirtualClock()
    let fired = false
    await clock.run(async () => {
      clock.schedule(5, () => {
        fired = true
      })()
      await clock.sleep(10)
    })
    expect(fired).toBe(false)
  })
  it('says that nothing can go on instead of hanging', async () => {
    await expect(new VirtualClock().run(() => new Promise(() => {}))).rejects.toMatchObject({
      code: 'E_DEADLOCK',
    })
  })
  it('passes on what main throws', async () => {
    const clock = new VirtualClock()
    const failing = clock.run(async () => {
      await clock.sleep(1)
      throw new Error('as planned')
    })
    await expect(failing).rejects.toThrow('as planned')
  })
  it('advances by hand, firing what is due', async () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    clock.schedule(10, () => seen.push(clock.now()))
    clock.schedule(11, () => seen.push(clock.now()))
    await clock.advance(10)
    expect([seen, clock.now()]).toEqual([[10], 10])
  })
})

describe('SystemClock', () => {
  it('agrees with the machine and does not run backwards', () => {
    const clock = new SystemClock()
    const [before, now, after] = [clock.now(), Date.now(), clock.now()]
    expect(after).toBeGreaterThanOrEqual(before)
    expect(Math.abs(now - before)).toBeLessThan(1000)
  })
})
