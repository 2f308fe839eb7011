/**
 * If this fails, SuiteQL computes or refuses something in another way than Oracle's definitions and NetSuite's words say.
 * The statements are in `corpus/`, by subject, and ask the data of `corpus/seed.ts`; what they should give was worked out
 * by hand.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'
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

describe('SuiteQL of an account elsewhere', () => {
  const asked = async (profile: ProfileInput, q: string) => {
    const { send, create } = createTestAccount({ profile, startMs: Date.UTC(2026, 0, 5, 23, 30) })
    await create('customer', {
      companyName: 'Acme',
      startDate: '2025-12-31',
      ...(profile.features?.oneWorld ? { subsidiary: { id: '1' } } : {}),
    })
    const { json, error } = await send(
      'POST',
      '/services/rest/query/v1/suiteql',
      { q },
      { prefer: 'transient' },
    )
    return error?.detail ?? (json.items as Record<string, unknown>[]).map(({ links: _, ...row }) => row)
  }
  it.each([
    ['D.M.YYYY', '31.12.2025', '6.1.2026'],
    ['D-Mon-YYYY', '31-Dec-2025', '6-Jan-2026'],
    ['YYYY-M-D', '2025-12-31', '2026-1-6'],
    ['D/M/YYYY', '31/12/2025', '6/1/2026'],
    ['YYYY/M/D', '2025/12/31', '2026/1/6'],
  ] as const)(
    'shows and reads dates as %s, in its own time zone [SQL-015]',
    async (dateFormat, start, today) => {
      const q = `SELECT startdate, TRUNC(SYSDATE) AS today FROM customer WHERE startdate = '${start}'`
      expect(await asked({ preferences: { dateFormat, timeZone: 'Europe/Berlin' } }, q)).toEqual([
        { startdate: start, today },
      ])
    },
  )
  it('has subsidiaries where the account is OneWorld [SQL-033, SQL-036]', async () => {
    const q = 'SELECT c.subsidiary, s.name FROM customer c JOIN subsidiary s ON s.id = c.subsidiary'
    expect(await asked({ features: { oneWorld: true } }, q)).toEqual([
      { subsidiary: '1', name: 'Parent Company' },
    ])
  })
  it.each([
    ['SELECT * FROM (SELECT id FROM item ORDER BY id DESC) WHERE ROWNUM <= 2', ['3', '2'], ['2', '1']],
    ['SELECT * FROM (SELECT COUNT(*) AS id FROM item) WHERE ROWNUM <= 2', ['3'], ['2']],
    ['SELECT * FROM (SELECT * FROM (SELECT id FROM item ORDER BY id DESC)) WHERE ROWNUM = 1', ['3'], ['1']],
    ['SELECT id FROM (SELECT id FROM item ORDER BY id DESC) WHERE ROWNUM = 1', ['3'], ['3']],
  ])('counts %s as the profile says [SQL-055]', async (q, sorted, unsorted) => {
    const idsBy = async (rownumWrapper: 'sorted' | 'unsorted') => {
      const { send, create } = createTestAccount({ profile: { settings: { rownumWrapper } } })
      for (const itemId of ['X', 'Y', 'Z']) await create('inventoryItem', { itemId })
      const { json } = await send('POST', '/services/rest/query/v1/suiteql', { q }, { prefer: 'transient' })
      return (json.items as { id: string }[]).map(({ id }) => id)
    }
    expect(await idsBy('sorted')).toEqual(sorted)
    expect(await idsBy('unsorted')).toEqual(unsorted)
  })
})
