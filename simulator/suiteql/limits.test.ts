/** If this fails, a query can hang the account, change it, or reach further than NetSuite lets it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { SystemClock, VirtualClock } from '../../kernel/clock.ts'
import type { JournalEntry } from '../../protocol/control.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { Account } from '../account.ts'
import { loadProfile } from '../profile.ts'
import { createRecordStore } from '../records/store.ts'
import { startServer } from '../server.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'
import { createLimits } from './limits.ts'

const SUITEQL = '/services/rest/query/v1/suiteql'
const ask = (account: Pick<TestAccount, 'send'>, q: string, page = '', prefer = 'transient') =>
  account.send('POST', SUITEQL + page, { q }, { prefer })

const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n FROM dual`).join(' UNION ALL ')
/** Ten to the power of `digits` rows, each a number. */
const numbers = (digits: number): string => {
  const at = Array.from({ length: digits }, (_, place) => place)
  const sum = at.map((place) => `d${place}.n * ${10 ** place}`).join(' + ')
  return `SELECT ${sum} AS id FROM ${at.map((place) => `(${DIGITS}) d${place}`).join(', ')}`
}
const REFUSED = {
  title: 'Bad Request',
  status: 400,
  'o:errorDetails': [
    {
      detail:
        'Invalid search query. Detailed unprocessed description follows. Search error occurred: Invalid or unsupported search.',
      'o:errorQueryParam': 'q',
      'o:errorCode': 'INVALID_PARAMETER',
    },
  ],
}

describe('a query that joins everything with everything', () => {
  const HUGE = `SELECT COUNT(*) AS n FROM (${numbers(5)}) a, (${numbers(5)}) b`

  it('is cut off after its rows, and the account goes on', async () => {
    const account = createTestAccount({ profile: { settings: { queryStepsMax: 200_000 } } })
    const { status, json } = await ask(account, HUGE)
    expect(status).toBe(400)
    expect(json).toMatchObject(REFUSED)
    expect((await ask(account, 'SELECT 1 AS one FROM dual')).status).toBe(200)
  })

  it('is cut off by the machine’s time where it may take more rows', async () => {
    const settings = { queryStepsMax: 1_000_000_000, queryWallMsMax: 200 }
    const account = createTestAccount({ profile: { settings } })
    const clock = new SystemClock()
    const startedMs = clock.now()
    const { status, json } = await ask(account, HUGE)
    expect(clock.now() - startedMs).toBeLessThan(5000)
    expect([status, json['o:errorDetails']]).toEqual([400, REFUSED['o:errorDetails']])
    expect((await ask(account, 'SELECT COUNT(*) AS n FROM customer')).json.items).toEqual([
      { links: [], n: '0' },
    ])
  })

  it('is cut off by the machine’s time where its functions are what takes long', async () => {
    const account = createTestAccount({ profile: { settings: { queryWallMsMax: 10 } } })
    const long = "REGEXP_REPLACE(RPAD('x', 4000, 'ab'), '[ab]', 'cd')"
    const q = `SELECT MAX(LENGTH(${long} || id)) AS n FROM (${numbers(3)})`
    expect((await ask(account, q)).json).toMatchObject(REFUSED)
    expect((await ask(account, 'SELECT 1 AS one FROM dual')).status).toBe(200)
  })

  it.each([
    ['an outer join that keeps no row', 'a LEFT JOIN n b ON a.id + b.id < 0'],
    ['one that keeps the other side', 'a RIGHT JOIN n b ON a.id + b.id < 0'],
    ['one of both sides', 'a FULL JOIN n b ON a.id + b.id < 0'],
  ])('is cut off as %s', async (_, from) => {
    const account = createTestAccount({ profile: { settings: { queryStepsMax: 100_000 } } })
    const q = `SELECT COUNT(*) AS n FROM (${numbers(4)}) ${from.replace(' n b', ` (${numbers(4)}) b`)}`
    expect((await ask(account, q)).json).toMatchObject(REFUSED)
  })

  it('is cut off in a subselect of each row too', async () => {
    const account = createTestAccount({ profile: { settings: { queryStepsMax: 100_000 } } })
    const inner = `SELECT MAX(b.id) FROM (${numbers(4)}) b WHERE b.id + a.id < 0`
    expect((await ask(account, `SELECT (${inner}) AS m FROM (${numbers(4)}) a`)).json).toMatchObject(REFUSED)
  })
})

