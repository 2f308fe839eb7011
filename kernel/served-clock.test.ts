/** If these fail, a served account's time does not go as its user set it, or what is due is late, early or out of order. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from './clock.ts'
import { ServedClock } from './served-clock.ts'

/** A machine whose time the test drives, and an account on it. Both start at 1,000. */
function served(options: ConstructorParameters<typeof ServedClock>[1]) {
  const machine = new VirtualClock(1000)
  return { machine, clock: new ServedClock(machine, options) }
}

describe('in wall mode', () => {
  it('goes as fast as the machine unless told otherwise', async () => {
    const { machine, clock } = served({ mode: 'wall' })
    const seen: number[] = []
    clock.schedule(30, () => seen.push(clock.now()))
    await machine.advance(29)
    expect(seen).toEqual([])
    await machine.advance(1)
    expect([seen, clock.now(), clock.speed]).toEqual([[1030], 1030, 1])
  })
  it('goes n times as fast, and changes its pace without a jump', async () => {
    const { machine, clock } = served({ mode: 'wall', speed: 10, startMs: 0 })
    let firedAtMs = -1
    clock.schedule(1000, () => {
      firedAtMs = machine.now()
    })
    await machine.advance(50)
    expect(clock.now()).toBe(500)
    clock.setSpeed(100)
    expect(clock.now()).toBe(500)
    await machine.advance(5)
    expect([firedAtMs, clock.now()]).toEqual([1055, 1000])
  })
  it('stands still at speed 0 until it is moved or set going', async () => {
    const { machine, clock } = served({ mode: 'wall', speed: 0, startMs: 0 })
    const fired: number[] = []
    clock.schedule(10, () => fired.push(10))
    clock.schedule(20, () => fired.push(20))
    await machine.advance(100)
    expect([fired, clock.now()]).toEqual([[], 0])
    await clock.advance(15)
    expect([fired, clock.now()]).toEqual([[10], 15])
    clock.setSpeed(1)
    await machine.advance(5)
    expect([fired, clock.now()]).toEqual([[10, 20], 20])
  })
  it('fires what becomes due while it fires, and not what was cancelled', async () => {
    const { machine, clock } = served({ mode: 'wall', startMs: 0 })
    const fired: string[] = []
    clock.schedule(5, () => {
      fired.push('first')
      clock.schedule(0, () => fired.push('at once'))
      cancel()
    })
    const cancel = clock.schedule(5, () => fired.push('cancelled'))
    clock.schedule(6, () => fired.push('last'))
    await machine.advance(6)
    expect(fired).toEqual(['first', 'at once', 'last'])
  })
  it('takes timers that are longer than the machine has them', async () => {
    const { machine, clock } = served({ mode: 'wall', startMs: 0 })
    let fired = false
    clock.schedule(40 * 86_400_000, () => {
      fired = true
    })
    await machine.advance(40 * 86_400_000 - 1)
    expect(fired).toBe(false)
    await machine.advance(1)
    expect(fired).toBe(true)
  })
  it('is moved forward in order, and goes on from there', async () => {
    const { machine, clock } = served({ mode: 'wall', startMs: 0 })
    const fired: number[] = []
    const noteAfter = (ms: number) => clock.schedule(ms, () => fired.push(clock.now()))
    noteAfter(300)
    noteAfter(100)
    noteAfter(501)
    await clock.advance(500)
    expect([fired, clock.now()]).toEqual([[100, 300], 500])
    await machine.advance(1)
    expect(fired).toEqual([100, 300, 501])
  })
})

describe('in virtual mode', () => {
  const start = () => served({ mode: 'virtual', startMs: 0 })

  it('stands still while nobody asks anything', async () => {
    const { machine, clock } = start()
    let fired = false
    clock.schedule(1, () => {
      fired = true
    })
    await machine.advance(3_600_000)
    expect([fired, clock.now()]).toEqual([false, 0])
  })
  it('lets a request have its time, and what is due before its end', async () => {
    const { machine, clock } = start()
    const fired: number[] = []
    clock.schedule(400, () => fired.push(400))
    clock.schedule(1001, () => fired.push(1001))
    const answer = clock.during(async () => {
      await clock.sleep(1000)
      return clock.now()
    })
    await machine.advance(100)
    expect([await answer, fired, clock.now()]).toEqual([1000, [400], 1000])
  })
  it('has requests that come together under way together', async () => {
    const { machine, clock } = start()
    const ends: number[] = []
    const request = (ms: number) =>
      clock.during(async () => {
        await clock.sleep(ms)
        ends.push(clock.now())
      })
    void request(1000)
    await machine.advance(4)
    // 4 ms of the machine later, and still at the same moment of the account.
    void request(700)
    await machine.advance(100)
    expect(ends).toEqual([700, 1000])
  })
  it('gives a client time to go on with its answer before others get theirs', async () => {
    const { machine, clock } = start()
    const ends: number[] = []
    const request = async (ms: number) => {
      await clock.during(() => clock.sleep(ms))
      ends.push(clock.now())
    }
    void request(5000)
    void request(100).then(async () => {
      await machine.sleep(4)
      await request(100)
    })
    await machine.advance(100)
    expect(ends).toEqual([100, 200, 5000])
  })
  it('takes a stream of requests without standing still for ever', async () => {
    const { machine, clock } = start()
    let answered = 0
    for (let sent = 0; sent < 100; sent++) {
      void clock.during(() => clock.sleep(100)).then(() => answered++)
      await machine.advance(1)
    }
    expect(answered).toBeGreaterThan(10)
  })
})

describe('moves', () => {
  it('wait for one another and add up', async () => {
    const { clock } = served({ mode: 'virtual', startMs: 0 })
    await Promise.all([clock.advance(1000), clock.advance(500), clock.advanceTo(1200)])
    expect(clock.now()).toBe(1500)
  })
  it('let requests under way go on, and end those that are due', async () => {
    const { machine, clock } = served({ mode: 'virtual', startMs: 0 })
    const ends: number[] = []
    for (const ms of [100, 900]) void clock.during(() => clock.sleep(ms)).then(() => ends.push(clock.now()))
    await clock.advance(500)
    expect([ends, clock.now()]).toEqual([[100], 500])
    await machine.advance(100)
    expect(ends).toEqual([100, 900])
  })
  it('end with the clock', async () => {
    const { machine, clock } = served({ mode: 'wall', startMs: 0 })
    let fired = false
    clock.schedule(10, () => {
      fired = true
    })
    clock.close()
    await machine.advance(100)
    await clock.advance(100)
    expect(fired).toBe(false)
  })
})
