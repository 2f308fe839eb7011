/**
 * Test support: queries of random records against a few lines of TypeScript that find the same in what REST wrote. Run
 * briefly by `properties.test.ts`, at length by `properties.long.test.ts`.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'
import {
  dateProperties,
  numberProperties,
  type Runs,
  textProperties,
} from './function-properties-test-kit.ts'
import { COLUMNS, type Condition, condition, type Person, person } from './predicate-test-kit.ts'

const PEOPLE = 40
const CONTACTS = 30

interface Contact {
  readonly id: number
  readonly company: number | null
  readonly title: string | null
}

let account: TestAccount
const people: Person[] = []
const contacts: Contact[] = []

beforeAll(async () => {
  account = createTestAccount()
  for (const drawn of fc.sample(person, { seed: 7, numRuns: PEOPLE })) {
    const { name, phone, limit, start, inactive } = drawn
    const id = await account.create('customer', {
      companyName: name,
      isInactive: inactive === 'T',
      ...(phone === null ? {} : { phone }),
      ...(limit === null ? {} : { creditLimit: limit / 100 }),
      ...(start === null ? {} : { startDate: start }),
    })
    people.push({ id: Number(id), ...drawn })
  }
  const drawn = fc.record({
    company: fc.option(fc.integer({ min: 1, max: PEOPLE }), { freq: 4, nil: null }),
    title: fc.option(fc.constantFrom('CEO', 'CTO'), { nil: null }),
  })
  for (const [at, { company, title }] of fc.sample(drawn, { seed: 8, numRuns: CONTACTS }).entries()) {
    const id = await account.create('contact', {
      entityId: `P${at}`,
      ...(company === null ? {} : { company: { id: String(company) } }),
      ...(title === null ? {} : { title }),
    })
    contacts.push({ id: Number(id), company, title })
  }
})

async function pageOf(q: string, page = '') {
  const path = `/services/rest/query/v1/suiteql${page}`
  const { status, json, body } = await account.send('POST', path, { q }, { prefer: 'transient' })
  if (status !== 200) throw new Error(`${q}\n${body}`)
  const { items, hasMore, totalResults } = json as {
    items: Record<string, string>[]
    hasMore: boolean
    totalResults: number
  }
  return { rows: items.map(({ links: _, ...row }) => row), hasMore, totalResults }
}

const rowsOf = async (q: string): Promise<Record<string, string>[]> => (await pageOf(q)).rows
const idsOf = async (q: string): Promise<number[]> => (await rowsOf(q)).map(({ id }) => Number(id))

const holding = ({ holds }: Condition): Person[] => people.filter((row) => holds(row) === true)

type Sortable = 'name' | 'phone' | 'limit' | 'start'
const sorting = fc.record({
  key: fc.constantFrom<Sortable[]>('name', 'phone', 'limit', 'start'),
  isDescending: fc.boolean(),
  nulls: fc.constantFrom('', ' NULLS FIRST', ' NULLS LAST'),
})
type Sorting = typeof sorting extends fc.Arbitrary<infer T> ? T : never

/** NULL is greater than all, unless the clause says where it stands. */
function ordered(a: Person, b: Person, sortings: readonly Sorting[]): number {
  for (const { key, isDescending, nulls } of sortings) {
    const [x, y] = [a[key], b[key]]
    if (x === y) continue
    const isFirst = nulls === '' ? isDescending : nulls === ' NULLS FIRST'
    if (x === null || y === null) return (x === null) === isFirst ? -1 : 1
    return x < y !== isDescending ? -1 : 1
  }
  return a.id - b.id
}

const orderText = (sortings: readonly Sorting[]): string =>
  sortings
    .map(({ key, isDescending, nulls }) => `${COLUMNS[key]}${isDescending ? ' DESC' : ''}${nulls}, `)
    .join('')

/** A row as the answer has it. */
function shown(row: Readonly<Record<string, string | number | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])),
  )
}

const money = (cents: number): string => String(cents / 100)

/** `times` more runs than the brief ones, drawn from `seed`. */
export function describeProperties({ seed, times }: { readonly seed: number; readonly times: number }): void {
  const runs: Runs = (count) => ({ seed, numRuns: count * times })
  describe('a query of random records', () => conditionProperties(runs))
  describe('rows of random records', () => {
    rowProperties(runs)
    groupProperties(runs)
  })
  describe('an outer join of random records', () => joinProperties(runs))
  describe('set operations on random records', () => setProperties(runs))
  describe('functions', () => {
    const row = async (q: string): Promise<Record<string, string>> => (await rowsOf(q))[0]!
    textProperties(row, runs)
    numberProperties(row, runs)
    dateProperties(row, runs)
  })
}

