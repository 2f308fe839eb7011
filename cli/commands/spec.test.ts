// If this fails, `seatrial spec` does not tell a user about his document, hides why it was refused, or writes types that do not fit.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
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
  await command.parseAsync(args, { from: 'user' })
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
    expect(await run('check', file)).toMatch(/2 record types[\s\S]*\ncurrency: 18 fields[\s\S]*\nterm: /)
    const json = JSON.parse(await run('check', file, '--json'))
    expect(json.types.map((type: { name: string }) => type.name)).toEqual(['currency', 'term'])
    expect(json.info).toMatchObject({ form: 'openapi', file })
    expect(json.oddities).toBeInstanceOf(Array)
  })
  it('refuses a broken document and a missing file in words', async () => {
    const file = fileOf('{\n"openapi": 3.0.1}')
    await expect(run('check', file)).rejects.toMatchObject({
      code: 'E_SPEC_INVALID',
      details: { file, line: 2 },
    })
    await expect(run('check', join(folder, 'gone.json'))).rejects.toMatchObject({ code: 'E_FILE_UNREADABLE' })
  })
  it('shows in its help where a document comes from', () => {
    let help = ''
    const check = specCommand().commands[0]!
    check.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(help).toMatch(/metadata-catalog/)
    expect(help).toMatch(/seatrial spec check my-account\.json/)
  })
})

/** What the compiler says of a program that uses the types in `file`. */
function complaints(file: string, program: string): string[] {
  const source = join(folder, 'program.ts')
  writeFileSync(source, `import type { RecordTypes } from ${JSON.stringify(file)}\n${program}`)
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    exactOptionalPropertyTypes: true,
  }
  return ts
    .getPreEmitDiagnostics(ts.createProgram([source], options))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

describe('seatrial spec types', () => {
  it('writes types that take what the account takes and refuse the rest', async () => {
    const out = join(folder, 'account.d.ts')
    expect(await run('types', '--select', 'customer, salesorder', '--out', out)).toBe(
      `2 record types written to ${out}\n`,
    )
    const right = `
      const customer: RecordTypes['customer'] = { companyName: 'Ada Ltd', subsidiary: { id: '1' } }
      const order: Partial<RecordTypes['salesOrder']> = { entity: { id: '7' }, item: { items: [{ quantity: 2 }] } }
      export const names: (keyof RecordTypes)[] = ['customer', 'salesOrder']; export { customer, order }`
    expect(complaints(out, right)).toEqual([])
    expect(complaints(out, `export const c: RecordTypes['customer'] = { companyNam: 'Ada Ltd' }`)).toEqual([
      expect.stringContaining("'companyNam' does not exist"),
    ])
    expect(complaints(out, `export type I = RecordTypes['invoice']`)).toHaveLength(1)
  })
  it('reads a document of one’s own, custom fields included, and prints without --out', async () => {
    const document = toOpenApi([loadBundledCatalogue().find('term')!], { server: 'https://x' }) as {
      components: { schemas: { term: { properties: Record<string, object> } } }
    }
    document.components.schemas.term.properties.custrecord_grace = { type: 'integer', title: 'Days of grace' }
    const text = await run('types', '--spec', fileOf(JSON.stringify(document)))
    expect(text).toMatch(/Days of grace[\s\S]*custrecord_grace\?: number/)
    expect(text).toContain('    "term": components["schemas"]["term"];')
  })
  it('names the nearest type for one that does not exist, and writes nothing', async () => {
    const out = join(folder, 'none.d.ts')
    await expect(run('types', '--select', 'custmer', '--out', out)).rejects.toMatchObject({
      code: 'E_RECORD_TYPE_UNKNOWN',
      details: { mend: 'did you mean customer?' },
    })
    expect(existsSync(out)).toBe(false)
  })
})
