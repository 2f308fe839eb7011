/** If this fails, `conform` writes where it must not, tells a secret, or calls a target that never answered a failure of NetSuite. */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conformanceResultSchema } from '../../conformance/result.ts'
import { put, scratchFolder, seatrial, serve } from './cli.ts'

const cwd = scratchFolder()
const SECRET = '0123456789abcdef'.repeat(4)
const ENV = { CK: 'consumer-key', CS: 'consumer-secret', TI: 'token-id', TS: 'token-secret' }
const fromEnv = { consumerKey: 'CK', consumerSecret: 'CS', tokenId: 'TI', tokenSecret: 'TS' }
const TARGET = {
  name: 'ours',
  baseUrl: 'http://127.0.0.1:1',
  accountId: '1234567_SB1',
  accountType: 'sandbox',
  credentials: { fromEnv },
}
const yamlOf = (target: object): string =>
  Object.entries(target)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('')

type Refused = readonly [title: string, target: object | string, ...words: (string | RegExp)[]]
const REFUSED: readonly Refused[] = [
  ['a secret in the file', { ...TARGET, consumerSecret: SECRET }, /line 6, \/consumerSecret/, 'mend:'],
  ['a secret among credentials', { ...TARGET, credentials: { tokenSecret: SECRET } }, /line 5/, 'mend:'],
  [
    'a secret in place of a variable',
    { ...TARGET, credentials: { fromEnv: { ...fromEnv, tokenId: SECRET } } },
    'tokenId',
    'mend:',
  ],
  [
    'writes to production',
    { ...TARGET, accountType: 'production', allowWrites: true },
    /\/allowWrites/,
    'production',
    'mend:',
  ],
  [
    'writes to production that calls itself a sandbox',
    { ...TARGET, baseUrl: 'https://1234567.suitetalk.api.netsuite.com', allowWrites: true },
    /\/allowWrites/,
    'not that of a sandbox',
  ],
  [
    'an unknown key',
    { ...TARGET, acountType: 'sandbox' },
    /line 6, \/acountType/,
    'unknown key acountType',
    'mend:',
  ],
  ['no YAML', 'name: [', /line 1/, 'mend:'],
  [
    'variables that are not set',
    { ...TARGET, credentials: { fromEnv: { ...fromEnv, tokenId: 'GONE' } } },
    'GONE',
    'mend:',
  ],
  [
    'a ready file that is not there',
    { ...TARGET, credentials: { fromFile: 'gone.json' } },
    'gone.json',
    'mend:',
  ],
  [
    'a private key that is not there',
    { ...TARGET, credentials: { oauth2: { clientId: 'c', certificateId: 'k', privateKeyFile: 'gone.key' } } },
    'gone.key: cannot be read',
    '/credentials/oauth2/privateKeyFile',
    'mend:',
  ],
  ['a CA that is not there', { ...TARGET, caFile: 'gone.pem' }, 'gone.pem: no such file', 'mend:'],
]

describe('a target file is refused, exit code 2', () => {
  it.concurrent.each(REFUSED.map(([title, target, ...words]) => ({ title, target, words })))(
    '$title',
    async ({ title, target, words }) => {
      const name = `${title.replaceAll(' ', '-')}.yaml`
      put(cwd, name, typeof target === 'string' ? target : yamlOf(target))
      const { code, stderr, text } = await seatrial(['conform', '--target', name], cwd, ENV)
      expect(code, text).toBe(2)
      for (const word of [new RegExp(`^${name}|gone\\.pem`), ...words]) expect(stderr).toMatch(word)
      for (const secret of [SECRET, ...Object.values(ENV)]) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/\n\s+at .*\(/)
    },
  )
  it.concurrent('an option that only the simulator has', async () => {
    const file = put(cwd, 'option.yaml', yamlOf(TARGET))
    const { code, stderr } = await seatrial(['conform', '--target', file, '--latency', 'none'], cwd, ENV)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^--latency is for the simulator/)
  })
})

