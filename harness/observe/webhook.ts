/**
 * Tells alerts to a webhook: one POST of JSON each, in order, tried a few times. It never holds the engine up: what cannot be
 * told is logged and dropped. The address may hold a token, so it is never written anywhere.
 */
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { Transport } from '../../protocol/transport.ts'
import { backoffMs } from '../engine/backoff.ts'
import type { Alert } from './alerts.ts'

const TRIES_MAX = 4
const TIMEOUT_MS = 10_000
const BACKOFF = { baseMs: 1_000, capMs: 30_000 }
/** Alerts that wait to be told; a webhook that is away for long is told the newest. */
const WAITING_MAX = 100

export interface WebhookDeps {
  readonly clock: Clock
  readonly rng: Rng
  readonly transport: Transport
  readonly logger: Logger
}

/** Gives a function that queues an alert, and one that waits until all are told or given up. */
export function createWebhook(
  { clock, rng, transport, logger }: WebhookDeps,
  url: string,
): { tell(alert: Alert): void; drained(): Promise<void> } {
  const waiting: Alert[] = []
  let telling: Promise<void> | undefined

  const post = async (alert: Alert): Promise<string | undefined> => {
    const { rule, state, text, sinceMs, atMs } = alert
    const [since, at] = [sinceMs, atMs].map((ms) => new Date(ms).toISOString())
    // `text` is what chat services show as the message.
    const body = JSON.stringify({ text: `Seatrial ${state}: ${text}`, rule, state, since, at })
    const headers = { 'content-type': 'application/json' }
    try {
      const { status } = await transport.send(
        { method: 'POST', url, headers, body },
        { timeoutMs: TIMEOUT_MS },
      )
      return status < 300 ? undefined : `HTTP ${status}`
    } catch (error) {
      return (error as { code?: string }).code ?? 'failed'
    }
  }
  const tellAll = async (): Promise<void> => {
    for (let alert = waiting.shift(); alert !== undefined; alert = waiting.shift()) {
      let problem = await post(alert)
      for (let tries = 1; problem !== undefined && tries < TRIES_MAX; tries++) {
        await clock.sleep(backoffMs(rng, tries, BACKOFF))
        problem = await post(alert)
      }
      if (problem !== undefined)
        logger.error({ event: 'alert-untold', rule: alert.rule, problem }, 'webhook failed')
    }
    telling = undefined
  }
  return {
    tell: (alert) => {
      waiting.push(alert)
      if (waiting.length > WAITING_MAX) waiting.shift()
      telling ??= tellAll()
    },
    drained: async () => telling,
  }
}
