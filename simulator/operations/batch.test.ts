/** If these fail, a batch does something else than its records one by one, or is refused where NetSuite takes it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount, type TestAnswer } from '../test-account.ts'
import { splitIds } from './batch.ts'

const JOB = '/services/rest/async/v1/job'
const COLLECTION = 'application/vnd.oracle.resource+json; type=collection'
const ASYNC = { prefer: 'respond-async', 'content-type': COLLECTION }
const HOST = 'https://1234567.suitetalk.api.netsuite.com'

type Item = Record<string, unknown>

/** An account with three customers A, B, C (ids as given back), and a way to run a batch to its end. */
async function account(async: ProfileInput['async'] = {}) {
  const made = createTestAccount({ profile: { async } })
  const ids: string[] = []
  for (const name of ['A', 'B', 'C'])
    ids.push(await made.create('customer', { companyName: name, externalId: name }))
  return { ...made, ids, batch: batchOn(made) }
}

/** Sends a batch, lets it end, and gives the results of its tasks. */
function batchOn({ send, clock }: TestAccount) {
  return async (
    method: string,
    path: string,
    items?: readonly Item[],
    headers: Record<string, string> = ASYNC,
  ) => {
    const body = items === undefined ? undefined : { items }
    const submitted = await send(method, path, body, headers)
    if (submitted.status !== 202) throw new Error(submitted.body)
    await clock.advance(0)
    const job = (await send('GET', `${JOB}/${submitted.id}`)).json
    const { count } = (await send('GET', `${JOB}/${submitted.id}/task`)).json
    const results: TestAnswer[] = []
    const progress: unknown[] = []
    for (let no = 1; no <= Number(count); no++) {
      results.push(await send('GET', `${JOB}/${submitted.id}/task/${no}/result`))
      progress.push((await send('GET', `${JOB}/${submitted.id}/task/${no}`)).json.progress)
    }
    return { job, results, progress, statuses: results.map(({ status }) => status) }
  }
}

const refusal = ({ status, error }: TestAnswer) => [
  status,
  error?.['o:errorCode'],
  error?.['o:errorHeader'] ?? error?.['o:errorQueryParam'] ?? error?.['o:errorPath'],
]