describe('a query whose client hangs up', () => {
  const HUGE = `SELECT COUNT(*) AS n FROM (${numbers(5)}) a, (${numbers(5)}) b`
  const settings = { queryStepsMax: 1_000_000_000, queryWallMsMax: 600_000 }
  const wire = ({ sign, simulator }: TestAccount) =>
    sign({
      method: 'POST',
      url: simulator.baseUrl + SUITEQL,
      headers: { 'content-type': 'application/json', prefer: 'transient' },
      body: JSON.stringify({ q: HUGE }),
    })
  const lastEntry = async ({ send }: TestAccount) =>
    ((await send('GET', '/_seatrial/journal')).json.items as JournalEntry[]).at(-1)!

  it.each([0, 3])('is ended, after %s looks that find it there', async (looks) => {
    const account = createTestAccount({ profile: { settings } })
    let left = looks
    const hungUp = (): boolean => left-- <= 0
    await account.simulator.handle({ ...wire(account), hungUp })
    expect(left).toBe(-1)
    expect((await lastEntry(account)).explanation).toBe('cancelled: its client has hung up')
    expect((await ask(account, 'SELECT 1 AS one FROM dual')).status).toBe(200)
  })

  it.skipIf(process.platform !== 'linux')('is ended over a real socket', async () => {
    const account = createTestAccount({ profile: { settings } })
    const isUnderWay = new Int32Array(new SharedArrayBuffer(4))
    const handled = Promise.withResolvers()
    const serve = (request: WireRequest) => {
      isUnderWay[0] = 1
      Atomics.notify(isUnderWay, 0)
      const answer = account.simulator.serve(request)
      handled.resolve(answer)
      return answer
    }
    const server = await startServer({ ...account.simulator, serve }, { port: 0 })
    const { method, url, headers, body } = wire(account)
    const lines = Object.entries({ ...headers, host: new URL(url).host, 'content-length': body!.length })
    const head = [`${method} ${SUITEQL} HTTP/1.1`, ...lines.map((pair) => pair.join(': '))]
    const text = `${head.join('\r\n')}\r\n\r\n${body}`
    // The account's thread is busy with the query: another one sends it, and goes.
    const client = new Worker(
      `const { workerData: { port, text, isUnderWay } } = require('node:worker_threads')
      const socket = require('node:net').connect(port, '127.0.0.1', () => socket.write(text, () => {
        Atomics.wait(isUnderWay, 0, 0)
        socket.destroy()
      }))`,
      { eval: true, workerData: { port: server.port, text, isUnderWay } },
    )
    await Promise.all([handled.promise, once(client, 'exit')])
    await server.close()
    expect((await lastEntry(account)).explanation).toBe('cancelled: its client has hung up')
  })
})

describe('the reader of the database', () => {
  const store = createRecordStore()
  const limits = createLimits({
    store,
    clock: new VirtualClock(),
    profile: loadProfile('premium'),
  } as unknown as Account)
  const tried = (sql: string) => () => limits.reading(() => store.db.prepare(sql).all())

  it.each([
    ['DELETE FROM record'],
    ['INSERT INTO sequence VALUES (1, 2)'],
    ['UPDATE record SET type = 1'],
    ['DROP TABLE record'],
    ['PRAGMA user_version = 7'],
    ["ATTACH ':memory:' AS other"],
    ['SELECT * FROM sequence'],
    ['SELECT * FROM sqlite_schema'],
  ])('refuses %s', (sql) => {
    expect(tried(sql)).toThrow(/not authorized|prohibited/)
  })

  it('reads records, and leaves others their rights', () => {
    expect(tried('SELECT id FROM record')()).toEqual([])
    expect(() => store.db.exec('DELETE FROM record')).not.toThrow()
  })
})

describe('more than 100,000 rows', () => {
  const MANY = `SELECT id FROM (${numbers(5)} UNION ALL ${numbers(3)}) WHERE id > -1`

  it('end at the hundred thousandth, and are fetched on from the last key [SQL-007, GOV-037, OPQ-008]', async () => {
    const account = createTestAccount()
    const last = await ask(account, `${MANY} ORDER BY id`, '?limit=1000&offset=99000')
    expect(last.json).toMatchObject({ count: 1000, hasMore: false, totalResults: 100_000 })
    const beyond = await ask(account, `${MANY} ORDER BY id`, '?limit=1000&offset=100000')
    expect(beyond.json).toMatchObject({ count: 0, hasMore: false, items: [] })
    const [greatest] = (last.json.items as { id: string }[]).slice(-1)
    const rest = await ask(account, `${MANY} AND id > ${greatest!.id} ORDER BY id`)
    expect([greatest!.id, rest.json.count, rest.json.totalResults]).toEqual(['98999', 1000, 1000])
  })

  it('are refused where the profile says so [OPQ-008]', async () => {
    const account = createTestAccount({ profile: { settings: { queryAboveMax: 'refuse' } } })
    const { status, error } = await ask(account, MANY)
    expect([status, error?.['o:errorCode']]).toEqual([400, 'INVALID_PARAMETER'])
    expect((await ask(account, numbers(5))).status).toBe(200)
  })
})