function conditionProperties(runs: Runs): void {
  it('has in WHERE the rows for which the condition is true, not those for which it is neither [SQL-041]', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (drawn) => {
        const q = `SELECT id FROM customer WHERE ${drawn.sql('')} ORDER BY id`
        expect(await idsOf(q), q).toEqual(holding(drawn).map(({ id }) => id))
      }),
      runs(100),
    )
  })
  it('is the same by EXISTS, by IN and by HAVING', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (drawn) => {
        const wanted = holding(drawn).map(({ id }) => id)
        const inner = `SELECT x.id FROM customer x WHERE (${drawn.sql('x.')})`
        const grouped = Object.values(COLUMNS).join(', ')
        for (const q of [
          `SELECT id FROM customer WHERE id IN (${inner}) ORDER BY id`,
          `SELECT c.id FROM customer c WHERE EXISTS (${inner} AND x.id = c.id) ORDER BY c.id`,
          `SELECT id FROM customer GROUP BY ${grouped} HAVING ${drawn.sql('')} ORDER BY id`,
        ])
          expect(await idsOf(q), q).toEqual(wanted)
      }),
      runs(30),
    )
  })
  it('is whole when its pages are put together [SQL-005, SQL-010]', async () => {
    await fc.assert(
      fc.asyncProperty(condition, fc.integer({ min: 1, max: 9 }), async (drawn, limit) => {
        const q = `SELECT id, companyname, phone FROM customer WHERE ${drawn.sql('')} ORDER BY companyname, id`
        const whole = await rowsOf(q)
        const joined: Record<string, string>[] = []
        for (let offset = 0; ; offset += limit) {
          const { rows, hasMore, totalResults } = await pageOf(q, `?limit=${limit}&offset=${offset}`)
          joined.push(...rows)
          expect(totalResults).toBe(whole.length)
          expect(hasMore).toBe(joined.length < whole.length)
          if (!hasMore) break
        }
        expect(joined).toEqual(whole)
      }),
      runs(15),
    )
  })
}

function rowProperties(runs: Runs): void {
  it('are sorted by several columns, NULL the greatest [SQL-041]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sorting, { maxLength: 3 }), async (sortings) => {
        const found = await idsOf(`SELECT id FROM customer ORDER BY ${orderText(sortings)}id`)
        expect(found).toEqual(people.toSorted((a, b) => ordered(a, b, sortings)).map(({ id }) => id))
      }),
      runs(60),
    )
  })
  it('are cut by FETCH FIRST and TOP after sorting, by ROWNUM before [SQL-053, SQL-055]', async () => {
    const cases = fc.tuple(condition, fc.array(sorting, { maxLength: 2 }), fc.integer({ min: 0, max: 12 }))
    await fc.assert(
      fc.asyncProperty(cases, async ([drawn, sortings, count]) => {
        const where = `WHERE ${drawn.sql('')}`
        const order = `ORDER BY ${orderText(sortings)}id`
        const sorted = holding(drawn).toSorted((a, b) => ordered(a, b, sortings))
        const first = sorted.slice(0, count).map(({ id }) => id)
        expect(
          await idsOf(`SELECT id FROM customer ${where} ${order} FETCH FIRST ${count} ROWS ONLY`),
        ).toEqual(first)
        expect(await idsOf(`SELECT TOP ${count} id FROM customer ${where} ${order}`)).toEqual(first)
        expect(
          await idsOf(`SELECT id FROM (SELECT id FROM customer ${where} ${order}) WHERE ROWNUM <= ${count}`),
        ).toEqual(first)
        // Which rows ROWNUM keeps is not said; how many, and in which order they come, is.
        const kept = await idsOf(
          `SELECT id FROM customer WHERE (${drawn.sql('')}) AND ROWNUM <= ${count} ${order}`,
        )
        expect(kept).toHaveLength(Math.min(count, sorted.length))
        expect(kept).toEqual(sorted.map(({ id }) => id).filter((id) => kept.includes(id)))
      }),
      runs(30),
    )
  })
}

