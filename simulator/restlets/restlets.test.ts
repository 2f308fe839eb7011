/** If this fails, RESTlets do not answer as NetSuite's do: addresses, methods, content types, limits, errors. */
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import type { UserModule } from '../scripts/modules.ts'
import { accountWithRole, createTestAccount, type TestAccount } from '../test-account.ts'
import type { RestletContext } from './api.ts'

const HOST = 'https://1234567.restlets.api.netsuite.com'
const PATH = '/app/site/hosting/restlet.nl'
const BY_NUMBER = '?script=541&deploy=1'
const JSON_TYPE = { 'content-type': 'application/json' }
const TEXT_TYPE = { 'content-type': 'text/plain' }
const XML_TYPE = { 'content-type': 'application/xml' }

const RESTLET = { script: 541, scriptId: 'customscript_own', deployId: 'customdeploy_own', file: 'own.ts' }

function options(module: UserModule, profile: ProfileInput = {}) {
  return {
    profile: { restlets: [RESTLET], scripting: { wallMsMax: 200 }, ...profile },
    modules: { 'own.ts': module },
  }
}

const accountWith = (module: UserModule, profile?: ProfileInput) =>
  createTestAccount(options(module, profile))

const call = (
  account: Pick<TestAccount, 'send'>,
  method: string,
  query: string,
  ...rest: [unknown?, Record<string, string>?]
) => account.send(method, `${HOST}${PATH}${query}`, ...rest)

const echo = {
  get: (parameters: unknown) => JSON.stringify(parameters),
  post: (body: unknown) => body,
}

const lastEntry = async (account: TestAccount): Promise<unknown> => {
  const { json } = await account.send('GET', '/_seatrial/journal')
  return (json.items as unknown[]).at(-1)
}

describe('the address', () => {
  it('names script and deployment by number or by id [RSL-001]', async () => {
    const account = accountWith(echo)
    const ids = '?script=customscript_own&deploy=customdeploy_own'
    for (const query of [BY_NUMBER, ids]) {
      const { status, body } = await call(account, 'GET', query)
      expect([status, body]).toEqual([200, '{}'])
    }
  })
  it('is said to be no Suitelet where there is none [RSL-009]', async () => {
    const account = accountWith(echo)
    for (const query of ['?script=542&deploy=1', '?script=541&deploy=2']) {
      const { status, body } = await call(account, 'GET', query, undefined, JSON_TYPE)
      expect([status, body]).toEqual([
        404,
        '{"error" : {"code" : "SSS_INVALID_SCRIPTLET_ID", "message" : "That Suitelet is invalid, disabled, or no longer exists."}}',
      ])
    }
    const { status, body } = await call(account, 'GET', '?script=541', undefined, TEXT_TYPE)
    expect([status, body]).toEqual([
      400,
      'error code: SSS_MISSING_REQD_ARGUMENT\nerror message: Missing a required argument: deploy',
    ])
  })
  it('has a host of its own; other hosts of NetSuite refuse with 403, names of one’s own do not [AUT-045]', async () => {
    const account = accountWith(echo)
    const status = async (origin: string) =>
      (await account.send('GET', `${origin}${PATH}${BY_NUMBER}`)).status
    expect(await status('https://1234567.suitetalk.api.netsuite.com')).toBe(403)
    expect(await status('https://7654321.restlets.api.netsuite.com')).toBe(403)
    expect(await status('https://localhost:8484')).toBe(200)
    expect(await status('https://127.0.0.1')).toBe(200)
    expect(await status('https://simulator:8484')).toBe(200)
  })
  it('has a hyphen for the underscore of a sandbox [RSL-001]', async () => {
    const account = accountWith(echo, { accountId: '1234567_SB1' })
    const { status } = await account.send(
      'GET',
      `https://1234567-sb1.restlets.api.netsuite.com${PATH}${BY_NUMBER}`,
    )
    expect(status).toBe(200)
  })
  it('takes its parameters into the signature [RSL-012]', async () => {
    const account = accountWith(echo)
    const signed = account.sign({ method: 'GET', url: `${HOST}${PATH}?script=541&deploy=2`, headers: {} })
    const answer = await account.simulator.handle({ ...signed, url: `${HOST}${PATH}${BY_NUMBER}` })
    expect(answer).toMatchObject({ status: 401 })
  })
})

