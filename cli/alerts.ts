/** Who is alerted of what: rules from a YAML file, and the address of a webhook, which is a secret, from a file or the environment. */
import { z } from 'zod'
import { alertRuleSchema, REPEAT_MS_DEFAULT } from '../harness/observe/alerts.ts'
import type { MonitorOptions } from '../harness/observe/monitor.ts'
import { AppError } from '../kernel/error.ts'
import { readText } from './files.ts'
import { readYamlFile } from './yaml-file.ts'

const alertsSchema = z.strictObject({
  rules: z.array(alertRuleSchema).min(1).describe('each fires on its own'),
  repeatMs: z
    .number()
    .min(1_000)
    .default(REPEAT_MS_DEFAULT)
    .describe('gap between two alerts of one rule that goes on'),
  checkMs: z.number().min(100).default(10_000).describe('gap between two looks at the rules'),
})

/** Throws `E_ALERTS_INVALID` that names every mistake, `E_WEBHOOK_INVALID`, `E_FILE_UNREADABLE`. */
export function readAlerts(
  file: string | undefined,
  webhook: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Pick<MonitorOptions, 'rules' | 'repeatMs' | 'checkMs' | 'webhookUrl'> {
  const webhookUrl = webhook === undefined ? {} : { webhookUrl: readWebhook(webhook, '--webhook', env) }
  return file === undefined ? webhookUrl : { ...readRules(file), ...webhookUrl }
}

function readRules(file: string): z.output<typeof alertsSchema> {
  return readYamlFile(file, alertsSchema, {
    code: 'E_ALERTS_INVALID',
    what: 'alert rules',
    expected: 'rules such as { rule: dead-letters, count: 1 }',
    mend: 'docs/observability.md lists the rules and their keys',
  })
}

/** The address of a webhook; `where` names the option or key in errors. Throws `E_WEBHOOK_INVALID`, `E_FILE_UNREADABLE`. */
export function readWebhook(text: string, where: string, env: NodeJS.ProcessEnv = process.env): string {
  const [, kind, name = ''] = /^(env|file):(.+)$/.exec(text) ?? []
  if (kind === undefined)
    throw new AppError(
      'E_WEBHOOK_INVALID',
      `${where} holds an address, which every user of this machine can read`,
      {
        expected: 'env:NAME or file:PATH, where the address is written',
        mend: 'put it there; if it holds a token, change that',
      },
    )
  const url = (kind === 'env' ? (env[name] ?? '') : readText(name)).trim()
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url
  throw new AppError('E_WEBHOOK_INVALID', `${text} holds no address of a webhook`, {
    expected: 'an address that begins with https://',
    mend: 'write it there, and nothing else',
  })
}