describe('a batch of writes', () => {
  it('creates one record per item, a task each, in the order of the items [ASY-050, ASY-053, REC-210..212, REC-217]', async () => {
    const { send, clock } = createTestAccount()
    const items = [{ companyName: 'A' }, { companyName: 'B' }]
    const submitted = await send('POST', 'customer', { items }, ASYNC)
    expect([submitted.status, submitted.body, submitted.headers['preference-applied']]).toEqual([
      202,
      '',
      'respond-async',
    ])
    expect(submitted.headers.location).toBe(`${HOST}${JOB}/1`)
    expect((await send('GET', `${JOB}/1/task/`)).json).toEqual({
      links: [{ rel: 'self', href: `${HOST}${JOB}/1/task` }],
      count: 2,
      items: [
        { links: [{ rel: 'self', href: `${HOST}${JOB}/1/task/1` }] },
        { links: [{ rel: 'self', href: `${HOST}${JOB}/1/task/2` }] },
      ],
    })
    await clock.advance(0)
    const [first, second] = [
      await send('GET', `${JOB}/1/task/1/result`),
      await send('GET', `${JOB}/1/task/2/result`),
    ]
    expect([first.status, second.status, Number(second.id) - Number(first.id)]).toEqual([204, 204, 1])
    expect((await send('GET', `customer/${second.id}`)).json.companyName).toBe('B')
  })
  it('has no result of the whole: each task is asked for its own [ASY-028]', async () => {
    const { batch, send } = await account()
    await batch('POST', 'customer', [{ companyName: 'D' }, { companyName: 'E' }])
    expect((await send('GET', `${JOB}/1/result`)).error?.['o:errorCode']).toBe('INVALID_URL')
    expect((await send('GET', `${JOB}/1/task/result`)).status).toBe(404)
  })
  it('updates by id or external id, and the id wins [ASY-053, REC-213]', async () => {
    const { batch, send, ids } = await account()
    const { statuses, results } = await batch('PATCH', 'customer', [
      { id: ids[0], comments: 'by id' },
      { externalId: 'B', comments: 'by external id' },
      { id: Number(ids[2]), externalId: 'C2', comments: 'by both' },
    ])
    expect(statuses).toEqual([204, 204, 204])
    expect(results.map(({ id }) => id)).toEqual(ids)
    const seen = await Promise.all(ids.map((id) => send('GET', `customer/${id}`)))
    expect(seen.map(({ json }) => [json.comments, json.externalId])).toEqual([
      ['by id', 'A'],
      ['by external id', 'B'],
      ['by both', 'C2'],
    ])
  })
  it('upserts by external id [REC-213, ASY-053]', async () => {
    const { batch, send, ids } = await account()
    const { statuses, results } = await batch('PUT', 'customer', [
      { externalId: 'A', comments: 'changed' },
      { externalId: 'NEW', companyName: 'New' },
    ])
    expect(statuses).toEqual([204, 204])
    expect(results[0]!.id).toBe(ids[0])
    expect((await send('GET', 'customer/eid:NEW')).json.companyName).toBe('New')
  })
  it('upserts by id too, which wins; or by external id alone, as a setting [OPQ-057]', async () => {
    const either = await account()
    const items = [{ id: either.ids[1], externalId: 'B2', comments: 'x' }]
    expect((await either.batch('PUT', 'customer', items)).results[0]!.id).toBe(either.ids[1])
    const strict = await account({ batchPutKeys: 'externalId' })
    const made = await strict.batch('PUT', 'customer', [
      { id: strict.ids[1], externalId: 'B2', companyName: 'B2' },
      { id: strict.ids[1], comments: 'x' },
    ])
    expect(made.statuses).toEqual([204, 400])
    expect(strict.ids).not.toContain(made.results[0]!.id)
  })
  it('deletes by ids of both kinds, also such with a blank [REC-214, REC-010, REC-508]', async () => {
    const { batch, send, create, ids } = await account()
    await create('customer', { companyName: 'T', externalId: 'test 5' })
    const path = `customer?ids=${ids[0]},eid:B,eid:'test%205',999999`
    const { statuses, job, progress } = await batch('DELETE', path, undefined, { prefer: 'respond-async' })
    expect(statuses).toEqual([204, 204, 204, 404])
    expect([job.progress, progress]).toEqual(['succeeded', ['succeeded', 'succeeded', 'succeeded', 'failed']])
    expect((await send('GET', 'customer')).json.count).toBe(1)
  })
  it('takes replace, replaceSelectedFields and the validation headers for each item [REC-219]', async () => {
    const { batch, send, ids } = await account()
    await send('PATCH', `customer/${ids[0]}`, { comments: 'x', email: 'a@example.com' })
    const path = 'customer?replaceSelectedFields=true&replace=comments'
    await batch('PATCH', path, [{ id: ids[0], comments: null, email: null }])
    const { json } = await send('GET', `customer/${ids[0]}`)
    expect([json.comments, json.email]).toEqual([undefined, 'a@example.com'])
    const strict = { ...ASYNC, 'x-netsuite-propertynamevalidation': 'error' }
    expect((await batch('PATCH', 'customer', [{ id: ids[0], noSuchField: 1 }], strict)).statuses).toEqual([
      400,
    ])
    const lax = await batch('PATCH', 'customer', [{ id: ids[0], noSuchField: 1 }])
    expect(lax.results[0]!.headers['x-netsuite-propertyvalidation']).toContain('noSuchField')
  })
})

describe('the items of a batch', () => {
  const MIXED = [
    { companyName: 'D', externalId: 'D' },
    { externalId: 'bad' },
    { companyName: 'E', externalId: 'E' },
  ]
  it('stand alone: one failure stops and undoes nothing; only its task says failed [ASY-032, ASY-060, REC-218, OPQ-080]', async () => {
    const { batch, send } = await account()
    const { job, progress, statuses, results } = await batch('POST', 'customer', MIXED)
    expect([statuses, progress]).toEqual([
      [204, 400, 204],
      ['succeeded', 'failed', 'succeeded'],
    ])
    expect([job.completed, job.progress]).toEqual([true, 'succeeded'])
    expect(results[1]!.error?.['o:errorCode']).toBe('USER_ERROR')
    expect((await send('GET', 'customer/eid:E')).status).toBe(200)
  })
  it('may fail the job, as a setting [OPQ-080, ASY-032]', async () => {
    const { batch } = await account({ failedBatch: 'failed' })
    expect((await batch('POST', 'customer', MIXED)).job.progress).toBe('failed')
    expect((await batch('POST', 'customer', [{ companyName: 'F' }])).job.progress).toBe('succeeded')
  })
  it('may refer to the external id of an earlier one [ASY-052, REC-218]', async () => {
    const { batch, send } = await account()
    const { statuses } = await batch('POST', 'customer', [
      { companyName: 'Parent', externalId: 'P' },
      { companyName: 'Child', externalId: 'Q', parent: { externalId: 'P' } },
    ])
    expect(statuses).toEqual([204, 204])
    const { json } = await send('GET', 'customer/eid:Q')
    expect(json.parent).toMatchObject({ refName: expect.stringContaining('Parent') })
  })
  it.each([
    ['PATCH', { comments: 'x' }],
    ['PUT', { companyName: 'X' }],
    ['PATCH', { id: '', comments: 'x' }],
  ])('of a %s need a key, else their task fails', async (method, item) => {
    const { batch } = await account()
    const { statuses, results } = await batch(method, 'customer', [item, { externalId: 'A', comments: 'x' }])
    expect(statuses).toEqual([400, 204])
    expect(results[0]!.error?.['o:errorCode']).toBe('INVALID_CONTENT')
  })
})