describe('the body', () => {
  it('is not signed, for it is never a form [AUT-024]', async () => {
    const account = accountWith(echo)
    const url = `${HOST}${PATH}${BY_NUMBER}`
    const signed = account.sign({ method: 'POST', url, headers: JSON_TYPE, body: '{"a":1}' })
    expect(await account.simulator.handle({ ...signed, body: '{"a":2}' })).toMatchObject({
      status: 200,
      body: '{"a":2}',
    })
  })
})

describe('methods and arguments', () => {
  it('are the functions of the module; one it lacks is 405 [RSL-002, RSL-007]', async () => {
    const account = accountWith({ put: (body: unknown) => body, delete: () => 'gone' })
    expect((await call(account, 'PUT', BY_NUMBER, { a: 1 })).json).toEqual({ a: 1 })
    expect((await call(account, 'DELETE', BY_NUMBER)).body).toBe('gone')
    for (const method of ['GET', 'POST', 'PATCH', 'HEAD', 'OPTIONS'])
      expect((await call(account, method, BY_NUMBER, method === 'POST' ? {} : undefined)).status).toBe(405)
  })
  it('come from the URL or from the body, as the method has it [RSL-003]', async () => {
    const account = accountWith(echo)
    const { body } = await call(account, 'GET', `${BY_NUMBER}&id=5&name=a%20b`)
    expect(body).toBe('{"id":"5","name":"a b"}')
    expect((await call(account, 'POST', BY_NUMBER, { a: [1] })).body).toBe('{"a":[1]}')
    expect((await call(account, 'POST', BY_NUMBER, 'one text', TEXT_TYPE)).body).toBe('one text')
    const refused = await call(account, 'GET', BY_NUMBER, { a: 1 })
    expect([refused.status, refused.json.error]).toMatchObject([400, { code: 'INVALID_REQUEST' }])
    expect((await call(account, 'POST', BY_NUMBER, '{"a":', JSON_TYPE)).status).toBe(400)
  })
})

describe('content types', () => {
  it('are three; a body without one, or with another, is 415 [RSL-004]', async () => {
    const account = accountWith(echo)
    const status = async (type: string | undefined) => {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
      const request = account.sign({ method: 'POST', url: `${HOST}${PATH}${BY_NUMBER}`, headers, body: '1' })
      const answer = await account.simulator.handle(request)
      return (answer as { status: number }).status
    }
    expect(await status('application/json; charset=UTF-8')).toBe(200)
    expect(await status('application/xml')).toBe(200)
    expect(await status('text/plain')).toBe(200)
    expect(await status(undefined)).toBe(415)
    expect(await status('application/x-www-form-urlencoded')).toBe(415)
    expect(await status('application/vnd.oracle.resource+json')).toBe(415)
  })
  it('of the answer follow the request, plain text without a body, or what createResponse says [RSL-005]', async () => {
    const account = accountWith({
      get: ({ own }: Record<string, string>, { createResponse }: RestletContext) =>
        own === undefined ? 'plain' : createResponse({ content: '<a/>', contentType: 'application/xml' }),
      post: (body: unknown) => body,
    })
    const type = async (
      ...request: Parameters<typeof call> extends [unknown, ...infer Rest] ? Rest : never
    ) => (await call(account, ...request)).headers['content-type']
    expect(await type('POST', BY_NUMBER, {})).toBe('application/json; charset=utf-8')
    expect(await type('POST', BY_NUMBER, '<a/>', XML_TYPE)).toBe('application/xml; charset=utf-8')
    expect(await type('GET', BY_NUMBER)).toBe('text/plain; charset=utf-8')
    expect(await type('GET', `${BY_NUMBER}&own=1`)).toBe('application/xml')
  })
  it('that ask for text get an error for anything else [RSL-005, RSL-009]', async () => {
    const account = accountWith({ get: () => ({ a: 1 }) })
    const { status, body } = await call(account, 'GET', BY_NUMBER)
    expect([status, body]).toEqual([
      400,
      'error code: INVALID_RETURN_DATA_FORMAT\nerror message: Invalid data format. You should return TEXT.',
    ])
    expect((await call(account, 'GET', BY_NUMBER, undefined, JSON_TYPE)).json).toEqual({ a: 1 })
  })
})

