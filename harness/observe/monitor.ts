/**
 * Everything that watches one engine, put together: log, metrics, alerts to a log and a webhook. The engine is given
 * `observer`; then `watch` is given the engine's status and looks at the rules from time to time.
 */
import type { Cancel } from '../../kernel/clock.ts'
import type { EngineObserver } from '../engine/engine.ts'
import type { EngineStatus } from '../engine/status.ts'
import { type Alert, type AlertRule, alertRuleSchema, createAlertWatch } from './alerts.ts'
import { createLogObserver, type LogObserverOptions } from './log.ts'
import { createMetrics, type EngineMetrics } from './metrics.ts'
import { combineObservers } from './observers.ts'
import { createWebhook, type WebhookDeps } from './webhook.ts'

export interface MonitorOptions extends LogObserverOptions {
  /** Default: all four, with their defaults. */
  readonly rules?: readonly AlertRule[]
  /** Where alerts are told besides the log. It may hold a token: take it from a file or the environment. */
  readonly webhookUrl?: string
  /** Gap between two looks at the rules, milliseconds. Default 10,000. */
  readonly checkMs?: number
  /** Gap between two alerts of one rule that goes on holding, milliseconds. Default an hour. */
  readonly repeatMs?: number
}

export interface Monitor {
  readonly observer: EngineObserver
  readonly metrics: EngineMetrics
  /** Looks at the rules once, then again and again until `stop`. */
  watch(): void
  /** Ends the watch; resolves when the webhook has been told what it can be told. */
  stop(): Promise<void>
}

const CHECK_MS_DEFAULT = 10_000

/** The four rules with their defaults. */
export const ALERT_RULES_DEFAULT: readonly AlertRule[] = (
  ['failures-in-a-row', 'dead-letters', 'backlog-age', 'budget-spent'] as const
).map((rule) => alertRuleSchema.parse({ rule }))

/** `status` is asked when the metrics are read and when the rules are looked at; not before `watch`. */
export function createMonitor(
  deps: WebhookDeps,
  status: () => Promise<EngineStatus>,
  options: MonitorOptions = {},
): Monitor {
  const { clock, logger } = deps
  const { rules = ALERT_RULES_DEFAULT, webhookUrl, checkMs = CHECK_MS_DEFAULT } = options
  const metrics = createMetrics(status)
  const alerts = createAlertWatch(rules, options.repeatMs)
  const webhook = webhookUrl === undefined ? undefined : createWebhook(deps, webhookUrl)
  let cancel: Cancel | undefined
  let stopped = false

  const tell = (alert: Alert): void => {
    const { rule, state, text } = alert
    const line = { event: 'alert', rule, state, since: new Date(alert.sinceMs).toISOString() }
    if (state === 'firing') logger.error(line, text)
    else logger.info(line, text)
    webhook?.tell(alert)
  }
  const check = async (): Promise<void> => {
    try {
      for (const alert of alerts.check(await status(), clock.now())) tell(alert)
    } catch (error) {
      logger.error(
        { event: 'status-unknown', problem: (error as Error).message },
        'cannot look at the engine',
      )
    }
    if (!stopped) cancel = clock.schedule(checkMs, () => void check())
  }
  return {
    observer: combineObservers([createLogObserver(logger, options), metrics.observer, alerts.observer]),
    metrics,
    watch: () => void check(),
    stop: async () => {
      stopped = true
      cancel?.()
      await webhook?.drained()
    },
  }
}
