/**
 * What the suite is pointed at, and the file that says so. Two things are refused on sight: secrets written into
 * the file, and permission to write to a production account. All other mistakes are reported together, with lines.
 */
import { dirname, isAbsolute, join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import type { Credentials } from '../protocol/login.ts'
import {
  credentialsSchema,
  type Environment,
  gatherCredentials,
  type ReadFile,
  type RestrictedRole,
  readReady,
  refuseSecrets,
} from './target-credentials.ts'
import { problemsOf, refuse } from './target-problem.ts'

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
  /** What the suite logs in with. Secrets: never log, never render. */
  readonly credentials: Credentials
  /** Of the other kind, for the cases about it; without, those are skipped. Secrets. */
  readonly otherCredentials?: Credentials | undefined
  /** For a second role, which may view customers, but neither create them nor use SuiteAnalytics Workbook. Secret. */
  readonly restrictedRole?: RestrictedRole | undefined
  /** Fields to add to every record made of a type, e.g. `{ customer: { subsidiary: { id: '1' } } }` in OneWorld. [REC-325] */
  readonly extraFields: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** PEM file of a CA to trust in addition. */
  readonly caFile?: string | undefined
}

const PARALLEL_MAX_SIMULATOR = 100

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
  credentials: credentialsSchema,
  extraFields: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  caFile: z.string().min(1).optional(),
})

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
  const { fromFile } = data.credentials
  const ready = fromFile === undefined ? undefined : readReady(near(fromFile), readFile, file)
  const baseUrl = data.baseUrl ?? ready?.baseUrl
  const accountId = data.accountId ?? ready?.accountId
  if (baseUrl === undefined || accountId === undefined) {
    const missing = baseUrl === undefined ? 'baseUrl' : 'accountId'
    refuse(file, [{ message: `${missing} is missing`, pointer: `/${missing}` }])
  }
  const origin = originOf(baseUrl, file)
  refuseProduction(data, origin, file)
  const gathered = gatherCredentials(data.credentials, { file, accountId, ready, near, readFile, env })
  const caFile = data.caFile === undefined ? ready?.caFile : near(data.caFile)
  return {
    name: data.name,
    baseUrl: origin,
    accountId,
    accountType: data.accountType,
    allowWrites: data.allowWrites,
    parallelMax: data.parallelMax ?? (data.accountType === 'simulator' ? PARALLEL_MAX_SIMULATOR : 1),
    ...gathered,
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
