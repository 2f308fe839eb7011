/** If this fails, the suite may call a wrong target right, blame a target for a broken line, or leave records behind. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { type Transport, TransportError } from '../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import type { ConformanceCase } from './case.ts'
import { type ConformanceResult, conformanceResultSchema } from './result.ts'
import { type ConformanceOptions, runConformance } from './runner.ts'
import type { Target } from './target.ts'

const BASE = 'https://1234567-sb1.suitetalk.api.netsuite.com'
const CUSTOMER = '/services/rest/record/v1/customer'
const TBA = {
  accountId: '1234567_SB1',
  consumerKey: 'c0'.repeat(32),
  consumerSecret: 'c1'.repeat(32),
  tokenId: 'd0'.repeat(32),
  tokenSecret: 'd1'.repeat(32),
}
const target: Target = {
  name: 'a fake',
  baseUrl: BASE,
  accountId: '1234567_SB1',
  accountType: 'sandbox',
  allowWrites: true,
  parallelMax: 10,
  credentials: TBA,
  extraFields: {},
}

type Answer = (request: WireRequest, number: number) => WireResponse | TransportError

/** A transport that answers by `answer` and keeps what was sent. */
function fake(answer: Answer) {
  const clock = new VirtualClock()
  const sent: WireRequest[] = []
  let inFlight = 0
  const seen = { inFlightMax: 0 }
  const transport: Transport = {
    send: async (request) => {
      const number = sent.push(request) - 1
      seen.inFlightMax = Math.max(seen.inFlightMax, ++inFlight)
      await clock.sleep(10)
      inFlight--
      const given = answer(request, number)
      if (given instanceof TransportError) throw given
      return given
    },
    close: async () => {},
  }
  const run = (cases: readonly ConformanceCase[], options: Partial<ConformanceOptions> = {}) =>
    clock.run(() =>
      runConformance({ clock, rng: createRng(7), transport, target, cases, version: '0.0.0', ...options }),
    )
  const lines = () => sent.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`)
  return { run, sent, seen, lines }
}

const respond = (status: number, headers: Record<string, string> = {}, body: unknown = ''): WireResponse => ({
  status,
  headers,
  body: body === '' ? '' : JSON.stringify(body),
})

const MADE = respond(204, { location: `${BASE}${CUSTOMER}/41` })
const READ = respond(200, { 'content-type': 'application/json' }, { links: [], id: '41', name: 'A' })

/** A small account that does everything right. */
const right: Answer = ({ method }) => (method === 'POST' ? MADE : method === 'GET' ? READ : respond(204))

const about = {
  title: 'an example that holds',
  level: 'must',
  evidence: 'documented',
  source: { ref: 'REC-100', says: 'what the source requires' },
} as const

const MAKE = { POST: CUSTOMER, body: { companyName: '{unique}', externalId: '{unique}' } }
const READ_BACK: ConformanceCase = {
  ...about,
  id: 'records.example',
  needs: ['writes'],
  steps: [
    {
      send: MAKE,
      expect: {
        status: 204,
        text: '',
        header: { location: { $matches: '^{base}' } },
        save: { id: 'header.location:last' },
      },
    },
    {
      send: { GET: `${CUSTOMER}/{id}` },
      expect: {
        status: 200,
        header: { 'content-type': 'application/json', 'retry-after': { $absent: true } },
        body: { $keys: ['links', 'id', 'name'], id: '{id}' },
      },
    },
  ],
}
const only = (result: ConformanceResult) => result.cases[0]!

/** What a target does wrong, the step and place where it must be found. */
const PLANTED: readonly (readonly [string, Answer, number, string])[] = [
  ['201 for 204', (r, n) => (n === 0 ? { ...MADE, status: 201 } : right(r, n)), 0, 'status'],
  ['a body on a create', (r, n) => (n === 0 ? { ...MADE, body: '{}' } : right(r, n)), 0, 'body'],
  ['no Location', (r, n) => (n === 0 ? respond(204) : right(r, n)), 0, 'header.location'],
  [
    'a relative Location',
    (r, n) => (n === 0 ? respond(204, { location: `${CUSTOMER}/41` }) : right(r, n)),
    0,
    'header.location',
  ],
  ['a numeric id', (r, n) => (n === 1 ? body({ links: [], id: 41, name: 'A' }) : right(r, n)), 1, '/id'],
  ['links last', (r, n) => (n === 1 ? body({ id: '41', name: 'A', links: [] }) : right(r, n)), 1, 'body'],
  ['a body that is not JSON', (r, n) => (n === 1 ? { ...READ, body: '<html>' } : right(r, n)), 1, 'body'],
  [
    'a header too many',
    (r, n) => (n === 1 ? { ...READ, headers: { ...READ.headers, 'retry-after': '1' } } : right(r, n)),
    1,
    'header.retry-after',
  ],
]

function body(value: unknown): WireResponse {
  return { ...READ, body: JSON.stringify(value) }
}

describe('a case', () => {
  it('passes on a target that is right, and the result keeps to its schema', async () => {
    const result = await fake(right).run([READ_BACK])
    expect(conformanceResultSchema.parse(result)).toEqual(result)
    expect(result.verdict).toBe('pass')
    expect(only(result)).toMatchObject({ id: 'records.example', area: 'records', status: 'pass' })
    expect(result.scores).toEqual([
      { area: 'records', evidence: 'documented', pass: 1, fail: 0, skip: 0, disabled: 0, error: 0 },
    ])
  })
  it.each(PLANTED)('fails on a target with %s', async (_, answer, step, at) => {
    const result = await fake(answer).run([READ_BACK])
    expect(result.verdict).toBe('fail')
    expect(only(result).status).toBe('fail')
    expect(only(result).failure!.step).toBe(step)
    expect(only(result).failure!.differences.map((one) => one.at)).toContain(at)
  })
  it('tells the requirement by its source', async () => {
    const { source } = only(await fake(right).run([READ_BACK]))
    expect(source).toMatchObject({ ref: 'REC-100', title: 'Creating a record', confidence: 'documented' })
    expect(source.url).toMatch(/^https:\/\/docs\.oracle\.com\//)
  })
  it('of level should fails without failing the run', async () => {
    const wrong = fake(() => respond(500))
    const result = await wrong.run([{ ...READ_BACK, level: 'should' }])
    expect(only(result).status).toBe('fail')
    expect(result.verdict).toBe('error')
  })
  it('finds the error code in the first detail', async () => {
    const one: ConformanceCase = {
      ...about,
      id: 'errors.example',
      steps: [{ send: { GET: `${CUSTOMER}/1` }, expect: { status: 404, errorCode: 'NONEXISTENT_ID' } }],
    }
    const answering = (code: string) =>
      fake(() => respond(404, {}, { 'o:errorDetails': [{ 'o:errorCode': code }, { 'o:errorCode': 'MORE' }] }))
    expect(only(await answering('NONEXISTENT_ID').run([one])).status).toBe('pass')
    const failed = only(await answering('INVALID_ID').run([one]))
    expect(failed.failure!.differences).toEqual([
      { at: '/o:errorDetails/0/o:errorCode', expected: '"NONEXISTENT_ID"', actual: '"INVALID_ID"' },
    ])
  })
})

describe('what keeps a case from being judged', () => {
  const refused = new TransportError('E_CONNECTION_REFUSED', 'none', 'connection refused')
  const reset = new TransportError('E_CONNECTION_RESET', 'unknown', 'connection reset')

  it('is an error when there is no answer', async () => {
    const result = await fake((r, n) => (n === 1 ? reset : right(r, n))).run([READ_BACK])
    expect(only(result)).toMatchObject({
      status: 'error',
      reason: 'no answer: connection reset [E_CONNECTION_RESET]',
    })
    expect(result.verdict).toBe('error')
  })
  it('is an error when a precondition is refused', async () => {
    const one: ConformanceCase = { ...READ_BACK, given: [{ send: MAKE }] }
    const result = await fake(() => respond(400, {}, { title: 'Bad Request' })).run([one])
    expect(only(result).reason).toBe(`precondition POST ${CUSTOMER} answered 400: {"title":"Bad Request"}`)
  })
  it('is an error when there is nothing to save', async () => {
    const one: ConformanceCase = {
      ...about,
      id: 'records.example',
      steps: [{ send: { GET: `${CUSTOMER}/1` }, expect: { status: 200, save: { id: 'body/no/such' } } }],
    }
    expect(only(await fake(right).run([one])).reason).toBe('the answer (200) has no body/no/such to save')
  })
  it('is an error when nothing fills a placeholder', async () => {
    const one: ConformanceCase = {
      ...about,
      id: 'records.example',
      steps: [{ send: { GET: `${CUSTOMER}/{nobody}` }, expect: { status: 200 } }],
    }
    expect(only(await fake(right).run([one])).reason).toBe('nothing fills {nobody}')
  })
  it('leaves a target alone that never answers', async () => {
    const dead = fake(() => refused)
    const result = await dead.run(
      ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...READ_BACK, id: `records.${name}` })),
    )
    expect(result.cases.map(({ status }) => status)).toEqual(Array(5).fill('error'))
    expect(dead.sent).toHaveLength(3)
    expect(result.cases[4]!.reason).toContain('not sent')
  })
  it('is thrown when it is a bug of ours', async () => {
    const broken: Answer = () => {
      throw new TypeError('ours')
    }
    await expect(fake(broken).run([READ_BACK])).rejects.toThrow('ours')
  })
})

describe('what is not run', () => {
  const crowd: ConformanceCase = {
    ...about,
    id: 'governance.example',
    needs: ['concurrency'],
    steps: [{ send: { GET: `${CUSTOMER}/1`, parallel: 11 }, outcomes: [{ status: 200 }] }],
  }
  it('is skipped with the reason', async () => {
    const quiet = fake(right)
    const result = await quiet.run([READ_BACK, crowd], { target: { ...target, allowWrites: false } })
    expect(result.cases.map(({ status }) => status)).toEqual(['skip', 'skip'])
    expect(result.cases[0]!.reason).toContain('allowWrites')
    expect(result.cases[1]!.reason).toContain('11 requests at once')
    expect(quiet.sent).toEqual([])
    expect(result.verdict).toBe('error')
  })
  it('is disabled when not selected, or by the case itself', async () => {
    const other = { ...READ_BACK, id: 'delete.example' }
    const off = { ...READ_BACK, id: 'records.off', disabled: 'waits for a capture' }
    const result = await fake(right).run([READ_BACK, other, off], { only: ['records'] })
    expect(result.cases.map(({ status }) => status)).toEqual(['pass', 'disabled', 'disabled'])
    expect(result.cases[2]!.reason).toBe('waits for a capture')
  })
  it('cannot be a name that matches nothing', async () => {
    await expect(fake(right).run([READ_BACK], { only: ['recrods'] })).rejects.toThrow('recrods')
  })
})

describe('clean-up', () => {
  const deletes = (lines: readonly string[]) => lines.filter((line) => line.startsWith('DELETE'))

  it('deletes what was made, last first', async () => {
    const account = fake((r, n) =>
      r.method === 'POST' ? respond(204, { location: `${BASE}${CUSTOMER}/${n}` }) : right(r, n),
    )
    await account.run([
      { ...READ_BACK, given: [{ send: MAKE }], steps: [{ send: MAKE, expect: { status: 204 } }] },
    ])
    expect(deletes(account.lines())).toEqual([`DELETE ${CUSTOMER}/1`, `DELETE ${CUSTOMER}/0`])
  })
  it('deletes also after a failure, and what should have been refused', async () => {
    const account = fake(right)
    const result = await account.run([{ ...READ_BACK, steps: [{ send: MAKE, expect: { status: 400 } }] }])
    expect(only(result).status).toBe('fail')
    expect(deletes(account.lines())).toEqual([`DELETE ${CUSTOMER}/41`])
  })
  it('goes by external id when the answer was lost or names no record', async () => {
    const reset = new TransportError('E_TIMEOUT', 'unknown', 'no answer')
    for (const answer of [reset, respond(204), respond(204, { location: `${BASE}/elsewhere/7` })]) {
      const account = fake((r, n) => (n === 0 ? answer : right(r, n)))
      await account.run([READ_BACK])
      const { externalId } = JSON.parse(account.sent[0]!.body!) as { externalId: string }
      expect(deletes(account.lines())).toEqual([`DELETE ${CUSTOMER}/eid:${externalId}`])
    }
  })
  it('goes by the external ids of a batch, whose records come after its answer', async () => {
    const account = fake((r, n) => (r.method === 'POST' ? respond(202) : right(r, n)))
    const body = { items: [{ externalId: '{unique}-A' }, { externalId: '{unique}-B' }] }
    await account.run([
      { ...READ_BACK, steps: [{ send: { POST: CUSTOMER, body }, expect: { status: 202 } }] },
    ])
    const { items } = JSON.parse(account.sent[0]!.body!) as { items: { externalId: string }[] }
    const paths = items.map(({ externalId }) => `DELETE ${CUSTOMER}/eid:${externalId}`)
    expect(deletes(account.lines())).toEqual(paths.reverse())
  })
  it('reports what it could not delete', async () => {
    const result = await fake((r, n) => (r.method === 'DELETE' ? respond(400) : right(r, n))).run([READ_BACK])
    expect(only(result).status).toBe('pass')
    expect(result.leftovers).toEqual([`${CUSTOMER}/41`])
  })
})

describe('a step that waits', () => {
  const UNTIL: ConformanceCase = {
    ...about,
    id: 'async.example',
    steps: [{ send: { GET: `${CUSTOMER}/1` }, until: 10, expect: { status: 200 } }],
  }
  it('asks again every three seconds, signed anew, until the answer is as expected', async () => {
    const account = fake((_, n) => (n < 2 ? respond(404) : READ))
    expect(only(await account.run([UNTIL])).status).toBe('pass')
    expect(account.sent).toHaveLength(3)
    expect(new Set(account.sent.map(({ headers }) => headers.authorization)).size).toBe(3)
  })
  it('fails with the last answer once its time is over', async () => {
    const account = fake(() => respond(404))
    const { status, failure } = only(await account.run([UNTIL]))
    expect([status, failure?.differences[0]?.actual]).toEqual(['fail', '404'])
    expect(account.sent).toHaveLength(4)
  })
})

describe('requests', () => {
  it('go out one at a time, unless a case is about concurrency', async () => {
    const single = fake(right)
    await single.run([READ_BACK])
    expect(single.seen.inFlightMax).toBe(1)
    const crowd: ConformanceCase = {
      ...about,
      id: 'governance.example',
      needs: ['concurrency'],
      steps: [
        {
          send: { GET: `${CUSTOMER}/1`, parallel: 9 },
          outcomes: [
            { status: 200, min: 1 },
            { status: 429, min: 1, errorCode: 'X' },
          ],
        },
      ],
    }
    const busy = respond(429, {}, { 'o:errorDetails': [{ 'o:errorCode': 'X' }] })
    const many = fake((_, n) => (n > 4 ? busy : READ))
    expect(only(await many.run([crowd])).status).toBe('pass')
    expect(many.seen.inFlightMax).toBe(9)
    const none = only(await fake(() => READ).run([crowd]))
    expect(none.failure!.differences).toEqual([
      { at: 'status', expected: '1 to 9 answers of status 429', actual: '0 of 9' },
    ])
    const other = only(await fake((_, n) => (n > 4 ? { ...busy, status: 503 } : READ)).run([crowd]))
    expect(other.failure!.differences).toEqual([{ at: 'status', expected: 'one of 200, 429', actual: '503' }])
  })
  it('are signed anew when sent again, and byte for byte the same when replayed', async () => {
    const account = fake(() => READ)
    await account.run([
      {
        ...about,
        id: 'auth.example',
        needs: ['tba'],
        steps: [
          { send: { GET: `${CUSTOMER}/1` }, expect: { status: 200 } },
          { resend: 0, expect: { status: 200 } },
          { resend: 0, sign: 'replayed', expect: { status: 200 } },
        ],
      },
    ])
    const [first, again, replayed] = account.sent
    expect(again!.headers.authorization).not.toBe(first!.headers.authorization)
    expect(replayed).toEqual(first)
  })
  it('carry names that no other case and no later run uses', async () => {
    const account = fake(right)
    const cases = [READ_BACK, { ...READ_BACK, id: 'records.other' }]
    await account.run(cases)
    await account.run(cases)
    const names = account.sent
      .filter(({ method }) => method === 'POST')
      .map(({ body: text }) => (JSON.parse(text!) as { externalId: string }).externalId)
    expect(new Set(names).size).toBe(4)
    for (const name of names) expect(name).toMatch(/^seatrial-[\w-]+$/)
  })
  it('carry the extra fields of the target where they make a record', async () => {
    const account = fake(right)
    const extraFields = { customer: { subsidiary: { id: '1' } } }
    await account.run([READ_BACK], { target: { ...target, extraFields } })
    expect(JSON.parse(account.sent[0]!.body!)).toMatchObject({ subsidiary: { id: '1' } })
  })
})

describe('the result', () => {
  it('never shows a key, a secret or a signature, even if the target echoes them', async () => {
    const echo: Answer = ({ headers }) =>
      respond(
        418,
        { location: headers.authorization! },
        { echo: headers.authorization, ...target.credentials },
      )
    const shouting: ConformanceCase = {
      ...about,
      id: 'records.example',
      steps: [
        {
          send: { GET: `${CUSTOMER}/1` },
          expect: {
            status: 200,
            text: 'x',
            header: { location: 'x' },
            body: { echo: 'x', consumerSecret: 'x' },
          },
        },
      ],
    }
    const cases = [shouting, { ...READ_BACK, id: 'records.given', given: [{ send: MAKE }] }]
    const account = fake(echo)
    const result = await account.run(cases)
    const text = JSON.stringify(result)
    const { consumerKey, consumerSecret, tokenId, tokenSecret } = TBA
    const signatures = account.sent.map(
      ({ headers }) => /oauth_signature="([^"]+)"/.exec(headers.authorization!)![1]!,
    )
    expect(signatures.length).toBeGreaterThan(1)
    for (const secret of [consumerKey, consumerSecret, tokenId, tokenSecret, ...signatures]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(decodeURIComponent(secret))
    }
    expect(text).toContain('(hidden)')
  })
  it('is the same for the same seed', async () => {
    const results = await Promise.all([fake(right).run([READ_BACK]), fake(right).run([READ_BACK])])
    expect(results[0]).toEqual(results[1])
  })
})