function groupProperties(runs: Runs): void {
  it('are one of equals by DISTINCT, and groups by GROUP BY [SQL-041]', async () => {
    const keys = fc.uniqueArray(fc.constantFrom<Sortable[]>('name', 'phone', 'limit'), {
      minLength: 1,
      maxLength: 2,
    })
    await fc.assert(
      fc.asyncProperty(keys, condition, fc.integer({ min: 0, max: 2 }), async (by, drawn, least) => {
        const groups = Map.groupBy(holding(drawn), (row) => JSON.stringify(by.map((key) => row[key])))
        const columns = by.map((key) => COLUMNS[key]).join(', ')
        const where = `WHERE ${drawn.sql('')}`
        const distinct = await rowsOf(`SELECT DISTINCT ${columns} FROM customer ${where}`)
        expect(distinct).toHaveLength(groups.size)
        const found = await rowsOf(
          `SELECT ${columns}, COUNT(*) AS n, COUNT(startdate) AS s, SUM(creditlimit) AS total, MIN(id) AS first,
           MAX(companyname) AS last FROM customer ${where}
         GROUP BY ${columns} HAVING COUNT(*) > ${least} ORDER BY MIN(id)`,
        )
        const wanted = [...groups.values()]
          .filter((rows) => rows.length > least)
          .map((rows) => {
            const limits = rows.flatMap(({ limit }) => (limit === null ? [] : [limit]))
            return shown({
              ...Object.fromEntries(
                by.map((key) => {
                  const value = rows[0]![key]
                  return [COLUMNS[key], key === 'limit' && value !== null ? money(Number(value)) : value]
                }),
              ),
              n: rows.length,
              s: rows.filter(({ start }) => start !== null).length,
              total: limits.length === 0 ? null : money(limits.reduce((sum, limit) => sum + limit, 0)),
              first: Math.min(...rows.map(({ id }) => id)),
              last: rows.map(({ name }) => name).reduce((a, b) => (a > b ? a : b)),
            })
          })
        expect(found).toEqual(wanted)
      }),
      runs(40),
    )
  })
}

function joinProperties(runs: Runs): void {
  it('gives the same by LEFT JOIN and by (+), and as found by hand [SQL-042]', async () => {
    const cases = fc.record({
      title: fc.constantFrom(undefined, 'CEO', 'CTO'),
      left: fc.option(condition, { nil: undefined }),
      isUnmatched: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ title, left, isUnmatched }) => {
        const on = title === undefined ? '' : ` AND p.title = '${title}'`
        const marked = title === undefined ? '' : ` AND '${title}' = p.title(+)`
        const filters = [
          ...(left === undefined ? [] : [`(${left.sql('c.')})`]),
          ...(isUnmatched ? ['p.id IS NULL'] : []),
        ]
        const ansi = `SELECT c.id, p.id AS p FROM customer c LEFT JOIN contact p ON p.company = c.id${on}
        ${filters.length > 0 ? `WHERE ${filters.join(' AND ')}` : ''} ORDER BY c.id, p.id`
        const oracle = `SELECT c.id, p.id AS p FROM contact p, customer c WHERE c.id = p.company(+)${marked}
        ${filters.map((filter) => ` AND ${filter}`).join('')} ORDER BY c.id, p.id`
        const wanted = people
          .filter((row) => left === undefined || left.holds(row) === true)
          .flatMap(({ id }) => {
            const found = contacts.filter(
              (p) => p.company === id && (title === undefined || p.title === title),
            )
            if (found.length === 0) return [shown({ id, p: null })]
            return isUnmatched ? [] : found.map((p) => shown({ id, p: p.id }))
          })
        expect(await rowsOf(ansi)).toEqual(wanted)
        expect(await rowsOf(oracle)).toEqual(wanted)
      }),
      runs(40),
    )
  })
}

function setProperties(runs: Runs): void {
  it('go from left to right, and are those of sets [SQL-041]', async () => {
    const chain = fc.array(fc.tuple(fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'MINUS'), condition), {
      minLength: 1,
      maxLength: 3,
    })
    await fc.assert(
      fc.asyncProperty(condition, chain, async (first, rest) => {
        const side = (drawn: Condition): string =>
          `SELECT companyname, phone FROM customer WHERE ${drawn.sql('')}`
        const keysOf = (drawn: Condition): string[] =>
          holding(drawn).map(({ name, phone }) => JSON.stringify(shown({ companyname: name, phone })))
        let wanted = keysOf(first)
        for (const [op, drawn] of rest) {
          const [left, right] = [new Set(wanted), keysOf(drawn)]
          if (op === 'UNION ALL') wanted = [...wanted, ...right]
          else if (op === 'UNION') wanted = [...new Set([...left, ...right])]
          else wanted = [...left].filter((key) => right.includes(key) === (op === 'INTERSECT'))
        }
        const q = [side(first), ...rest.map(([op, drawn]) => `${op} ${side(drawn)}`)].join(' ')
        const found = (await rowsOf(q)).map((row) => JSON.stringify(row))
        expect(found.toSorted()).toEqual(wanted.toSorted())
      }),
      runs(40),
    )
  })
}