describe('a target that cannot be had is exit code 3', () => {
  it('nobody listens', async () => {
    const file = put(cwd, 'nobody.yaml', yamlOf(TARGET))
    const { code, stderr } = await seatrial(['conform', '--target', file, '--json', 'result.json'], cwd, ENV)
    expect(code).toBe(3)
    expect(stderr).toMatch(/127\.0\.0\.1:1 gives no answer/)
    expect(stderr).toMatch(/mend: check baseUrl/)
    expect(() => readFileSync(join(cwd, 'result.json'))).toThrow('ENOENT')
  })
  it('somebody hangs up', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as { port: number }
    const file = put(cwd, 'hangs-up.yaml', yamlOf({ ...TARGET, baseUrl: `http://127.0.0.1:${port}` }))
    const { code, stderr } = await seatrial(['conform', '--target', file], cwd, ENV)
    server.close()
    expect(code).toBe(3)
    expect(stderr).toMatch(/gives no answer/)
  })
  it('the login is refused; with the right one the suite runs and passes', async () => {
    const account = await serve(cwd, '--latency', 'none')
    const { baseUrl, accountId } = account.ready
    const wrong = put(cwd, 'wrong.yaml', yamlOf({ ...TARGET, baseUrl, accountId, accountType: 'simulator' }))
    const { code, stderr } = await seatrial(['conform', '--target', wrong], cwd, ENV)
    expect(code).toBe(3)
    expect(stderr).toMatch(/refuses the login \(401\)[\s\S]*mend: check accountId, the credentials/)
    const right = put(cwd, 'right.yaml', {
      name: 'ours',
      accountType: 'simulator',
      allowWrites: true,
      credentials: { fromFile: account.readyFile },
    })
    const args = ['conform', '--target', right, '--only', 'auth,records,upsert', '--json', 'conformance.json']
    const passed = await seatrial(args, cwd)
    expect(passed.code, passed.text).toBe(0)
    const result = conformanceResultSchema.parse(
      JSON.parse(readFileSync(join(cwd, 'conformance.json'), 'utf8')),
    )
    expect(result).toMatchObject({ verdict: 'pass', target: 'ours' })
    expect(passed.text + JSON.stringify(result)).not.toContain(account.ready.tokenSecret)
    await account.stop()
  })
})

describe('a target that logs in by OAuth 2.0', () => {
  it('is refused with the word of the account where the certificate is unknown; else the suite runs', async () => {
    const account = await serve(cwd, '--latency', 'none')
    const { baseUrl, accountId, oauth2 } = account.ready
    const target = { name: 'ours', baseUrl, accountId, accountType: 'simulator', allowWrites: true }
    const wrong = put(cwd, 'no-cert.yaml', {
      ...target,
      credentials: { oauth2: { ...oauth2, certificateId: 'k' } },
    })
    const refused = await seatrial(['conform', '--target', wrong], cwd)
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(/gives no access token \(401 invalid_client\)[\s\S]*mend: check clientId/)
    expect(refused.text).not.toContain(oauth2!.clientId)
    const right = put(cwd, 'cert.yaml', { ...target, credentials: { oauth2 } })
    const args = ['conform', '--target', right, '--only', 'auth,oauth,records', '--json', 'oauth2.json']
    const passed = await seatrial(args, cwd)
    expect(passed.code, passed.text).toBe(0)
    const { cases } = conformanceResultSchema.parse(
      JSON.parse(readFileSync(join(cwd, 'oauth2.json'), 'utf8')),
    )
    const statuses = (area: string) => [
      ...new Set(cases.filter((one) => one.area === area).map((one) => one.status)),
    ]
    expect([statuses('oauth'), statuses('records'), statuses('auth')]).toEqual([['pass'], ['pass'], ['skip']])
    expect(passed.text + JSON.stringify(cases)).not.toMatch(/Bearer ey|PRIVATE KEY/)
    await account.stop()
  })
})

describe('seatrial conform on a simulator of its own', () => {
  it('fails with a planted difference, exit code 1, and names it', async () => {
    const { code, stdout } = await seatrial(
      ['conform', '--plant', 'create-answers-201', '--only', 'records'],
      cwd,
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(/FAIL records\.create-answers-204[\s\S]*actual: +201/)
  })
})
