/**
 * What the suite is pointed at, and the file that says so. Two things are refused on sight: secrets written into
 * the file, and permission to write to a production account. All other mistakes are reported together, with lines.
 */
import { dirname, isAbsolute, join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import type { TbaCredentials } from '../protocol/signing.ts'
import { lineOf, problemsOf, refuse, type YamlPlace } from './target-problem.ts'

export const ACCOUNT_TYPES = ['production', 'sandbox', 'developer', 'simulator'] as const

export interface Target {
  readonly name: string
  /** Origin without a slash at the end, e.g. `https://1234567-sb1.suitetalk.api.netsuite.com`. [REC-001, REC-002] */
  readonly baseUrl: string
  /** As the realm wants it, e.g. `1234567_SB1`. [AUT-008] */
  readonly accountId: string
  readonly accountType: (typeof ACCOUNT_TYPES)[number]
  /** Whether records may be made, changed and deleted. Never true for production. */
  readonly allowWrites: boolean
  /** Requests the suite may send at once. Default: 100 to a simulator, 1 to anything else. */
  readonly parallelMax: number
  /** Secrets: never log, never render. */
  readonly credentials: TbaCredentials
  /** Token of a second role, which may view customers, but neither create them nor use SuiteAnalytics Workbook. Secret. */
  readonly restrictedRole?: RestrictedRole | undefined
  /** Fields to add to every record made of a type, e.g. `{ customer: { subsidiary: { id: '1' } } }` in OneWorld. [REC-325] */
  readonly extraFields: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** PEM file of a CA to trust in addition. */
  readonly caFile?: string | undefined
}

export type RestrictedRole = Pick<TbaCredentials, 'tokenId' | 'tokenSecret'>

/** Reads a file as text; throws when it cannot. Paths come resolved against the target file's folder. */
export type ReadFile = (path: string) => string
export type Environment = Readonly<Record<string, string | undefined>>

const SECRET_NAMES = ['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret'] as const
const PARALLEL_MAX_SIMULATOR = 100

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
const fromEnvSchema = z.strictObject({
  consumerKey: variable,
  consumerSecret: variable,
  tokenId: variable,
  tokenSecret: variable,
})
const address = z.url({
  protocol: /^https?$/,
  error: 'an address such as https://1234567-sb1.suitetalk.api.netsuite.com',
})

export const targetFileSchema = z.strictObject({
  name: z.string().min(1).describe('shown in reports'),
  baseUrl: address.describe('without a path; may be left out with credentials.fromFile').optional(),
  accountId: z.coerce.string().regex(/^\w+$/, 'an account ID such as 1234567_SB1').optional(),
  accountType: z.enum(ACCOUNT_TYPES),
  allowWrites: z.boolean().default(false).describe('make, change and delete records of its own'),
  parallelMax: z.int().min(1).max(100).optional(),
  credentials: z
    .strictObject({
      fromFile: z.string().min(1).describe('what seatrial serve --ready-file wrote').optional(),
      fromEnv: fromEnvSchema.describe('names of environment variables').optional(),
      restrictedRole: fromEnvSchema
        .pick({ tokenId: true, tokenSecret: true })
        .describe(
          'names of environment variables; a token of the same integration whose role may view customers, but neither ' +
            'create them nor use SuiteAnalytics Workbook: without it the cases about permissions are skipped',
        )
        .optional(),
    })
    .refine(
      (one) => (one.fromFile === undefined) !== (one.fromEnv === undefined),
      'either fromFile or fromEnv',
    ),
  extraFields: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  caFile: z.string().min(1).optional(),
})

const readySchema = z.looseObject({
  baseUrl: address,
  accountId: z.string().min(1),
  consumerKey: z.string().min(1),
  consumerSecret: z.string().min(1),
  tokenId: z.string().min(1),
  tokenSecret: z.string().min(1),
  caFile: z.string().min(1).optional(),
})
type Ready = z.output<typeof readySchema>
type TargetFile = z.output<typeof targetFileSchema>

/**
 * Parses a target file (YAML) and gathers its credentials. Throws `E_TARGET_INVALID`, `E_TARGET_SECRET`,
 * `E_TARGET_PRODUCTION` or `E_TARGET_CREDENTIALS`; no message ever holds a secret.
 */
export function parseTargetFile(text: string, file: string, readFile: ReadFile, env: Environment): Target {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [broken] = document.errors
  if (broken !== undefined) {
    const message = `not YAML: ${broken.message.split('\n')[0]}`
    refuse(file, [{ message, line: lines.linePos(broken.pos[0]).line, pointer: '' }])
  }
  const where = { file, document, lines }
  const raw: unknown = document.toJS()
  refuseSecrets(raw, where)
  const parsed = targetFileSchema.safeParse(raw)
  if (!parsed.success) refuse(file, problemsOf(parsed.error, where))
  return resolveTarget(parsed.data, file, readFile, env)
}

function resolveTarget(data: TargetFile, file: string, readFile: ReadFile, env: Environment): Target {
  const near = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path))
  const { fromFile, fromEnv, restrictedRole } = data.credentials
  const ready = fromFile === undefined ? undefined : readReady(near(fromFile), readFile, file)
  const baseUrl = data.baseUrl ?? ready?.baseUrl
  const accountId = data.accountId ?? ready?.accountId
  if (baseUrl === undefined || accountId === undefined) {
    const missing = baseUrl === undefined ? 'baseUrl' : 'accountId'
    refuse(file, [{ message: `${missing} is missing`, pointer: `/${missing}` }])
  }
  const origin = originOf(baseUrl, file)
  refuseProduction(data, origin, file)
  const secrets = ready ?? readEnv(fromEnv!, env, file, '/credentials/fromEnv')
  const caFile = data.caFile === undefined ? ready?.caFile : near(data.caFile)
  return {
    name: data.name,
    baseUrl: origin,
    accountId,
    accountType: data.accountType,
    allowWrites: data.allowWrites,
    parallelMax: data.parallelMax ?? (data.accountType === 'simulator' ? PARALLEL_MAX_SIMULATOR : 1),
    credentials: {
      accountId,
      consumerKey: secrets.consumerKey,
      consumerSecret: secrets.consumerSecret,
      tokenId: secrets.tokenId,
      tokenSecret: secrets.tokenSecret,
    },
    ...(restrictedRole && {
      restrictedRole: readEnv(restrictedRole, env, file, '/credentials/restrictedRole'),
    }),
    extraFields: data.extraFields,
    caFile,
  }
}

