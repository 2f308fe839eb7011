/**
 * Where a target file says the credentials are, and how they are gathered from there. The file names variables, files and
 * ids; a secret written into it is refused on sight, and no message ever holds one.
 */
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import { ASSERTION_ALGORITHMS, assertionKey, type OAuth2Credentials } from '../protocol/assertion.ts'
import type { Credentials } from '../protocol/login.ts'
import type { TbaCredentials } from '../protocol/signing.ts'
import { lineOf, type YamlPlace } from './target-problem.ts'

/** A second role of the same integration: its token, or its certificate. Secrets. */
export type RestrictedRole =
  | Pick<TbaCredentials, 'tokenId' | 'tokenSecret'>
  | Pick<OAuth2Credentials, 'certificateId' | 'privateKeyPem'>

/** Reads a file as text; throws when it cannot. Paths come resolved against the target file's folder. */
export type ReadFile = (path: string) => string
export type Environment = Readonly<Record<string, string | undefined>>

const SECRET_NAMES = ['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret'] as const
const SECRET_NAMES_OAUTH2 = ['clientSecret', 'privateKey', 'privateKeyPem'] as const

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
const fromEnvSchema = z.strictObject({
  consumerKey: variable,
  consumerSecret: variable,
  tokenId: variable,
  tokenSecret: variable,
})

const certificate = {
  certificateId: z.string().min(1).describe('shown when the certificate is mapped [AUT-061]'),
  privateKeyFile: z
    .string()
    .min(1)
    .describe('PEM of its private key, beside the target file unless absolute'),
}
const oauth2Schema = z.strictObject({
  clientId: z.string().min(1).describe('of the integration; an id, no secret'),
  ...certificate,
  algorithm: z.enum(ASSERTION_ALGORITHMS).describe('default: the one that fits the key').optional(),
  scopes: z
    .array(z.enum(['rest_webservices', 'restlets', 'suite_analytics']))
    .min(1)
    .describe('default: rest_webservices, which is all the suite needs')
    .optional(),
  restrictedRole: z
    .strictObject(certificate)
    .describe('a certificate of the same integration, mapped to the role of credentials.restrictedRole')
    .optional(),
})

export const credentialsSchema = z
  .strictObject({
    fromFile: z.string().min(1).describe('what seatrial serve --ready-file wrote').optional(),
    fromEnv: fromEnvSchema.describe('OAuth 1.0a: names of environment variables').optional(),
    oauth2: oauth2Schema.describe('OAuth 2.0, client credentials').optional(),
    login: z
      .enum(['tba', 'oauth2'])
      .describe('where there are both: which to log in by; default: tba. The other is for the cases about it')
      .optional(),
    restrictedRole: fromEnvSchema
      .pick({ tokenId: true, tokenSecret: true })
      .describe(
        'names of environment variables; a token of the same integration whose role may view customers, but neither ' +
          'create them nor use SuiteAnalytics Workbook: without it the cases about permissions are skipped',
      )
      .optional(),
  })
  .refine((one) => one.fromFile === undefined || one.fromEnv === undefined, 'either fromFile or fromEnv')
  .refine(
    (one) => (one.fromFile ?? one.fromEnv ?? one.oauth2) !== undefined,
    'fromFile, fromEnv or oauth2: nothing says how to log in',
  )

const address = z.url({ protocol: /^https?$/ })
const text = z.string().min(1)
const readySchema = z.looseObject({
  baseUrl: address,
  accountId: text,
  consumerKey: text.optional(),
  consumerSecret: text.optional(),
  tokenId: text.optional(),
  tokenSecret: text.optional(),
  oauth2: z
    .looseObject({ clientId: text, certificateId: text.optional(), privateKeyFile: text.optional() })
    .optional(),
  caFile: text.optional(),
})
export type Ready = z.output<typeof readySchema>
type CredentialsFile = z.output<typeof credentialsSchema>

/** What a target logs in with. */
export interface Gathered {
  readonly credentials: Credentials
  readonly otherCredentials?: Credentials
  readonly restrictedRole?: RestrictedRole
}

export interface GatherParts {
  readonly file: string
  readonly accountId: string
  readonly ready: Ready | undefined
  /** A path of the target file, resolved. */
  readonly near: (path: string) => string
  readonly readFile: ReadFile
  readonly env: Environment
}

