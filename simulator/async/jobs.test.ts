/** If these fail, a client that submits jobs and polls for them meets other states, bodies or results than NetSuite's. */
import { describe, expect, it } from 'vitest'
import type { SlotsView } from '../../protocol/control.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'
import { processorsOf } from './processors.ts'

const JOB = '/services/rest/async/v1/job'
const ASYNC = { prefer: 'respond-async' }
const HOST = 'https://1234567.suitetalk.api.netsuite.com'
/** A second before the first task, two seconds for a create; submits and polls take no time. */
const TIMED = {
  latency: {
    sigma: 0,
    medianMs: { '*.queue': 1000, '*.create': 2000, '*.get': 500, '*.submit': 0, '*.poll': 0 },
  },
} as const

/** Lets all jobs of an account without waiting run to their end. */
const finish = ({ clock }: TestAccount): Promise<void> => clock.advance(0)

describe('submitting', () => {
  it('answers 202 with the address of the job and no body [ASY-001, ASY-002, ASY-004, REC-303]', async () => {
    const { send } = createTestAccount()
    const answer = await send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
    expect([answer.status, answer.body]).toEqual([202, ''])
    expect(answer.headers).toMatchObject({
      'preference-applied': 'respond-async',
      location: `${HOST}/services/rest/async/v1/job/1`,
      'content-type': 'application/json',
      'content-length': '0',
    })
    expect((await send('DELETE', 'customer/99', undefined, ASYNC)).id).toBe('2')
  })
  it('gives a path instead of an address where the profile says so [ASY-003]', async () => {
    const { send } = createTestAccount({ profile: { async: { location: 'path' } } })
    const { headers } = await send('GET', 'customer/1', undefined, ASYNC)
    expect(headers.location).toBe('/services/rest/async/v1/job/1')
  })
  it('takes the headers real clients send together [ASY-007, ASY-071]', async () => {
    const account = createTestAccount()
    const headers = {
      ...ASYNC,
      'x-netsuite-idempotency-key': '6fa459ea-ee8a-3ca4-894e-db77e160355e',
      'x-netsuite-propertynamevalidation': 'Warning',
      'x-netsuite-propertyvaluevalidation': 'Warning',
    }
    const { status } = await account.send('POST', 'customer', { companyName: 'A', noSuchField: 1 }, headers)
    expect(status).toBe(202)
    await finish(account)
    const result = await account.send('GET', `${JOB}/1/task/1/result`)
    expect([result.status, result.headers['x-netsuite-propertyvalidation']]).toEqual([
      204,
      expect.stringContaining('noSuchField'),
    ])
  })
  it('names no job in X-NetSuite-JobId: a UUID, as on every answer [ASY-008, OPQ-017]', async () => {
    const { headers } = await createTestAccount().send('POST', 'customer', { companyName: 'A' }, ASYNC)
    expect(headers['x-netsuite-jobid']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    expect(headers['x-n-operationid']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  })
  it('refuses at once what cannot be read, or in the task where the profile says so', async () => {
    const strict = createTestAccount()
    expect((await strict.send('POST', 'customer', '{', ASYNC)).error?.['o:errorCode']).toBe('INVALID_CONTENT')
    expect((await strict.send('GET', 'noSuchType/1', undefined, ASYNC)).status).toBe(404)
    const lax = createTestAccount({ profile: { async: { malformed: 'task' } } })
    expect((await lax.send('POST', 'customer', '{', ASYNC)).status).toBe(202)
    await finish(lax)
    const result = await lax.send('GET', `${JOB}/1/task/1/result`)
    expect([result.status, result.error?.['o:errorCode']]).toEqual([400, 'INVALID_CONTENT'])
  })
  it('leaves the other services alone: SuiteQL does not become a job [ASY-005]', async () => {
    const { send } = createTestAccount()
    const plain = await send('POST', '/services/rest/query/v1/suiteql', { q: 'SELECT 1' })
    const queued = await send('POST', '/services/rest/query/v1/suiteql', { q: 'SELECT 1' }, ASYNC)
    expect([queued.status, queued.body]).toEqual([plain.status, plain.body])
    expect((await send('GET', `${JOB}/1`)).status).toBe(404)
  })
  it('needs a slot, and polling does too; the work itself needs none [ASY-046, GOV-026]', async () => {
    const account = createTestAccount({
      profile: {
        concurrencyLimit: 1,
        latency: {
          sigma: 0,
          medianMs: { '*.queue': 1000, '*.create': 2000, '*.submit': 100, '*.poll': 100 },
        },
      },
    })
    await account.clock.run(async () => {
      const [first, second] = await Promise.all([
        account.send('POST', 'customer', { companyName: 'A' }, ASYNC),
        account.send('POST', 'customer', { companyName: 'B' }, ASYNC),
      ])
      expect([first!.status, second!.status]).toEqual([202, 429])
      await account.clock.sleep(1500)
      const slots = (await account.send('GET', '/_seatrial/slots')).json as unknown as SlotsView
      expect(slots.inUse).toBe(0)
      const polls = await Promise.all([account.send('GET', `${JOB}/1`), account.send('GET', `${JOB}/1`)])
      expect([polls[0]!.json.progress, polls[1]!.status]).toEqual(['processing', 429])
    })
  })
})

describe('watching', () => {
  it('shows pending, processing, succeeded with their times [ASY-020, ASY-021, ASY-030, OPQ-050, OPQ-051]', async () => {
    const account = createTestAccount({ profile: TIMED })
    const common = {
      links: [{ rel: 'self', href: `${HOST}${JOB}/1` }],
      id: '1',
      startTime: '2026-01-05T09:00:00Z',
      task: { links: [{ rel: 'self', href: `${HOST}${JOB}/1/task` }] },
    }
    await account.clock.run(async () => {
      await account.send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
      const first = await account.send('GET', `${JOB}/1`)
      expect(first.headers['content-type']).toBe(
        'application/vnd.oracle.resource+json; type=singular; charset=UTF-8',
      )
      expect(first.json).toEqual({ ...common, completed: false, progress: 'pending' })
      await account.clock.sleep(1500)
      const next = await account.send('GET', `${JOB}/1`)
      expect(next.json).toEqual({ ...common, completed: false, progress: 'processing' })
      await account.clock.sleep(2000)
      const last = await account.send('GET', `${JOB}/1/`)
      expect(last.json).toEqual({
        ...common,
        completed: true,
        endTime: '2026-01-05T09:00:03Z',
        progress: 'succeeded',
      })
      expect(Object.keys(last.json)[0]).toBe('links')
    })
  })
  it('shows a task with its own times and a link to its result [ASY-024]', async () => {
    const account = createTestAccount({ profile: TIMED })
    const common = {
      links: [
        { rel: 'related', href: `${HOST}${JOB}/1/task/1/result` },
        { rel: 'self', href: `${HOST}${JOB}/1/task/1` },
      ],
      id: '1',
    }
    await account.clock.run(async () => {
      await account.send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
      const task = async () => (await account.send('GET', `${JOB}/1/task/1`)).json
      expect(await task()).toEqual({ ...common, completed: false, progress: 'pending' })
      await account.clock.sleep(1500)
      const startTime = '2026-01-05T09:00:01Z'
      expect(await task()).toEqual({ ...common, completed: false, progress: 'processing', startTime })
      await account.clock.sleep(2000)
      const endTime = '2026-01-05T09:00:03Z'
      expect(await task()).toEqual({ ...common, completed: true, endTime, progress: 'succeeded', startTime })
    })
  })
  it('lists the tasks of a job, with and without a slash at the end [ASY-022, OPQ-053, OPQ-081]', async () => {
    const { send } = createTestAccount()
    await send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
    const list = {
      links: [{ rel: 'self', href: `${HOST}${JOB}/1/task` }],
      count: 1,
      items: [{ links: [{ rel: 'self', href: `${HOST}${JOB}/1/task/1` }] }],
    }
    expect((await send('GET', `${JOB}/1/task`)).json).toEqual(list)
    expect((await send('GET', `${JOB}/1/task/`)).json).toEqual(list)
  })
  it('can be walked by links alone, from the 202 to the new record [ASY-023, ASY-026]', async () => {
    const account = createTestAccount()
    const { send } = account
    const hrefOf = (links: unknown, rel: string): string => {
      const { href } = (links as { rel: string; href: string }[]).find((link) => link.rel === rel)!
      return href.slice(HOST.length)
    }
    const submitted = await send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
    await finish(account)
    const job = (await send('GET', submitted.headers.location!.slice(HOST.length))).json
    const tasks = (await send('GET', hrefOf((job.task as { links: unknown }).links, 'self'))).json
    const task = (await send('GET', hrefOf((tasks.items as { links: unknown }[])[0]!.links, 'self'))).json
    const result = await send('GET', hrefOf(task.links, 'related'))
    expect([result.status, result.body]).toEqual([204, ''])
    expect(result.headers.location).toMatch(new RegExp(`^${HOST}/services/rest/record/v1/customer/\\d+$`))
    expect((await send('GET', `customer/${result.id}`)).json.companyName).toBe('Acme')
  })
  it('takes the id of a one-task job for its task [OPQ-054]', async () => {
    const account = createTestAccount()
    await account.send('GET', 'currency/1', undefined, ASYNC)
    await account.send('GET', 'currency/1', undefined, ASYNC)
    await finish(account)
    expect((await account.send('GET', `${JOB}/2/task/2/result`)).json.id).toBe('1')
    expect((await account.send('GET', `${JOB}/2/task/1/result`)).json.id).toBe('1')
    expect((await account.send('GET', `${JOB}/2/task/3/result`)).status).toBe(404)
  })
  it.each(['999999999', 'abc', '0', '1/task/2', '1/task/x', '1/task/2/result'])(
    'answers 404 to job/%s [ASY-033]',
    async (path) => {
      const account = createTestAccount()
      await account.send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
      await finish(account)
      const { status, error } = await account.send('GET', `${JOB}/${path}`)
      expect([status, error?.['o:errorCode']]).toEqual([404, 'NONEXISTENT_ID'])
    },
  )
  it('answers 400 instead where the profile says so [ASY-033]', async () => {
    const options = { unknownJob: '400', unfinishedResult: '400' } as const
    const { send } = createTestAccount({ profile: { async: options } })
    await send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
    const codes = async (path: string) => {
      const { status, error } = await send('GET', `${JOB}/${path}`)
      return [status, error?.['o:errorCode']]
    }
    expect(await codes('9')).toEqual([400, 'INVALID_ID'])
    expect(await codes('1/task/1/result')).toEqual([400, 'INVALID_REQUEST'])
  })
  it('has no result before the end [ASY-033]', async () => {
    const account = createTestAccount()
    await account.send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
    const { status, error } = await account.send('GET', `${JOB}/1/task/1/result`)
    expect([status, error?.['o:errorCode']]).toEqual([404, 'NONEXISTENT_ID'])
  })
  it.each(['DELETE', 'POST', 'PATCH'])(
    'knows no %s of a job: it cannot be cancelled [ASY-033]',
    async (method) => {
      const { send } = createTestAccount()
      await send('POST', 'customer', { companyName: 'Acme' }, ASYNC)
      const { status, error } = await send(method, `${JOB}/1`)
      expect([status, error?.['o:errorCode']]).toEqual([405, 'INVALID_METHOD'])
    },
  )
  it.each([
    '/services/rest/async/v1',
    '/services/rest/async/v1/jobs/1',
    `${JOB}/1/tasks`,
    `${JOB}/1/task/1/results`,
  ])('answers 400 to %s, which leads nowhere [REC-E06]', async (path) => {
    const { status, error } = await createTestAccount().send('GET', path)
    expect([status, error?.['o:errorCode']]).toEqual([400, 'INVALID_URL'])
  })
})

describe('a result', () => {
  /** The same request at once, on one account, and as a job, on another of the same history. */
  async function both(method: string, path: string, body?: unknown) {
    const [now, later] = [createTestAccount(), createTestAccount()]
    for (const { create } of [now, later]) await create('customer', { companyName: 'Acme', externalId: 'A' })
    const atOnce = await now.send(method, path, body)
    expect((await later.send(method, path, body, ASYNC)).status).toBe(202)
    await finish(later)
    const job = (await later.send('GET', `${JOB}/1`)).json
    const task = (await later.send('GET', `${JOB}/1/task/1`)).json
    const replayed = await later.send('GET', `${JOB}/1/task/1/result`)
    return { atOnce, replayed, progress: [job.progress, task.progress] }
  }
  it.each([
    ['GET', 'customer/1', undefined],
    ['GET', 'customer/eid:A?fields=companyName', undefined],
    ['GET', 'customer?limit=2', undefined],
    ['POST', 'customer', { companyName: 'B', isPerson: false }],
    ['PATCH', 'customer/eid:A', { comments: 'x' }],
    ['PUT', 'customer/eid:B', { companyName: 'B' }],
    ['DELETE', 'customer/eid:A', undefined],
  ])('of %s %s replays status, headers and body [ASY-025, OPQ-052]', async (method, path, body) => {
    const { atOnce, replayed, progress } = await both(method, path, body)
    expect(replayed.status).toBe(atOnce.status)
    expect(replayed.body).toBe(atOnce.body)
    for (const name of ['content-type', 'location', 'content-length'])
      expect(replayed.headers[name]).toBe(atOnce.headers[name])
    expect(progress).toEqual(['succeeded', 'succeeded'])
  })
  it.each([
    ['GET', 'customer/999', undefined, 404],
    ['POST', 'customer', {}, 400],
    ['POST', 'customer', { companyName: 'B', externalId: 'A' }, 400],
    ['DELETE', 'customer/eid:NOBODY', undefined, 404],
  ])('of a %s %s that fails is its error [ASY-027, ASY-031, OPQ-052]', async (method, path, body, status) => {
    const { atOnce, replayed, progress } = await both(method, path, body)
    expect(replayed.status).toBe(status)
    expect(replayed.body).toBe(atOnce.body)
    expect(replayed.headers['content-type']).toBe(
      'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    )
    expect(progress).toEqual(['failed', 'failed'])
  })
  it('of a transform is what the transform answers [ASY-009, REC-170]', async () => {
    const { atOnce, replayed, progress } = await both('POST', 'customer/eid:A/!transform/opportunity', {})
    expect(atOnce.status).toBe(204)
    expect([replayed.status, replayed.headers.location]).toEqual([204, atOnce.headers.location])
    expect(progress).toEqual(['succeeded', 'succeeded'])
  })
  it('of work that fails half-way leaves nothing but its error', async () => {
    const account = createTestAccount()
    const customer = await account.create('customer', { companyName: 'Acme' })
    const item = await account.create('inventoryItem', { itemId: 'Anchor' })
    const line = { item: { id: item }, quantity: 2, rate: 10 }
    const order = { entity: { id: customer }, externalId: 'SO', item: { items: [line] } }
    await account.create('salesOrder', order)
    const counts = (await account.send('GET', '/_seatrial/records')).body
    await account.send('POST', 'salesOrder', order, ASYNC)
    await finish(account)
    expect((await account.send('GET', `${JOB}/1/task/1/result`)).status).toBe(400)
    expect((await account.send('GET', '/_seatrial/records')).body).toBe(counts)
  })
  it('of a failed request may leave the job succeeded, as a setting [ASY-032]', async () => {
    const account = createTestAccount({ profile: { async: { failedSingle: 'succeeded' } } })
    await account.send('GET', 'customer/999', undefined, ASYNC)
    await finish(account)
    expect((await account.send('GET', `${JOB}/1`)).json.progress).toBe('succeeded')
    expect((await account.send('GET', `${JOB}/1/task/1`)).json.progress).toBe('failed')
  })
  it('can be read again and again, until retention takes the job away', async () => {
    const account = createTestAccount({ profile: { async: { retentionDays: 2 } } })
    await account.send('GET', 'currency/1', undefined, ASYNC)
    await finish(account)
    const read = async () => (await account.send('GET', `${JOB}/1/task/1/result`)).status
    expect([await read(), await read()]).toEqual([200, 200])
    await account.clock.advance(2 * 86_400_000 - 1)
    expect(await read()).toBe(200)
    await account.clock.advance(1)
    expect(await read()).toBe(404)
    // The next submit takes it from the database; its id is not given again.
    expect((await account.send('GET', 'currency/1', undefined, ASYNC)).id).toBe('2')
  })
})

describe('the processors', () => {
  it.each([
    [0, 2],
    [1, 5],
    [2, 10],
    [3, 15],
    [4, 20],
    [12, 60],
  ])('of %d SuiteCloud Plus licences are %d [ASY-040]', (licences, processors) => {
    expect(processorsOf(licences)).toBe(processors)
  })
  it('take jobs in the order they came, no more at once than there are [ASY-040, ASY-043]', async () => {
    const account = createTestAccount({
      profile: {
        ...TIMED,
        latency: { ...TIMED.latency, medianMs: { ...TIMED.latency.medianMs, '*.queue': 0 } },
      },
    })
    await account.clock.run(async () => {
      for (let n = 0; n < 5; n++) await account.send('POST', 'customer', { companyName: `C${n}` }, ASYNC)
      const seen = async () => {
        const jobs = [1, 2, 3, 4, 5].map((id) => account.send('GET', `${JOB}/${id}`))
        return (await Promise.all(jobs)).map(({ json }) => json.progress)
      }
      await account.clock.sleep(1000)
      expect(await seen()).toEqual(['processing', 'processing', 'pending', 'pending', 'pending'])
      await account.clock.sleep(2000)
      expect(await seen()).toEqual(['succeeded', 'succeeded', 'processing', 'processing', 'pending'])
      await account.clock.sleep(3001)
      expect(await seen()).toEqual(Array(5).fill('succeeded'))
    })
  })
  it('let a task take whatever time it takes [ASY-045]', async () => {
    const hour = {
      sigma: 0,
      factor: 4,
      medianMs: { '*.queue': 0, '*.create': 900_000, '*.submit': 0, '*.poll': 0 },
    }
    const account = createTestAccount({ profile: { latency: hour } })
    await account.clock.run(async () => {
      await account.send('POST', 'customer', { companyName: 'A' }, ASYNC)
      await account.clock.sleep(3_600_000 - 1)
      expect((await account.send('GET', `${JOB}/1`)).json.progress).toBe('processing')
      await account.clock.sleep(2)
      expect((await account.send('GET', `${JOB}/1`)).json.progress).toBe('succeeded')
    })
  })
  it('have a queue without a limit, and refuse nobody [ASY-044]', async () => {
    const account = createTestAccount()
    for (let n = 0; n < 500; n++) {
      const { status } = await account.send('POST', 'customer', { companyName: `C${n}` }, ASYNC)
      if (status !== 202) throw new Error(`submit ${n} answered ${status}`)
    }
    await finish(account)
    expect((await account.send('GET', `${JOB}/500`)).json.progress).toBe('succeeded')
  })
  it('hold no simulation open, and stop with the account', async () => {
    const account = createTestAccount({ profile: TIMED })
    const started = account.clock.now()
    await account.clock.run(() => account.send('POST', 'customer', { companyName: 'A' }, ASYNC))
    expect(account.clock.now()).toBe(started)
    account.simulator.close()
    await account.clock.advance(10_000)
  })
  it('forget everything at a reset', async () => {
    const account = createTestAccount({ profile: TIMED })
    await account.clock.run(async () => {
      await account.send('POST', 'customer', { companyName: 'A', externalId: 'A' }, ASYNC)
      await account.clock.sleep(1500)
      await account.send('POST', '/_seatrial/reset')
      await account.clock.sleep(5000)
      expect((await account.send('GET', 'customer/eid:A')).status).toBe(404)
      expect((await account.send('GET', `${JOB}/1`)).status).toBe(404)
      expect((await account.send('POST', 'customer', { companyName: 'B' }, ASYNC)).id).toBe('1')
      await account.clock.sleep(5000)
      expect((await account.send('GET', `${JOB}/1`)).json.progress).toBe('succeeded')
    })
  })
})