describe('errors', () => {
  it('come in the three forms [RSL-008]', async () => {
    const account = accountWith({
      get(_: unknown, { error }: RestletContext) {
        throw error('MY_CODE', 'a < b & "c"')
      },
    })
    const body = async (headers: Record<string, string>) => {
      const answer = await call(account, 'GET', BY_NUMBER, undefined, headers)
      return [answer.status, answer.headers['content-type'], answer.body]
    }
    expect(await body(JSON_TYPE)).toEqual([
      400,
      'application/json; charset=utf-8',
      '{"error" : {"code" : "MY_CODE", "message" : "a < b & \\"c\\""}}',
    ])
    expect(await body(XML_TYPE)).toEqual([
      400,
      'application/xml; charset=utf-8',
      '<error><code>MY_CODE</code><message>a &lt; b &amp; &quot;c&quot;</message></error>',
    ])
    expect(await body({})).toEqual([
      400,
      'text/plain; charset=utf-8',
      'error code: MY_CODE\nerror message: a < b & "c"',
    ])
  })
  it('that nobody caught are 400 with an error id; the journal names file and function [RSL-007, RSL-009]', async () => {
    const account = accountWith({
      post(body: { a: { b: number } }) {
        return body.a.b
      },
    })
    const { status, json } = await call(account, 'POST', BY_NUMBER, {})
    expect([status, json.error]).toEqual([
      400,
      {
        code: 'UNEXPECTED_ERROR',
        message: expect.stringMatching(/^An unexpected error occurred\. Error ID: [0-9a-f]{20}$/),
      },
    ])
    expect(await lastEntry(account)).toMatchObject({
      operation: 'restlet',
      status: 400,
      errorCode: 'UNEXPECTED_ERROR',
      explanation: expect.stringMatching(/^script own\.ts post: TypeError: /),
    })
  })
  it('that the script caught are its own affair: 200 [RSL-007]', async () => {
    const account = accountWith({
      get(_: unknown, { record }: RestletContext) {
        try {
          record.load('customer', 4711)
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`
        }
        return ''
      },
    })
    const { status, body } = await call(account, 'GET', BY_NUMBER)
    expect([status, body]).toEqual([200, 'RCRD_DSNT_EXIST: That record does not exist.'])
  })
  it('of a login have codes of their own [AUT-044]', async () => {
    const account = accountWith(echo)
    const url = `${HOST}${PATH}${BY_NUMBER}`
    const signed = account.sign({ method: 'GET', url, headers: JSON_TYPE })
    const answer = async (change: (header: string) => string) => {
      const headers = { ...signed.headers, authorization: change(signed.headers.authorization!) }
      return (await account.simulator.handle({ ...signed, headers })) as { status: number; body: string }
    }
    expect(await answer((header) => header.replace(/oauth_token="./, 'oauth_token="z'))).toMatchObject({
      status: 401,
      body: '{"error" : {"code" : "INVALID_LOGIN_ATTEMPT", "message" : "Invalid login attempt."}}',
    })
    for (const change of [
      (header: string) => header.replace('HMAC-SHA256', 'HMAC-SHA1'),
      (header: string) => header.replace('oauth_version="1.0"', 'oauth_version="2.0"'),
      () => 'nonsense',
    ]) {
      const { status, body } = await answer(change)
      expect([status, JSON.parse(body)]).toMatchObject([401, { error: { code: 'INVALID_REQUEST' } }])
    }
  })
})

describe('limits', () => {
  it('of usage units end the call; what was saved before stays [RSL-006, RSL-010]', async () => {
    const account = accountWith({
      get(_: unknown, { record }: RestletContext) {
        for (let count = 0; ; count++) {
          try {
            record.create('department', { name: `d${count}` })
          } catch (error) {
            if ((error as Error).name !== 'SSS_USAGE_LIMIT_EXCEEDED') throw error
            return 'caught'
          }
        }
      },
    })
    const { status, body } = await call(account, 'GET', BY_NUMBER)
    expect([status, body]).toEqual([
      400,
      'error code: SSS_USAGE_LIMIT_EXCEEDED\nerror message: Script Execution Usage Limit Exceeded',
    ])
    // 5,000 units, 15 each; two departments were there.
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ department: 2 + 333 })
    const { json } = await account.send('GET', '/_seatrial/journal')
    expect((json.items as object[])[0]).toMatchObject({ status: 400, committed: true })
  })
  it('of time end it after 300 s, in a slot until then [RSL-006, RSL-010]', async () => {
    const account = accountWith(
      {
        get(_: unknown, { record }: RestletContext) {
          for (;;) record.load('department', 1)
        },
      },
      {
        latency: {
          model: 'lean',
          sigma: 0,
          medianMs: { 'customscript_own.restlet': 100 },
          perLineMs: { '*.restlet': 1000 },
        },
      },
    )
    await account.clock.run(async () => {
      const startMs = account.clock.now()
      const { status, body } = await call(account, 'GET', BY_NUMBER)
      expect([status, body]).toEqual([
        400,
        'error code: SSS_TIME_LIMIT_EXCEEDED\nerror message: Script Execution Time Exceeded.',
      ])
      expect(account.clock.now() - startMs).toBe(300_100)
      expect(await lastEntry(account)).toMatchObject({ slotUntilMs: account.clock.now() })
    })
  })
  it('cut off a loop without end, with all that was not saved; the account goes on [RSL-010]', async () => {
    const account = createTestAccount({
      profile: {
        restlets: [RESTLET],
        scripts: [{ file: 'event.ts', recordTypes: ['department'] }],
        scripting: { wallMsMax: 200 },
      },
      modules: {
        'own.ts': {
          get: (_: unknown, { record }: RestletContext) => record.create('department', { name: 'x' }),
        },
        'event.ts': {
          afterSubmit() {
            for (;;);
          },
        },
      },
    })
    const { status, body } = await call(account, 'GET', BY_NUMBER)
    expect([status, body]).toEqual([
      400,
      'error code: SSS_TIME_LIMIT_EXCEEDED\nerror message: Script Execution Time Exceeded.',
    ])
    expect(account.notices).toEqual(['event.ts afterSubmit: cut off after 200 ms'])
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ department: 2 })
    expect((await account.send('POST', 'classification', { name: 'c' })).status).toBe(204)
  })
  it('of 10 MB hold for input and output [RSL-006]', async () => {
    const account = accountWith(
      { post: (body: string) => body.repeat(2) },
      { scripting: { restletBytesMax: 1000 } },
    )
    expect((await call(account, 'POST', BY_NUMBER, 'x'.repeat(500), TEXT_TYPE)).status).toBe(200)
    const tooMuchIn = await call(account, 'POST', BY_NUMBER, 'x'.repeat(1001), TEXT_TYPE)
    expect([tooMuchIn.status, tooMuchIn.body]).toEqual([
      400,
      'error code: INVALID_REQUEST\nerror message: The input is larger than 1000 bytes.',
    ])
    const tooMuchOut = await call(account, 'POST', BY_NUMBER, 'x'.repeat(501), TEXT_TYPE)
    expect(tooMuchOut.body).toBe(
      'error code: INVALID_RETURN_DATA_FORMAT\nerror message: The output is larger than 1000 bytes.',
    )
  })
  it('take time by units [RSL-006]', async () => {
    const account = accountWith(
      { get: (_: unknown, { record }: RestletContext) => record.create('department', { name: 'x' }) },
      { latency: { model: 'lean', sigma: 0 } },
    )
    await account.clock.run(async () => {
      const startMs = account.clock.now()
      expect((await call(account, 'GET', BY_NUMBER)).status).toBe(200)
      // 300 ms for the call and 40 for each of 15 units.
      expect(account.clock.now() - startMs).toBe(900)
    })
  })
})

describe('the pool', () => {
  const slow: ProfileInput = { concurrencyLimit: 1, latency: { model: 'lean', sigma: 0 } }
  it('is shared with REST; over the limit is 400 with a code of its own, and a retry goes through [RSL-010, RSL-011, RSL-013, GOV-019]', async () => {
    const account = accountWith(echo, slow)
    await account.clock.run(async () => {
      const [rest, restlet] = await Promise.all([
        account.send('GET', 'department/1'),
        call(account, 'GET', BY_NUMBER, undefined, JSON_TYPE),
      ])
      expect(rest.status).toBe(200)
      expect([restlet.status, restlet.body]).toEqual([
        400,
        '{"error" : {"code" : "SSS_REQUEST_LIMIT_EXCEEDED", "message" : "Request Limit Exceeded"}}',
      ])
      expect((await call(account, 'GET', BY_NUMBER)).status).toBe(200)
    })
  })
  it('is named in the journal where it refused a RESTlet [GOV-068]', async () => {
    const account = accountWith(echo, slow)
    await account.clock.run(async () => {
      await Promise.all([call(account, 'GET', BY_NUMBER), call(account, 'GET', BY_NUMBER)])
      const { json } = await account.send('GET', '/_seatrial/journal')
      expect((json.items as object[])[1]).toMatchObject({
        status: 400,
        errorCode: 'SSS_REQUEST_LIMIT_EXCEEDED',
        explanation: '1 of 1 slots held: seatrial 1 (longest 0.0 s)',
      })
    })
  })
  it('knows no limit per user, save in the accounts of the field report [GOV-008]', async () => {
    const refused = async (governance: ProfileInput['governance']) => {
      const account = accountWith(echo, { concurrencyLimit: 10, latency: { model: 'lean' }, governance })
      return account.clock.run(async () => {
        const calls = Array.from({ length: 7 }, () => call(account, 'GET', BY_NUMBER))
        return (await Promise.all(calls)).filter(({ status }) => status === 400).length
      })
    }
    expect(await refused({})).toBe(0)
    expect(await refused({ restletPerUserLimit: 5 })).toBe(2)
  })
})

describe('the role', () => {
  const module = {
    get: ({ type }: Record<string, string>, { record }: RestletContext) =>
      record.create(type!, type === 'customer' ? { companyName: 'A', subsidiary: '1' } : { name: 'D' }),
  }
  it("is the caller's, unless the deployment names one [AUT-046]", async () => {
    const permissions = { department: 'full' } as const
    const account = accountWithRole({ permissions }, options(module))
    const create = (type: string) => account.clerk('GET', `${HOST}${PATH}${BY_NUMBER}&type=${type}`)
    expect((await create('department')).status).toBe(200)
    expect((await create('customer')).body).toMatch(/^error code: INSUFFICIENT_PERMISSION/)
    const own = options(module, { restlets: [{ ...RESTLET, role: 'Administrator' }] })
    const lent = accountWithRole({ permissions }, own)
    expect((await lent.clerk('GET', `${HOST}${PATH}${BY_NUMBER}&type=customer`)).status).toBe(200)
  })
})
