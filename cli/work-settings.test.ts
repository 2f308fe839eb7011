/** If these fail, a worker runs with other settings than its file says, or a mistake in it is found only when it matters. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readLevels } from './level-file.ts'
import { readWorkSettings, workSettingsSchema } from './work-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const read = (text: string) => {
  const file = join(folder, 'work.yaml')
  writeFileSync(file, text)
  return readWorkSettings(file)
}

describe('settings of a worker', () => {
  it('may be left out, and each part of them', () => {
    expect(readWorkSettings(undefined)).toEqual(read('{}'))
    expect(read('peak: { enterBacklog: 5, leaveBacklog: 1 }')).toMatchObject({ budgets: [], sync: [] })
  })

  it('are filled in', () => {
    const delta = '{ name: customers, table: customer, columns: [email], webhook: "env:HOOK" }'
    const { budgets, sync, stock } = read(
      `budgets: [{ name: day, windowMs: 86400000, callsMax: 9 }]\nstock: { adjustmentAccountId: 8 }\nsync: [${delta}]`,
    )
    expect(budgets[0]).toMatchObject({ callsMax: 9, burstRatio: 0.25 })
    expect(stock).toEqual({ adjustmentAccountId: '8' })
    expect(sync[0]).toMatchObject({ everyMs: 60_000, overlapMs: 600_000 })
  })

  it.each([
    ['peak: { enterBacklog: 5, leaveBacklog: 5 }', '/peak: leaveBacklog is below enterBacklog'],
    ['peek: {}', 'Unrecognized key: "peek"'],
    ['stock: { adjustmentAccountId: Cash }', '/stock/adjustmentAccountId: an internal id'],
    ['stock: { adjustmentAccountId: 8, compareAtUtc: "24:00" }', '/stock/compareAtUtc: a time of the day'],
    ['sync: [{ name: a, table: customer, columns: [email] }]', '/sync/0: either file or webhook'],
    [
      'sync: [{ name: a, table: "customer; x", columns: [id], file: x }]',
      '/sync/0/table: the name of a table',
    ],
    ['budgets: [{ name: a, windowMs: 1, callsMax: 0 }]', '/budgets/0/callsMax'],
    ['peak: [', 'work.yaml'],
  ])('that are wrong are refused with their place: %s', (text, words) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'E_SETTINGS_INVALID', toText: expect.any(Function) }),
    )
    try {
      read(text)
    } catch (error) {
      expect((error as { toText(): string }).toText()).toContain(words)
    }
  })
})

it('the file that the documentation shows is one', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/workers.md'), 'utf8')
  const shown = /^```yaml\n([\s\S]*?)^```$/m.exec(page)![1]!
  expect(Object.keys(read(shown)).sort()).toEqual(Object.keys(workSettingsSchema.shape).sort())
})

describe('a file of levels', () => {
  const level = { sku: 'MUG', locationId: '1', version: 7, quantity: 40 }
  it('is read line by line', () => {
    expect(readLevels(`${JSON.stringify(level)}\n\n`, 'x')).toEqual([level])
    expect(readLevels(JSON.stringify({ ...level, locationId: 1 }), 'x')).toEqual([level])
  })
  it.each([
    ['', 1],
    [`${JSON.stringify(level)}\n{`, 2],
    [JSON.stringify({ ...level, version: -1 }), 1],
    [JSON.stringify({ ...level, sku: undefined }), 1],
  ])('is refused at the line of the first mistake: %j', (text, line) => {
    expect(() => readLevels(text, 'levels.ndjson')).toThrow(
      expect.objectContaining({ code: 'E_LEVELS_INVALID', details: expect.objectContaining({ line }) }),
    )
  })
})