/** Gathers the secrets from where the file says they are. Throws `E_TARGET_CREDENTIALS`. */
export function gatherCredentials(named: CredentialsFile, parts: GatherParts): Gathered {
  const tba = gatherTba(named, parts)
  const oauth2 = gatherOAuth2(named, parts)
  const login = named.login ?? (tba === undefined ? 'oauth2' : 'tba')
  const [credentials, otherCredentials] = login === 'tba' ? [tba, oauth2] : [oauth2, tba]
  if (credentials === undefined)
    throw new AppError('E_TARGET_CREDENTIALS', noneOf(login, named), {
      file: parts.file,
      pointer: named.login === undefined ? '/credentials' : '/credentials/login',
      expected: 'consumerKey, consumerSecret, tokenId and tokenSecret, or oauth2 with a certificate',
      mend: 'name credentials.fromEnv or credentials.oauth2, or leave login out',
    })
  const restrictedRole = login === 'tba' ? roleByToken(named, parts) : roleByCertificate(named, parts)
  return {
    credentials,
    ...(otherCredentials && { otherCredentials }),
    ...(restrictedRole && { restrictedRole }),
  }
}

function noneOf(login: 'tba' | 'oauth2', { login: asked, fromFile }: CredentialsFile): string {
  if (asked === undefined) return `${fromFile} holds neither a token nor a certificate to log in with`
  return `login is ${login}, but there are no credentials of that kind`
}

function gatherTba(
  { fromEnv }: CredentialsFile,
  { ready, env, file, accountId }: GatherParts,
): TbaCredentials | undefined {
  if (fromEnv !== undefined) return { accountId, ...readEnv(fromEnv, env, file, '/credentials/fromEnv') }
  const { consumerKey, consumerSecret, tokenId, tokenSecret } = ready ?? {}
  if (!consumerKey || !consumerSecret || !tokenId || !tokenSecret) return undefined
  return { accountId, consumerKey, consumerSecret, tokenId, tokenSecret }
}

function gatherOAuth2({ oauth2 }: CredentialsFile, parts: GatherParts): OAuth2Credentials | undefined {
  if (oauth2 !== undefined) {
    const { clientId, certificateId, algorithm, scopes } = oauth2
    const privateKeyPem = readKey(oauth2, '/credentials/oauth2', parts, algorithm)
    return { clientId, certificateId, privateKeyPem, algorithm, scopes }
  }
  const { clientId, certificateId, privateKeyFile } = parts.ready?.oauth2 ?? {}
  if (!clientId || !certificateId || !privateKeyFile) return undefined
  const privateKeyPem = readKey({ privateKeyFile }, '/credentials/fromFile', parts)
  return { clientId, certificateId, privateKeyPem }
}

function roleByToken(
  { restrictedRole }: CredentialsFile,
  { env, file }: GatherParts,
): RestrictedRole | undefined {
  return restrictedRole && readEnv(restrictedRole, env, file, '/credentials/restrictedRole')
}

function roleByCertificate({ oauth2 }: CredentialsFile, parts: GatherParts): RestrictedRole | undefined {
  const role = oauth2?.restrictedRole
  if (role === undefined) return undefined
  const privateKeyPem = readKey(role, '/credentials/oauth2/restrictedRole', parts)
  return { certificateId: role.certificateId, privateKeyPem }
}

/** The text of a private key, which is one and fits its algorithm. */
function readKey(
  { privateKeyFile }: { readonly privateKeyFile: string },
  inside: string,
  { file, near, readFile }: GatherParts,
  algorithm?: OAuth2Credentials['algorithm'],
): string {
  const path = near(privateKeyFile)
  const pointer = inside.endsWith('fromFile') ? inside : `${inside}/privateKeyFile`
  const refused = (message: string, expected?: string, mend?: string): AppError =>
    new AppError('E_TARGET_CREDENTIALS', `${path}: ${message}`, { file, pointer, expected, mend })
  let privateKeyPem: string
  try {
    privateKeyPem = readFile(path)
  } catch {
    throw refused(
      'cannot be read',
      'the file of the private key',
      'correct the path (it is relative to the target file)',
    )
  }
  try {
    assertionKey({ privateKeyPem, algorithm })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw refused(error.message, error.details.expected, error.details.mend)
  }
  return privateKeyPem
}

