/** If this fails, the suite may write to a production account, or a secret may end in a file or a message. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AppError } from '../kernel/error.ts'
import { parseTargetFile, type Target } from './target.ts'

const SECRET = 'ab12'.repeat(16)
const env = { NS_CK: 'key', NS_CS: 'secret', NS_TI: 'token', NS_TS: 'token-secret' }
const FROM_ENV = `credentials:
  fromEnv:
    consumerKey: NS_CK
    consumerSecret: NS_CS
    tokenId: NS_TI
    tokenSecret: NS_TS
`
const SANDBOX = `name: our sandbox
baseUrl: https://1234567-sb1.suitetalk.api.netsuite.com/
accountId: 1234567_SB1
accountType: sandbox
${FROM_ENV}`
const READY = {
  baseUrl: 'http://127.0.0.1:8080',
  controlUrl: 'http://127.0.0.1:8080/_seatrial',
  accountId: '1234567_SB1',
  consumerKey: SECRET,
  consumerSecret: SECRET,
  tokenId: SECRET,
  tokenSecret: SECRET,
}

const parse = (text: string, files: Record<string, string> = {}): Target =>
  parseTargetFile(text, 'targets/t.yaml', (path) => files[path] ?? missing(path), env)

function missing(path: string): never {
  throw new Error(`no ${path}`)
}

function refusal(text: string, files?: Record<string, string>): AppError {
  try {
    parse(text, files)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the file was accepted')
}

describe('a second role', () => {
  const withRole = (names: string) =>
    SANDBOX.replace('credentials:\n', `credentials:\n  restrictedRole: ${names}\n`)

  it('is a token of the same integration, from the environment', () => {
    const target = parse(withRole('{ tokenId: NS_TI, tokenSecret: NS_TS }'))
    expect(target.restrictedRole).toEqual({ tokenId: 'token', tokenSecret: 'token-secret' })
    expect(parse(SANDBOX).restrictedRole).toBeUndefined()
  })
  it('is never written into the file, and its variables must be set', () => {
    const written = refusal(withRole(`{ tokenId: NS_TI, tokenSecret: ${SECRET} }`))
    expect(written).toMatchObject({ code: 'E_TARGET_SECRET' })
    expect(written.message).not.toContain(SECRET)
    const unset = refusal(withRole('{ tokenId: NS_TI, tokenSecret: NS_NOT_SET }'))
    expect(unset).toMatchObject({
      code: 'E_TARGET_CREDENTIALS',
      details: { pointer: '/credentials/restrictedRole' },
    })
  })
})

describe('a target file', () => {
  it('is read-only and one at a time unless it says otherwise', () => {
    expect(parse(SANDBOX)).toEqual({
      name: 'our sandbox',
      baseUrl: 'https://1234567-sb1.suitetalk.api.netsuite.com',
      accountId: '1234567_SB1',
      accountType: 'sandbox',
      allowWrites: false,
      parallelMax: 1,
      credentials: {
        accountId: '1234567_SB1',
        consumerKey: 'key',
        consumerSecret: 'secret',
        tokenId: 'token',
        tokenSecret: 'token-secret',
      },
      extraFields: {},
      caFile: undefined,
    })
  })
  it('takes everything from the ready file of a simulator, beside itself', () => {
    const text =
      'name: simulator\naccountType: simulator\nallowWrites: true\ncredentials: { fromFile: ready.json }\n'
    const files = { 'targets/ready.json': JSON.stringify({ ...READY, caFile: '/run/ca.pem' }) }
    expect(parse(text, files)).toMatchObject({
      baseUrl: 'http://127.0.0.1:8080',
      accountId: '1234567_SB1',
      allowWrites: true,
      parallelMax: 100,
      caFile: '/run/ca.pem',
      credentials: { consumerKey: SECRET },
    })
  })
  it('resolves caFile against its own folder', () => {
    expect(parse(`${SANDBOX}caFile: ca.pem\n`).caFile).toBe('targets/ca.pem')
  })
})

describe('writes', () => {
  it('are refused on production', () => {
    const text = SANDBOX.replace('accountType: sandbox', 'accountType: production\nallowWrites: true')
    expect(refusal(text)).toMatchObject({ code: 'E_TARGET_PRODUCTION' })
    expect(parse(SANDBOX.replace('accountType: sandbox', 'accountType: production')).allowWrites).toBe(false)
  })
  it('are refused on a production address that is called a sandbox', () => {
    const text = `${SANDBOX.replace('1234567-sb1.', '1234567.')}allowWrites: true\n`
    expect(refusal(text)).toMatchObject({ code: 'E_TARGET_PRODUCTION' })
  })
  it('are refused on NetSuite called a simulator', () => {
    const text = SANDBOX.replace('accountType: sandbox', 'accountType: simulator')
    expect(refusal(text)).toMatchObject({ code: 'E_TARGET_INVALID' })
  })
  it('are allowed on a sandbox', () => {
    expect(parse(`${SANDBOX}allowWrites: true\n`).allowWrites).toBe(true)
  })
})

describe('secrets', () => {
  const places: readonly (readonly [string, string, number])[] = [
    ['in place of a variable', SANDBOX.replace('NS_CS', SECRET), 8],
    [
      'beside the sources',
      SANDBOX.replace(/credentials:[\s\S]*/, `credentials:\n  tokenSecret: ${SECRET}\n`),
      6,
    ],
    ['at the top', `tokenId: ${SECRET}\n${SANDBOX}`, 1],
    ['in the address', SANDBOX.replace('https://', `https://me:${SECRET}@`), 0],
  ]
  it.each(places)('are refused %s, and not repeated', (_, text, line) => {
    const error = refusal(text)
    expect(error.code).toBe('E_TARGET_SECRET')
    if (line > 0) expect(error.details.line).toBe(line)
    expect(error.details.mend).toBeDefined()
    expect(error.toText()).not.toContain(SECRET)
  })
  it('of a broken ready file are not repeated either', () => {
    const text = 'name: s\naccountType: simulator\ncredentials: { fromFile: ready.json }\n'
    const files = { 'targets/ready.json': `{"consumerKey": ${SECRET}` }
    const error = refusal(text, files)
    expect(error.code).toBe('E_TARGET_CREDENTIALS')
    expect(error.toText()).not.toContain(SECRET)
  })
  it('that are not in the environment are named by variable', () => {
    const error = refusal(SANDBOX.replace('NS_TS', 'NS_OTHER'))
    expect(error.code).toBe('E_TARGET_CREDENTIALS')
    expect(error.message).toContain('NS_OTHER')
  })
})

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string
const BY_CERTIFICATE = `credentials:
  oauth2:
    clientId: the-client
    certificateId: the-certificate
    privateKeyFile: key.pem
`
const CERTIFIED = SANDBOX.replace(FROM_ENV, BY_CERTIFICATE)
const KEYS = { 'targets/key.pem': PEM }