describe('the order of a batch', () => {
  const SLOW = {
    latency: { sigma: 0, medianMs: { '*.queue': 0, '*.create': 1000, '*.submit': 0, '*.poll': 0 } },
    suiteCloudPlus: 1,
  }
  const PARALLEL = { prefer: 'respond-async, batch-processing="parallel"', 'content-type': COLLECTION }
  /** How many of six records are there half a second after each whole second. */
  async function pace(headers: Record<string, string>, async: ProfileInput['async'] = {}) {
    const { clock, send } = createTestAccount({ profile: { ...SLOW, async } })
    return clock.run(async () => {
      const items = ['A', 'B', 'C', 'D', 'E', 'F'].map((companyName) => ({ companyName }))
      await send('POST', 'customer', { items }, headers)
      const counts: unknown[] = []
      for (let second = 0; second < 4; second++) {
        await clock.sleep(second === 0 ? 500 : 1000)
        const { customer = 0 } = (await send('GET', '/_seatrial/records')).json as { customer?: number }
        counts.push(customer)
      }
      return counts
    })
  }
  it('is one after another, on one processor [ASY-052, REC-216]', async () => {
    expect(await pace(ASYNC)).toEqual([0, 1, 2, 3])
  })
  it('is parallel on all processors when the request says so [ASY-051, REC-216]', async () => {
    expect(await pace(PARALLEL)).toEqual([0, 5, 6, 6])
  })
  it('was parallel always before 2026.2, as a setting [REC-216]', async () => {
    expect(await pace(ASYNC, { batchOrder: 'parallel' })).toEqual([0, 5, 6, 6])
  })
})

