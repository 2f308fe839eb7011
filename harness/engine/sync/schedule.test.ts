/** If these fail, changes stop coming in after one failure, two runs of one job meet, or every machine does the same work. */
import { expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/error.ts'
import { SyncSchedule } from './schedule.ts'

it('runs each job now and again after its gap, and once more after a failure', async () => {
  const clock = new VirtualClock(0)
  const begun: number[] = []
  const ends: (string | undefined)[] = []
  const job = {
    name: 'a',
    everyMs: 1_000,
    run: async () => {
      begun.push(clock.now())
      await clock.sleep(300)
      if (begun.length === 2) throw new AppError('E_X', 'the account is down')
    },
  }
  const schedule = new SyncSchedule(clock, [job], { onEnd: (_, problem) => ends.push(problem?.message) })
  void schedule.run()
  await clock.advance(3_000)
  await schedule.stop()
  await clock.advance(9_000)
  expect(begun).toEqual([0, 1_300, 2_600])
  expect(ends).toEqual([undefined, 'the account is down', undefined])
})

it('runs nothing while it is another’s turn, and takes over when it is its own', async () => {
  const clock = new VirtualClock(0)
  let isMine = false
  let runs = 0
  const job = { name: 'a', everyMs: 1_000, run: async () => void runs++ }
  const schedule = new SyncSchedule(clock, [job], { isMine: () => isMine })
  void schedule.run()
  await clock.advance(5_500)
  expect(runs).toBe(0)
  isMine = true
  await clock.advance(1_000)
  expect(runs).toBe(1)
  await schedule.stop()
})

it('tells a run that it shall end, waits for it, and says nothing of it', async () => {
  const clock = new VirtualClock(0)
  let steps = 0
  const ends: string[] = []
  const run = async (isStopped: () => boolean): Promise<void> => {
    for (; !isStopped(); steps++) await clock.sleep(100)
  }
  const schedule = new SyncSchedule(clock, [{ name: 'a', everyMs: 1, run }], {
    onEnd: (name) => ends.push(name),
  })
  void schedule.run()
  await clock.advance(950)
  const stopped = schedule.stop()
  await clock.advance(100)
  await stopped
  expect([steps, ends]).toEqual([10, []])
})

it('does not hide a fault of ours', async () => {
  const clock = new VirtualClock(0)
  const run = (): Promise<void> => Promise.reject(new TypeError('ours'))
  const schedule = new SyncSchedule(clock, [{ name: 'a', everyMs: 1, run }])
  await Promise.all([expect(schedule.run()).rejects.toThrow('ours'), clock.advance(10)])
  await expect(schedule.once()).rejects.toThrow('ours')
})