describe('OAuth 2.0', () => {
  it('is a client, a certificate and the file of its key, beside the target file', () => {
    expect(parse(CERTIFIED, KEYS).credentials).toEqual({
      clientId: 'the-client',
      certificateId: 'the-certificate',
      privateKeyPem: PEM,
      algorithm: undefined,
      scopes: undefined,
    })
    const more = `${CERTIFIED}    algorithm: ES384\n    scopes: [rest_webservices, restlets]\n`
    expect(parse(more, KEYS).credentials).toMatchObject({
      algorithm: 'ES384',
      scopes: ['rest_webservices', 'restlets'],
    })
  })
  it('has a second role by a certificate of its own', () => {
    const text = `${CERTIFIED}    restrictedRole: { certificateId: other, privateKeyFile: key.pem }\n`
    expect(parse(text, KEYS).restrictedRole).toEqual({ certificateId: 'other', privateKeyPem: PEM })
  })
  it('stands beside tokens, and login says which of them is used', () => {
    const both = SANDBOX + BY_CERTIFICATE.replace('credentials:\n', '')
    expect(parse(both, KEYS)).toMatchObject({
      credentials: { tokenId: 'token' },
      otherCredentials: { clientId: 'the-client' },
    })
    expect(parse(`${both}  login: oauth2\n`, KEYS)).toMatchObject({
      credentials: { clientId: 'the-client' },
      otherCredentials: { tokenId: 'token' },
    })
  })
  it('is taken from a ready file, with the tokens or alone', () => {
    const text = 'name: s\naccountType: simulator\ncredentials: { fromFile: ready.json }\n'
    const oauth2 = { clientId: 'c', certificateId: 'k', privateKeyFile: '/run/key.pem' }
    const { baseUrl, accountId } = READY
    const targetOf = (ready: object) =>
      parse(text, { 'targets/ready.json': JSON.stringify(ready), '/run/key.pem': PEM })
    const given = { clientId: 'c', certificateId: 'k', privateKeyPem: PEM }
    expect(targetOf({ ...READY, oauth2 })).toMatchObject({
      credentials: { consumerKey: SECRET },
      otherCredentials: given,
    })
    expect(targetOf({ baseUrl, accountId, oauth2 })).toMatchObject({ credentials: given })
    expect(() => targetOf({ baseUrl, accountId, oauth2: { clientId: 'c' } })).toThrow(
      'ready.json holds neither a token nor a certificate',
    )
  })
  it.each([
    ['a key that is not there', CERTIFIED, {}, /^targets\/key\.pem: cannot be read$/],
    ['a key that is none', CERTIFIED, { 'targets/key.pem': SECRET }, /key\.pem: no PEM of a private key/],
    ['another algorithm', `${CERTIFIED}    algorithm: PS256\n`, KEYS, /ec secp384r1 does not sign by PS256/],
  ])('is refused with %s, by file, place and mend', (_, text, files, words) => {
    const error = refusal(text, files)
    expect(error.message).toMatch(words)
    expect(error).toMatchObject({
      code: 'E_TARGET_CREDENTIALS',
      details: {
        file: 'targets/t.yaml',
        pointer: '/credentials/oauth2/privateKeyFile',
        expected: expect.any(String),
        mend: expect.any(String),
      },
    })
    for (const secret of [SECRET, PEM]) expect(error.toText()).not.toContain(secret)
  })
  it.each([
    ['no key file', CERTIFIED.replace(/ +privateKeyFile.*\n/, ''), /oauth2\.privateKeyFile/, 6],
    ['an unknown algorithm', `${CERTIFIED}    algorithm: RS256\n`, /oauth2\.algorithm/, 10],
    ['an unknown scope', `${CERTIFIED}    scopes: [mcp]\n`, /oauth2\.scopes/, 10],
    [
      'nothing to log in with',
      SANDBOX.replace(FROM_ENV, 'credentials: {}\n'),
      /nothing says how to log in/,
      5,
    ],
  ])('is a mistake with %s', (_, text, words, line) => {
    expect(refusal(text, KEYS)).toMatchObject({
      code: 'E_TARGET_INVALID',
      message: expect.stringMatching(words),
      details: { line },
    })
  })
  it('that login asks for must be there', () => {
    expect(refusal(`${SANDBOX}  login: oauth2\n`)).toMatchObject({
      code: 'E_TARGET_CREDENTIALS',
      message: 'login is oauth2, but there are no credentials of that kind',
      details: { pointer: '/credentials/login' },
    })
  })
  it.each([
    ['a key', CERTIFIED.replace('key.pem', JSON.stringify(PEM)), 'privateKeyFile', 9],
    ['a key by another name', `${CERTIFIED}    privateKey: x\n`, 'privateKey', 10],
    ['a client secret', `${CERTIFIED}    clientSecret: ${SECRET}\n`, 'clientSecret', 10],
  ])('never has %s written into the file', (_, text, key, line) => {
    const error = refusal(text, KEYS)
    expect(error).toMatchObject({
      code: 'E_TARGET_SECRET',
      message: `${key} is written into the file`,
      details: { line },
    })
    for (const secret of [SECRET, PEM]) expect(error.toText()).not.toContain(secret)
  })
})