describe('a batch that is none', () => {
  it('without Prefer is refused, unless the profile says otherwise [REC-211, ASY-055, ASY-060]', async () => {
    const strict = await account()
    for (const [method, path, body] of [
      ['POST', 'customer', { items: [{ companyName: 'D' }] }],
      ['PATCH', 'customer', { items: [{ externalId: 'A' }] }],
      ['PUT', 'customer', { items: [{ externalId: 'A' }] }],
      ['DELETE', 'customer?ids=1', undefined],
    ] as const) {
      const answer = await strict.send(method, path, body, { 'content-type': COLLECTION })
      expect(refusal(answer)).toEqual([400, 'INVALID_HEADER', 'Prefer'])
    }
    const lax = await account({ batchWithoutPrefer: 'accept' })
    const { statuses } = await lax.batch('DELETE', `customer?ids=${lax.ids[0]}`, undefined, {})
    expect(statuses).toEqual([204])
  })
  it.each(['PATCH', 'PUT'])('%s needs the collection media type [REC-212, ASY-060]', async (method) => {
    const { send } = await account()
    const headers = { prefer: 'respond-async', 'content-type': 'application/json' }
    const answer = await send(method, 'customer', { items: [{ externalId: 'A' }] }, headers)
    expect(refusal(answer)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type'])
  })
  it('an array posted as application/json is no batch [REC-115, ASY-060]', async () => {
    const { send } = await account()
    for (const headers of [{}, { prefer: 'respond-async' }] as Record<string, string>[]) {
      const { status, error } = await send('POST', 'customer', [{ companyName: 'D' }], headers)
      expect([status, error?.['o:errorCode']]).toEqual([400, 'INVALID_CONTENT'])
    }
  })
  it.each([
    ['no items', {}],
    ['an object as items', { items: { companyName: 'D' } }],
    ['an item that is no object', { items: [{ companyName: 'D' }, 5] }],
    ['an empty batch', { items: [] }],
    ['101 records', { items: Array.from({ length: 101 }, () => ({ companyName: 'D' })) }],
  ])('%s is refused at submit [REC-508, REC-210, ASY-060]', async (_, body) => {
    const { send } = await account()
    expect(refusal(await send('POST', 'customer', body, ASYNC))).toEqual([400, 'INVALID_CONTENT', 'items'])
    expect((await send('GET', `${JOB}/1`)).status).toBe(404)
  })
  it('100 records are accepted; the most is a setting [REC-210, REC-508, GOV-036]', async () => {
    const items = Array.from({ length: 100 }, () => ({ companyName: 'D' }))
    const { send } = await account()
    expect((await send('POST', 'customer', { items }, ASYNC)).status).toBe(202)
    const small = await account({ batchMax: 99 })
    expect((await small.send('POST', 'customer', { items }, ASYNC)).status).toBe(400)
  })
  it.each(['customer', 'customer?ids=', 'customer?ids=1,,2', "customer?ids=eid:'A"])(
    'DELETE %s names no ids [REC-214, REC-508]',
    async (path) => {
      const { send } = await account()
      const answer = await send('DELETE', path, undefined, { prefer: 'respond-async' })
      expect(refusal(answer)).toEqual([400, 'INVALID_PARAMETER', 'ids'])
    },
  )
  it('sub-resources cannot be addressed [REC-165, ASY-056]', async () => {
    const { send, ids } = await account()
    const read = await send('GET', `customer/${ids[0]}/addressBook?expandRecords=true`)
    expect(refusal(read)).toEqual([400, 'INVALID_PARAMETER', 'expandRecords'])
    const write = await send('PATCH', `customer/${ids[0]}/addressBook`, { items: [{}] }, ASYNC)
    expect(refusal(write)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type'])
  })
})

describe('a batch GET', () => {
  it('answers at once with whole records [REC-215, REC-214]', async () => {
    const { send, ids } = await account()
    const answer = await send('GET', `customer?expandRecords=true&ids=${ids[1]},eid:A&fields=companyName`)
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
    ])
    const item = (id: string, companyName: string) => ({
      links: [
        {
          rel: 'self',
          href: `${HOST}/services/rest/record/v1/customer/${id}?fields=companyName`,
          method: 'GET',
        },
      ],
      companyName,
    })
    expect(answer.json).toEqual({
      links: [
        {
          rel: 'self',
          href: `${HOST}/services/rest/record/v1/customer?expandRecords=true&ids=${ids[1]}%2Ceid%3AA&fields=companyName`,
          method: 'GET',
        },
      ],
      count: 2,
      hasMore: false,
      items: [item(ids[1]!, 'B'), item('eid:A', 'A')],
      offset: 0,
      totalResults: 2,
    })
  })
  it('gives all body fields, and sublists when asked [ASY-054, REC-214]', async () => {
    const { send, ids } = await account()
    const whole = (await send('GET', `customer/${ids[0]}`)).json
    const { items } = (await send('GET', `customer?expandRecords=true&ids=${ids[0]}`)).json as {
      items: Item[]
    }
    expect(items[0]).toEqual(whole)
    const expanded = (await send('GET', `customer/${ids[0]}?expandSubResources=true`)).json
    const path = `customer?expandRecords=true&expandSubResources=true&ids=${ids[0]}`
    expect(((await send('GET', path)).json as { items: Item[] }).items[0]).toEqual(expanded)
  })
  it('expands what it names: `expand` counts here [REC-029, ASY-054]', async () => {
    const { send, create } = await account()
    const addressBook = { items: [{ addressBookAddress: { city: 'Basel' } }] }
    const id = await create('customer', { companyName: 'D', addressBook })
    const read = async (query: string) =>
      ((await send('GET', `customer?expandRecords=true&ids=${id}${query}`)).json as { items: Item[] })
        .items[0]!
    expect((await read('')).addressBook).not.toHaveProperty('items')
    expect((await read('&expand=addressBook')).addressBook).toMatchObject({ totalResults: 1 })
    expect((await send('GET', `customer/${id}?expand=addressBook`)).json.addressBook).not.toHaveProperty(
      'items',
    )
  })
  it('is a task per record as a job: the record, or its link and id only [OPQ-056, REC-215, ASY-054]', async () => {
    const { batch, ids } = await account()
    const prefer = { prefer: 'respond-async' }
    const whole = await batch('GET', `customer?expandRecords=true&ids=${ids[0]},999999`, undefined, prefer)
    expect(whole.statuses).toEqual([200, 404])
    expect(whole.results[0]!.json).toMatchObject({ id: ids[0], companyName: 'A' })
    const bare = await batch('GET', `customer?expandRecords=false&ids=${ids[0]}`, undefined, prefer)
    expect(bare.results[0]!.json).toEqual({
      links: [{ rel: 'self', href: `${HOST}/services/rest/record/v1/customer/${ids[0]}`, method: 'GET' }],
      id: ids[0],
    })
  })
  it('with an unknown id is refused, or answers without it', async () => {
    const strict = await account()
    const path = 'customer?expandRecords=true&ids=eid:A,999999'
    expect((await strict.send('GET', path)).status).toBe(404)
    const lax = await account({ batchGetMissing: 'skip' })
    expect((await lax.send('GET', path)).json.count).toBe(1)
  })
  it('of more than 100 is refused [REC-508]', async () => {
    const { send } = await account()
    const ids = Array.from({ length: 101 }, (_, n) => n + 1).join(',')
    const answer = await send('GET', `customer?expandRecords=true&ids=${ids}`)
    expect(refusal(answer)).toEqual([400, 'INVALID_PARAMETER', 'ids'])
  })
  it('is told from a list by ids or expandRecords', async () => {
    const { send } = await account()
    expect((await send('GET', 'customer?limit=2')).json.count).toBe(2)
    expect((await send('GET', 'customer?expandRecords=false')).json.count).toBe(3)
    expect((await send('GET', 'customer?expandRecords=true')).error?.['o:errorQueryParam']).toBe('ids')
  })
})

