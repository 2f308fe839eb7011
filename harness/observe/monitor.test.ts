/** If this fails, alerts do not reach the webhook, hold the engine up, or give its address away. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { type Transport, TransportError } from '../../protocol/transport.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { EngineStatus } from '../engine/status.ts'
import { createLogger } from './log.ts'
import { createMonitor } from './monitor.ts'
import { statusOf } from './testing/status.ts'

const URL_WITH_TOKEN = 'https://hooks.example/T0K3N'
const T0 = Date.UTC(2026, 0, 5, 9)

/** A webhook that answers with what `answers` says, the last one for good; 0: no answer. */
function webhook(answers: readonly number[]): { transport: Transport; got: WireRequest[] } {
  const got: WireRequest[] = []
  const send = async (request: WireRequest) => {
    const status = answers[Math.min(got.push(request), answers.length) - 1]!
    if (status === 0) throw new TransportError('E_TIMEOUT', 'unknown', `no answer from ${URL_WITH_TOKEN}`)
    return { status, headers: {}, body: '' }
  }
  return { transport: { send, close: async () => {} }, got }
}

async function watchFor(ms: number, answers: readonly number[], status: () => EngineStatus) {
  const clock = new VirtualClock(T0)
  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) } as never
  const { transport, got } = webhook(answers)
  const deps = { clock, rng: createRng(1), transport, logger: createLogger(clock, { destination }) }
  const monitor = createMonitor(deps, async () => status(), { webhookUrl: URL_WITH_TOKEN })
  await clock.run(async () => {
    monitor.watch()
    await clock.sleep(ms)
    await monitor.stop()
  })
  return { lines, bodies: got.map(({ body }) => JSON.parse(body!)), got }
}

describe('the monitor', () => {
  it('tells the webhook and the log when a rule begins to hold and when it is over', async () => {
    let looks = 0
    const { lines, bodies, got } = await watchFor(25_000, [200], () =>
      statusOf({ oldestAgeMs: looks++ === 1 ? 1e6 : 0 }),
    )
    expect(bodies).toEqual([
      {
        text: 'Seatrial firing: oldest open item is 1000 s old (rule: 900 s)',
        rule: 'backlog-age',
        state: 'firing',
        since: '2026-01-05T09:00:10.000Z',
        at: '2026-01-05T09:00:10.000Z',
      },
      expect.objectContaining({ state: 'resolved', at: '2026-01-05T09:00:20.000Z' }),
    ])
    expect(got[0]).toMatchObject({ method: 'POST', url: URL_WITH_TOKEN })
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['error', 'info'])
  })
  it('tries again when the webhook is away, and gives up without a word of its address', async () => {
    const dead = () => statusOf({ queue: { ...statusOf().queue, dead: 1 } })
    expect((await watchFor(60_000, [0, 503, 200], dead)).bodies).toHaveLength(3)
    const { lines, bodies } = await watchFor(300_000, [0], dead)
    expect(bodies).toHaveLength(4)
    expect(lines.join()).toContain('alert-untold')
    expect(lines.join()).not.toContain('T0K3N')
  })
  it('goes on looking when the status cannot be read', async () => {
    let looks = 0
    const { lines, bodies } = await watchFor(15_000, [200], () => {
      if (looks++ === 0) throw new Error('no database')
      return statusOf({ oldestAgeMs: 1e6 })
    })
    expect(lines[0]).toContain('no database')
    expect(bodies).toHaveLength(1)
  })
})
