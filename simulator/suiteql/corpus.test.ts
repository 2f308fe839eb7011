/**
 * If this fails, SuiteQL computes or refuses something in another way than Oracle's definitions and NetSuite's words say.
 * The statements are in `corpus/`, by subject, and ask the data of `corpus/seed.ts`; what they should give was worked out
 * by hand.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../test-account.ts'
import { seed } from './corpus/seed.ts'

interface Asked {
  readonly title: string
  readonly q: string
  readonly params?: readonly (string | number | null)[]
  /** Of the address, `?limit=2`. */
  readonly page?: string
}
/** What a statement gives: its rows, without the columns that are NULL. */
interface Given extends Asked {
  readonly rows: readonly Record<string, string>[]
}
/** What it is told instead, after the words that all refusals begin with. */
interface Refused extends Asked {
  readonly says: string
}
/** Expressions and what they give in `SELECT … AS v FROM dual`; null for NULL. */
interface Expressions {
  readonly title: string
  readonly gives: Readonly<Record<string, string | null>>
}

const FOLDER = join(import.meta.dirname, 'corpus')
const subjects = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    subject: file.slice(0, -'.json'.length),
    entries: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as (Given | Refused | Expressions)[],
  }))

/** Expressions as statements of their own. */
function statementsOf(entry: Given | Refused | Expressions): (Given | Refused)[] {
  if (!('gives' in entry)) return [entry]
  return Object.entries(entry.gives).map(([expression, value]) => ({
    title: `${entry.title}: ${expression}`,
    q: `SELECT ${expression} AS v FROM dual`,
    rows: [value === null ? {} : { v: value }],
  }))
}

let account: TestAccount
beforeAll(async () => {
  account = await seed()
})

async function answerOf({ q, params = [], page = '' }: Asked) {
  const path = `/services/rest/query/v1/suiteql${page}`
  const { status, json, error } = await account.send('POST', path, { q, params }, { prefer: 'transient' })
  if (error !== undefined)
    return { status, code: error['o:errorCode'], about: error['o:errorQueryParam'], ...error }
  return (json.items as Record<string, unknown>[]).map(({ links: _, ...row }) => row)
}

const PREFIX = 'Invalid search query. Detailed unprocessed description follows. '

describe.each(subjects)('SuiteQL: $subject', ({ entries }) => {
  it.each(entries.flatMap(statementsOf))('$title', async (statement) => {
    const answer = await answerOf(statement)
    if ('rows' in statement) expect(answer).toEqual(statement.rows)
    else
      expect(answer).toMatchObject({
        status: 400,
        code: 'INVALID_PARAMETER',
        about: 'q',
        detail: PREFIX + statement.says,
      })
  })
})

describe('SuiteQL', () => {
  it('takes 1,000 items in IN, and refuses one more [SQL-043]', async () => {
    const list = (count: number): string => Array.from({ length: count }, (_, n) => n + 1).join(', ')
    const q = (count: number): string => `SELECT COUNT(*) AS n FROM customer WHERE id IN (${list(count)})`
    expect(await answerOf({ title: '', q: q(1000) })).toEqual([{ n: '4' }])
    expect(await answerOf({ title: '', q: q(1001) })).toMatchObject({ status: 400 })
  })
})
