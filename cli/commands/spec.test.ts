// If this fails, `seatrial spec check` does not tell a user about his document, or hides why it was refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import { toOpenApi } from '../../simulator/spec/write.ts'
import { specCommand } from './spec.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatrial-spec-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]): Promise<string> {
  let printed = ''
  const command = specCommand((text) => {
    printed += text
  }).exitOverride()
  await command.parseAsync(['check', ...args], { from: 'user' })
  return printed
}

function fileOf(text: string): string {
  const file = join(folder, 'account.json')
  writeFileSync(file, text)
  return file
}

describe('seatrial spec check', () => {
  it('prints the report, or the same as JSON', async () => {
    const types = [loadBundledCatalogue().find('currency')!, loadBundledCatalogue().find('term')!]
    const file = fileOf(JSON.stringify(toOpenApi(types, { server: 'https://x' })))
    expect(await run(file)).toMatch(/2 record types[\s\S]*\ncurrency: 18 fields[\s\S]*\nterm: /)
    const json = JSON.parse(await run(file, '--json'))
    expect(json.types.map((type: { name: string }) => type.name)).toEqual(['currency', 'term'])
    expect(json.info).toMatchObject({ form: 'openapi', file })
    expect(json.oddities).toBeInstanceOf(Array)
  })
  it('refuses a broken document and a missing file in words', async () => {
    const file = fileOf('{\n"openapi": 3.0.1}')
    await expect(run(file)).rejects.toMatchObject({ code: 'E_SPEC_INVALID', details: { file, line: 2 } })
    await expect(run(join(folder, 'gone.json'))).rejects.toMatchObject({ code: 'E_FILE_UNREADABLE' })
  })
  it('shows in its help where a document comes from', () => {
    let help = ''
    const check = specCommand().commands[0]!
    check.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(help).toMatch(/metadata-catalog/)
    expect(help).toMatch(/seatrial spec check my-account\.json/)
  })
})
