/** If this fails, a mangled statement gets another answer than rows or a refusal: a crash, or words of the database below. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../test-account.ts'
import { seed } from './corpus/seed.ts'

const FOLDER = join(import.meta.dirname, 'corpus')
const statements = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { q?: string; gives?: object }[])
  .flatMap(
    ({ q, gives }) => q ?? Object.keys(gives ?? {}).map((expression) => `SELECT ${expression} FROM dual`),
  )

let account: TestAccount
beforeAll(async () => {
  account = await seed()
})

async function expectRowsOrRefusal(q: string): Promise<void> {
  const path = '/services/rest/query/v1/suiteql'
  const { status, error, body } = await account.send('POST', path, { q }, { prefer: 'transient' })
  expect([200, 400]).toContain(status)
  if (status === 400) expect(error?.['o:errorCode']).toMatch(/^INVALID_(?:PARAMETER|CONTENT)$/)
  expect(body.replace(JSON.stringify(q).slice(1, -1), '')).not.toMatch(
    /sqlite|no such (?:column|function|table)/i,
  )
}

const words = statements.map((q) => q.split(/\b/))

describe('SuiteQL under mangled statements', () => {
  it('answers words in any order with rows or a refusal', async () => {
    const soup = fc
      .array(fc.constantFrom(...words.flat()), { maxLength: 25 })
      .map((parts) => `SELECT ${parts.join(' ')}`)
    await fc.assert(fc.asyncProperty(soup, expectRowsOrRefusal), { seed: 1, numRuns: 300 })
  })
  it('answers statements of which some words are changed, left out or doubled', async () => {
    const change = fc.record({
      of: fc.nat(words.length - 1),
      edits: fc.array(
        fc.record({
          at: fc.nat(200),
          how: fc.constantFrom('change', 'drop', 'double'),
          by: fc.nat(statements.length - 1),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    })
    const mangled = change.map(({ of, edits }) => {
      const parts = [...words[of]!]
      for (const { at, how, by } of edits) {
        const place = at % parts.length
        const other = words[by]![at % words[by]!.length]!
        const part = parts[place] ?? ''
        parts.splice(place, 1, ...(how === 'drop' ? [] : how === 'double' ? [part, part] : [other]))
        if (parts.length === 0) parts.push(';')
      }
      return parts.join('')
    })
    await fc.assert(fc.asyncProperty(mangled, expectRowsOrRefusal), { seed: 1, numRuns: 400 })
  })
})