describe('mistakes', () => {
  it('are named with their lines, all at once', () => {
    const error = refusal(`${SANDBOX}alowWrites: true\nparallelMax: 0\n`)
    expect(error.code).toBe('E_TARGET_INVALID')
    expect(error.message).toContain('unknown key alowWrites (line 11)')
    expect(error.message).toContain('parallelMax')
    expect(error.message).toContain('(line 12)')
    expect(error.details.file).toBe('targets/t.yaml')
  })
  it('inside credentials are named where they are', () => {
    const error = refusal(SANDBOX.replace('    tokenId: NS_TI', '    tokenIds: NS_TI'))
    expect(error.message).toContain('unknown key credentials.fromEnv.tokenIds (line 9)')
  })
  it.each([
    ['no YAML', 'name: [', 'not YAML'],
    ['a list', '- name: x', 'the file'],
    ['a path in the address', SANDBOX.replace('.com/', '.com/services'), 'has a path'],
    ['no address', SANDBOX.replace(/baseUrl.*\n/, ''), 'baseUrl is missing'],
    ['another scheme', SANDBOX.replace('https://', 'ftp://'), 'baseUrl'],
    ['no credentials', SANDBOX.replace(/credentials:[\s\S]*/, ''), 'credentials'],
  ])('such as %s are refused', (_, text, words) => {
    const error = refusal(text)
    expect(error.code).toBe('E_TARGET_INVALID')
    expect(error.message).toContain(words)
  })
})
