// If this fails, a mistyped alert rule silently never fires, or a webhook's token stands in the list of processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../kernel/error.ts'
import { readAlerts } from './alerts.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatrial-alerts-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'alerts.yaml')
  writeFileSync(file, text)
  return file
}

describe('alert rules', () => {
  it('are read with their defaults', () => {
    const file = fileOf('rules:\n  - { rule: backlog-age, ageMs: 60000 }\n  - rule: dead-letters\n')
    expect(readAlerts(file, undefined)).toEqual({
      rules: [
        { rule: 'backlog-age', ageMs: 60_000 },
        { rule: 'dead-letters', count: 1 },
      ],
      repeatMs: 3_600_000,
      checkMs: 10_000,
    })
  })
  it.each([
    ['an unknown key', 'rules: [{ rule: dead-letters, cuont: 3 }]', '/rules/0'],
    ['an unknown rule', 'rules: [{ rule: dead-leters }]', '/rules/0/rule'],
    ['no rules', 'repeatMs: 5000', '/rules'],
    ['broken YAML', 'rules: [', ''],
  ])('are refused with %s', (_, text, pointer) => {
    const file = fileOf(text)
    const error = (() => {
      try {
        return readAlerts(file, undefined)
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'E_ALERTS_INVALID', details: { file } })
    expect((error as AppError).message).toContain(pointer)
  })
})

describe('a webhook', () => {
  it('is read from a file or the environment', () => {
    expect(readAlerts(undefined, 'env:HOOK', { HOOK: ' https://hooks.example/T ' })).toEqual({
      webhookUrl: 'https://hooks.example/T',
    })
    const file = fileOf('https://hooks.example/F\n')
    expect(readAlerts(undefined, `file:${file}`)).toEqual({ webhookUrl: 'https://hooks.example/F' })
  })
  it('is refused on the command line, and where there is none; no message repeats it', () => {
    for (const [text, env] of [
      ['https://hooks.example/T0K3N', {}],
      ['env:HOOK', {}],
      ['env:HOOK', { HOOK: 'T0K3N' }],
    ] as const) {
      expect(() => readAlerts(undefined, text, env)).toThrow(AppError)
      expect(() => readAlerts(undefined, text, env)).not.toThrow('T0K3N')
    }
  })
})