/** Throws `E_TARGET_SECRET` where a secret stands in the file itself. */
export function refuseSecrets(raw: unknown, where: YamlPlace): void {
  const credentials = valueAt(raw, 'credentials')
  const oauth2 = valueAt(credentials, 'oauth2')
  const inside = (['fromEnv', 'restrictedRole'] as const).map((key) => {
    const names = valueAt(credentials, key)
    return SECRET_NAMES.filter((name) => looksSecret(names, name)).map((name) => ['credentials', key, name])
  })
  const all = [...SECRET_NAMES, ...SECRET_NAMES_OAUTH2]
  const found = [
    ...all.filter((name) => hasText(raw, name)).map((name) => [name]),
    ...all.filter((name) => hasText(credentials, name)).map((name) => ['credentials', name]),
    ...SECRET_NAMES_OAUTH2.filter((name) => hasText(oauth2, name)).map((name) => [
      'credentials',
      'oauth2',
      name,
    ]),
    ...keysWithin(oauth2, ['credentials', 'oauth2']),
    ...inside.flat(),
  ][0]
  if (found === undefined) return
  const isOAuth2 = found.includes('oauth2') || SECRET_NAMES_OAUTH2.some((name) => name === found.at(-1))
  throw new AppError('E_TARGET_SECRET', `${found.at(-1)} is written into the file`, {
    file: where.file,
    line: lineOf(found, where),
    pointer: `/${found.join('/')}`,
    expected: isOAuth2
      ? 'credentials: { oauth2: { clientId: …, certificateId: …, privateKeyFile: key.pem } }'
      : 'credentials: { fromEnv: { consumerKey: NAME_OF_A_VARIABLE, … } }, or fromFile for a simulator',
    mend: isOAuth2
      ? 'move the secret to a file of its own, and revoke it if the file was shared'
      : 'move the secret to an environment variable and revoke it if the file was shared',
  })
}

/** All-hexadecimal text of this length is a key or secret, not the name of a variable. [AUT-002] */
const HEX_SECRET = /^[0-9a-f]{32,}$/i

function valueAt(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[key]
}

function hasText(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
}

function looksSecret(fromEnv: unknown, name: string): boolean {
  return hasText(fromEnv, name) && HEX_SECRET.test(String(valueAt(fromEnv, name)))
}

/** Places below `value` that hold a private key instead of the name of its file. */
function keysWithin(value: unknown, path: readonly string[]): string[][] {
  if (typeof value === 'string') return value.includes('PRIVATE KEY') ? [[...path]] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => keysWithin(inner, [...path, key]))
}

/** The values of the variables named. */
function readEnv<Name extends string>(
  names: Readonly<Record<Name, string>>,
  env: Environment,
  file: string,
  pointer: string,
): Record<Name, string> {
  const entries = Object.entries<string>(names)
  const unset = entries.map(([, name]) => name).filter((name) => (env[name] ?? '') === '')
  if (unset.length > 0)
    throw new AppError('E_TARGET_CREDENTIALS', `not set in the environment: ${unset.join(', ')}`, {
      file,
      pointer,
      mend: 'set the variables before running, or correct their names',
    })
  return Object.fromEntries(entries.map(([key, name]) => [key, env[name]!])) as Record<Name, string>
}

export function readReady(path: string, readFile: ReadFile, file: string): Ready {
  let value: unknown
  try {
    value = JSON.parse(readFile(path)) as unknown
  } catch {
    // The cause is left out: a JSON error quotes the text, and the text holds secrets.
    throw notReady(`${path} cannot be read as JSON`, file)
  }
  const parsed = readySchema.safeParse(value)
  if (!parsed.success)
    throw notReady(
      `${path} lacks ${parsed.error.issues.map(({ path: at }) => at.join('.')).join(', ')}`,
      file,
    )
  return parsed.data
}

function notReady(message: string, file: string): AppError {
  return new AppError('E_TARGET_CREDENTIALS', message, {
    file,
    pointer: '/credentials/fromFile',
    expected: 'the file that `seatrial serve --ready-file` writes once the simulator is up',
    mend: 'start the simulator first, or correct the path (it is relative to the target file)',
  })
}