describe('pages', () => {
  const pagesOf = async (account: TestAccount, q: string): Promise<string[]> => {
    const ids: string[] = []
    for (let offset = 0; offset < 100; offset += 10) {
      const { json } = await ask(account, q, `?limit=10&offset=${offset}`)
      ids.push(...(json.items as { id: string }[]).map(({ id }) => id))
    }
    return ids
  }
  const ALL = Array.from({ length: 100 }, (_, n) => String(n))
  const TIES = `SELECT id FROM (${numbers(2)}) ORDER BY TRUNC(id / 50)`

  it('without a full order have every row once, unless the profile shuffles what is equal [OPQ-061]', async () => {
    const inOrder = (ids: string[]): string[] => [...ids].sort((a, b) => Number(a) - Number(b))
    expect(inOrder(await pagesOf(createTestAccount(), TIES))).toEqual(ALL)
    const nasty = createTestAccount({ profile: { settings: { queryTies: 'shuffled' } } })
    const seen = await pagesOf(nasty, TIES)
    expect(new Set(seen).size).toBeLessThan(100)
    expect(seen.slice(0, 50).every((id) => Number(id) < 50)).toBe(true)
    expect(await pagesOf(nasty, `${TIES}, id`)).toEqual(ALL)
    expect(await pagesOf(nasty, TIES)).toEqual(seen)
  })

  it('show what was written between them', async () => {
    const account = createTestAccount()
    for (let n = 0; n < 4; n++) await account.create('vendor', { companyName: `V${n}` })
    const q = 'SELECT id, companyname FROM vendor ORDER BY id'
    const page = async (offset: number) => (await ask(account, q, `?limit=1&offset=${offset}`)).json
    await page(0)
    expect(await page(1)).toMatchObject({ items: [{ companyname: 'V1' }], totalResults: 4 })
    await account.send('PATCH', 'vendor/3', { companyName: 'New' })
    await account.create('vendor', { companyName: 'V5' })
    expect(await page(2)).toMatchObject({ items: [{ companyname: 'New' }], totalResults: 5 })
    expect(await page(3)).toMatchObject({ items: [{ companyname: 'V3' }], totalResults: 5 })
  })
})

describe('a query among other requests', () => {
  it('runs as a job where the profile says so [OPQ-009]', async () => {
    const account = createTestAccount({ profile: { settings: { queryRespondAsync: 'job' } } })
    await account.clock.run(async () => {
      const answer = await ask(account, 'SELECT 1 AS one FROM dual', '', 'transient, respond-async')
      expect(answer.status).toBe(202)
      await account.clock.sleep(60_000)
      const result = await account.send('GET', `${answer.headers.location}/task/1/result`)
      expect([result.status, result.json.items]).toEqual([200, [{ links: [], one: '1' }]])
    })
  })

  it('takes a slot, and is told when there is none [SQL-037]', async () => {
    const account = createTestAccount({
      profile: { concurrencyLimit: 1, latency: { model: 'lean' } },
    })
    const answers = await account.clock.run(() =>
      Promise.all([1, 2].map(() => ask(account, 'SELECT 1 AS one FROM dual'))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429])
  })

  it('can be answered 500 by a fault [OPQ-006]', async () => {
    const account = createTestAccount()
    const match = { operations: ['suiteql'] }
    await account.send('POST', '/_seatrial/faults', { fault: 'reject', id: 'bad', status: 500, match })
    const answer = await ask(account, 'SELECT 1 AS one FROM dual')
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([500, 'UNEXPECTED_ERROR'])
  })

  it('knows no subsidiaries in an account without OneWorld [SQL-036]', async () => {
    const account = createTestAccount({ profile: { features: { oneWorld: false } } })
    const { error } = await ask(account, 'SELECT id, subsidiary FROM transaction')
    expect(error?.detail).toBe(
      'Invalid search query. Detailed unprocessed description follows. Search error occurred: ' +
        "Unknown identifier 'subsidiary'. Available identifiers are: {transaction=transaction}.",
    )
  })
})
