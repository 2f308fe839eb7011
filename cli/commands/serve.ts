/** `seatrial serve`: a simulated account over HTTP or HTTPS, until interrupted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { AppError } from '../../kernel/error.ts'
import { createRng } from '../../kernel/rng.ts'
import type { OAuth2Credentials } from '../../protocol/assertion.ts'
import { createSigner } from '../../protocol/signing.ts'
import { CONTROL_BASE_PATH, RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.ts'
import { hostOf, restletHostOf } from '../../simulator/profile.ts'
import { RESTLET_PATH } from '../../simulator/restlets/format.ts'
import { type RunningServer, startServer } from '../../simulator/server.ts'
import {
  type AccountOptions,
  addAccountOptions,
  catalogueOf,
  modulesOf,
  profileOf,
  scriptNotices,
} from '../account.ts'
import { writeText } from '../files.ts'
import { VERSION } from '../product.ts'

interface ServeOptions extends AccountOptions {
  readonly port: string
  readonly host: string
  readonly db?: string
  readonly seed?: string
  readonly readyFile?: string
  readonly tls?: true
}

const PORT_DEFAULT = '8484'

const HELP = `
The account listens on loopback and keeps its records in memory. Send signed requests to the base URL it prints; the
credentials are made anew at each start (or from --seed) and are worth nothing elsewhere. With --db give
--seed as well, or clients will not know the credentials of the next start. The control API is below
${CONTROL_BASE_PATH}: health, reset, journal, records, slots, faults.

Examples:
  seatrial serve
  seatrial serve --port 0 --ready-file ready.json     for scripts: wait for the file, then read URL and credentials
  seatrial serve --spec my-account.json --tls         your record types, over HTTPS with a throw-away CA
  seatrial serve --profile standard --latency none    5 slots, no waiting
`

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('start a simulated NetSuite account')
    .option('--port <n>', 'port to listen on; 0 takes a free one', PORT_DEFAULT)
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option('--db <file>', 'keep the records in this SQLite file')
    .option('--seed <text>', 'seed of credentials, latency and faults; default: a new one each time')
    .option('--ready-file <file>', 'write URLs and credentials there as JSON once it listens (owner only)')
    .option('--tls', 'serve HTTPS from a throw-away CA')
    .addHelpText('after', HELP)
  return addAccountOptions(command).action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const port = Number(options.port)
  if (!/^\d+$/.test(options.port) || port > 65_535) {
    throw new AppError('E_OPTION_INVALID', `--port ${options.port}`, {
      expected: 'a number from 0 to 65535',
      mend: 'choose a port',
    })
  }
  const clock = new SystemClock()
  const rng = createRng(options.seed ?? entropySeed())
  const profile = profileOf(options)
  const catalogue = catalogueOf(options)
  const modules = await modulesOf(options.profile, profile)
  const simulator = openAccount({
    clock,
    rng,
    profile,
    catalogue,
    modules,
    onScriptNotice: scriptNotices(),
    dbFile: options.db,
    version: VERSION,
    onInternalError: ({ method, path, internalError }) =>
      process.stderr.write(`a bug of ours: ${method} ${path}: ${internalError}\n`),
  })
  const secure = options.tls ? await makeTls(clock, [hostOf(profile), restletHostOf(profile)]) : undefined
  const client = keepClientKey(simulator.oauth2)
  try {
    const listen = { port, hostname: options.host, ...(secure === undefined ? {} : { tls: secure.tls }) }
    const server = await startServer(simulator, listen)
    try {
      announce(options, simulator, server, secure?.caFile, client?.oauth2)
      await interrupted()
    } finally {
      await server.close()
    }
  } finally {
    secure?.remove()
    client?.remove()
    simulator.close()
  }
}

/** Opens the account; a database file that cannot be one is the user's to mend. */
function openAccount(options: SimulatorOptions): Simulator {
  try {
    return createSimulator(options)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (options.dbFile === undefined || code !== 'ERR_SQLITE_ERROR') throw error
    throw new AppError('E_DB_UNUSABLE', `cannot be used as the database of the account: ${message}`, {
      file: options.dbFile,
      expected: 'a file that an earlier --db made, or a path where one can be made',
      mend: 'check the path and its permissions, or choose another --db',
      cause: error,
    })
  }
}