function originOf(baseUrl: string, file: string): string {
  const { origin, pathname, search, username, password } = new URL(baseUrl)
  if (username !== '' || password !== '')
    throw new AppError('E_TARGET_SECRET', 'the address holds a user name or password', {
      file,
      pointer: '/baseUrl',
      mend: 'take it out; the suite logs in by token',
    })
  if (pathname !== '/' || search !== '')
    refuse(file, [{ message: 'baseUrl has a path; the suite adds its own', pointer: '/baseUrl' }])
  return origin
}

/** A NetSuite host without a sandbox or preview suffix may be production, whatever the file calls it. [REC-001, REC-002] */
const NETSUITE_HOST = /^([a-z0-9-]+)\.suitetalk\.api\.netsuite\.com$/i
const NON_PRODUCTION = /-(sb\d*|rp)$|^tst/i

function refuseProduction({ accountType, allowWrites }: TargetFile, origin: string, file: string): void {
  const account = NETSUITE_HOST.exec(new URL(origin).hostname)?.[1]
  if (accountType === 'simulator' && account !== undefined)
    refuse(file, [
      { message: 'accountType is simulator, but the address is NetSuite', pointer: '/accountType' },
    ])
  const looksSo = accountType === 'sandbox' && account !== undefined && !NON_PRODUCTION.test(account)
  if (!allowWrites || (accountType !== 'production' && !looksSo)) return
  const what = looksSo
    ? `the address of ${account} is not that of a sandbox`
    : 'the account is a production account'
  throw new AppError('E_TARGET_PRODUCTION', `allowWrites is set, but ${what}`, {
    file,
    pointer: '/allowWrites',
    expected: 'writes to a sandbox, a developer account or a simulator only',
    mend: 'remove allowWrites to run the read-only cases, or name a sandbox',
  })
}

function refuseSecrets(raw: unknown, where: YamlPlace): void {
  const credentials = (raw as { credentials?: unknown } | null)?.credentials
  const inside = (['fromEnv', 'restrictedRole'] as const).map((key) => {
    const names = (credentials as { readonly [k in typeof key]?: unknown } | null | undefined)?.[key]
    return SECRET_NAMES.filter((name) => looksSecret(names, name)).map((name) => ['credentials', key, name])
  })
  const found = [
    ...SECRET_NAMES.filter((name) => hasText(raw, name)).map((name) => [name]),
    ...SECRET_NAMES.filter((name) => hasText(credentials, name)).map((name) => ['credentials', name]),
    ...inside.flat(),
  ][0]
  if (found === undefined) return
  throw new AppError('E_TARGET_SECRET', `${found.at(-1)} is written into the file`, {
    file: where.file,
    line: lineOf(found, where),
    pointer: `/${found.join('/')}`,
    expected: 'credentials: { fromEnv: { consumerKey: NAME_OF_A_VARIABLE, … } }, or fromFile for a simulator',
    mend: 'move the secret to an environment variable and revoke it if the file was shared',
  })
}

/** All-hexadecimal text of this length is a key or secret, not the name of a variable. [AUT-002] */
const HEX_SECRET = /^[0-9a-f]{32,}$/i

function hasText(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
}

function looksSecret(fromEnv: unknown, name: string): boolean {
  return hasText(fromEnv, name) && HEX_SECRET.test(String((fromEnv as Record<string, unknown>)[name]))
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

function readReady(path: string, readFile: ReadFile, file: string): Ready {
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