describe('ids=', () => {
  it.each([
    ['1', ['1']],
    ['1,2,eid:x', ['1', '2', 'eid:x']],
    ["eid:'test 5',3", ['eid:test 5', '3']],
    ["eid:'a,b'", ['eid:a,b']],
    ['', []],
  ])('%s is %j [REC-008, REC-010]', (text, ids) => {
    expect(splitIds(text)).toEqual(ids)
  })
  it('gives back what was quoted, whatever it is [REC-010]', () => {
    const id = fc
      .string({ unit: fc.constantFrom('a', '1', '-', '_', ' ', ','), minLength: 1 })
      .filter((one) => one.trim() === one)
    fc.assert(
      fc.property(fc.array(id, { minLength: 1 }), (ids) => {
        expect(splitIds(ids.map((one) => `eid:'${one}'`).join(','))).toEqual(ids.map((one) => `eid:${one}`))
      }),
      { seed: 1 },
    )
  })
})

describe('a batch and the same items one by one', () => {
  const name = fc.constantFrom('A', 'B', 'C', 'D')
  const item = fc.record(
    { externalId: name, companyName: name, comments: fc.constantFrom('x', 'y'), noSuchField: fc.constant(1) },
    { requiredKeys: [] },
  )
  const request = fc.record({
    method: fc.constantFrom('POST', 'PATCH', 'PUT', 'DELETE'),
    items: fc.array(item, { minLength: 1, maxLength: 6 }),
  })
  const single = (method: string, one: Item): readonly [string, string, Item | undefined] | undefined => {
    if (method === 'POST') return ['POST', 'customer', one]
    if (one.externalId === undefined) return undefined
    return [method, `customer/eid:${one.externalId}`, method === 'DELETE' ? undefined : one]
  }
  it('give the same answers and leave the same account [REC-217, REC-218]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 4 }), async (requests) => {
        const [together, apart] = [createTestAccount(), createTestAccount()]
        const batch = batchOn(together)
        for (const { method, items } of requests) {
          const sent = items.filter((one) => single(method, one) !== undefined)
          if (sent.length === 0) continue
          const results =
            method === 'DELETE'
              ? await batch('DELETE', `customer?ids=${sent.map((one) => `eid:${one.externalId}`).join(',')}`)
              : await batch(method, 'customer', sent)
          const answers: TestAnswer[] = []
          for (const one of sent) answers.push(await apart.send(...single(method, one)!))
          const shown = (all: TestAnswer[]) => all.map(({ status, body, id }) => [status, body, id])
          expect(shown(results.results)).toEqual(shown(answers))
        }
        const records = async ({ send }: TestAccount) =>
          (await send('GET', '/_seatrial/records/customer')).body
        expect(await records(together)).toBe(await records(apart))
      }),
      { seed: 1, numRuns: 30 },
    )
  })
})