/** Tells programs (ready file), then people (standard output), that the account is there. */
function announce(
  { readyFile }: ServeOptions,
  simulator: Simulator,
  server: RunningServer,
  caFile: string | undefined,
  oauth2: OAuth2Client | undefined,
): void {
  const { baseUrl } = server
  const ready = {
    baseUrl,
    controlUrl: baseUrl + CONTROL_BASE_PATH,
    restletUrl: baseUrl + RESTLET_PATH,
    ...simulator.credentials,
    ...(oauth2 === undefined ? {} : { oauth2 }),
    ...(caFile === undefined ? {} : { caFile }),
  }
  if (readyFile !== undefined) writeText(readyFile, `${JSON.stringify(ready, null, 2)}\n`, 0o600)
  for (const warning of simulator.warnings) process.stderr.write(`warning: ${warning}\n`)
  process.stdout.write(banner(simulator, server, caFile, oauth2))
}

/** What a client of OAuth 2.0 needs to ask for tokens; the key is in a file, as a real one would be. */
interface OAuth2Client {
  readonly clientId: string
  readonly certificateId: string
  readonly privateKeyFile: string
}

/** Writes the private key where only its owner reads it, in a folder of its own. */
function keepClientKey(credentials: OAuth2Credentials | undefined) {
  if (credentials === undefined) return undefined
  const { privateKeyPem, ...ids } = credentials
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-oauth2-'))
  const privateKeyFile = join(folder, 'client-key.pem')
  writeText(privateKeyFile, privateKeyPem, 0o600)
  return {
    oauth2: { ...ids, privateKeyFile },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function makeTls(clock: SystemClock, names: readonly string[]) {
  // Loaded only when asked for: certificates cost start-up time that plain HTTP need not pay.
  const { createThrowAwayTls } = await import('../../simulator/tls.ts')
  const { ca, key, cert } = await createThrowAwayTls(clock, names)
  // A folder of our own: in the shared one, others could have put a link where the file goes.
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-ca-'))
  const caFile = join(folder, 'ca.pem')
  writeText(caFile, ca)
  return { caFile, tls: { key, cert }, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function banner(
  simulator: Simulator,
  { baseUrl }: RunningServer,
  caFile: string | undefined,
  oauth2: OAuth2Client | undefined,
): string {
  const { credentials, concurrencyLimit } = simulator
  const url = `${baseUrl}${RECORD_BASE_PATH}/currency/1`
  const sign = createSigner(new SystemClock(), createRng(entropySeed()), credentials)
  const { authorization } = sign({ method: 'GET', url, headers: {} }).headers
  return `Seatrial ${VERSION}: a NetSuite account that is not one
  base URL         ${baseUrl}
  control API      ${baseUrl}${CONTROL_BASE_PATH}/health
  account id       ${credentials.accountId}
  consumer key     ${credentials.consumerKey}
  consumer secret  ${credentials.consumerSecret}
  token id         ${credentials.tokenId}
  token secret     ${credentials.tokenSecret}
  concurrency      ${concurrencyLimit} requests at a time
${oauth2 === undefined ? '' : oauth2Lines(oauth2)}${caFile === undefined ? '' : `  CA to trust      ${caFile}\n`}
A signed request (good once, for five minutes):
  curl -s${caFile === undefined ? '' : ` --cacert ${caFile}`} '${url}' \\
    -H '${`Authorization: ${authorization}`}'

Ctrl-C stops it.
`
}

function oauth2Lines({ certificateId, privateKeyFile }: OAuth2Client): string {
  return `  OAuth 2.0        client id: the consumer key, certificate id: ${certificateId}
  private key      ${privateKeyFile} (ES256)
`
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
