/** `seatrial serve`: a simulated account over HTTP or HTTPS, until interrupted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { AppError } from '../../kernel/error.ts'
import { createRng } from '../../kernel/rng.ts'
import { ServedClock } from '../../kernel/served-clock.ts'
import type { OAuth2Credentials } from '../../protocol/assertion.ts'
import { CLOCK_SPEED_MAX } from '../../protocol/control.ts'
import { CONTROL_BASE_PATH, type WireRequest } from '../../protocol/wire.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.ts'
import { hostOf, restletHostOf } from '../../simulator/profile.ts'
import { startServer } from '../../simulator/server.ts'
import {
  type AccountOptions,
  addAccountOptions,
  catalogueOf,
  modulesOf,
  profileOf,
  scriptNotices,
} from '../account.ts'
import { announce } from '../announcement.ts'
import { controlTokenFrom } from '../control-token.ts'
import { writeText } from '../files.ts'
import { VERSION } from '../product.ts'

interface ServeOptions extends AccountOptions {
  readonly port: string
  readonly host: string
  readonly db?: string
  readonly seed?: string
  readonly readyFile?: string
  readonly tls?: true
  readonly controlPort?: string
  readonly controlTokenFile?: string
  readonly clock: string
  readonly speed?: string
}

const PORT_DEFAULT = '8484'

const HELP = `
The account listens on loopback and keeps its records in memory. Send signed requests to the base URL it prints; the
credentials are made anew at each start (or from --seed) and are worth nothing elsewhere. With --db give
--seed as well, or clients will not know the credentials of the next start.

The control API is below ${CONTROL_BASE_PATH}: health, clock, reset, journal, records, slots, faults. It answers callers on this
machine only, whatever --host says, until --control-token-file names the file of a token: then whoever sends that
token, from anywhere, and nobody else.

The account's time is the machine's, --speed times as fast. With --clock virtual it stands still: a request takes no time of
yours, and ${CONTROL_BASE_PATH}/clock/advance brings the next hour, the end of the month or of a job. Logins go by the
machine's time all the same.

Examples:
  seatrial serve
  seatrial serve --port 0 --ready-file ready.json     for scripts: wait for the file, then read URL and credentials
  seatrial serve --spec my-account.json --tls         your record types, over HTTPS with a throw-away CA
  seatrial serve --profile standard --latency none    5 slots, no waiting
  seatrial serve --speed 60                           an hour of the account in a minute of yours
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
    .option('--control-port <n>', 'port of its own for the control API; 0 takes a free one')
    .option(
      '--control-token-file <file>',
      'ask callers of the control API for the token in it; made if missing',
    )
    .option('--clock <mode>', "wall: the account's time passes by itself; virtual: only on demand", 'wall')
    .option('--speed <n>', 'milliseconds of the account in one of yours; 0 holds it; default: 1')
    .addHelpText('after', HELP)
  return addAccountOptions(command).action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const port = portOf('--port', options.port)
  const controlPort =
    options.controlPort === undefined ? undefined : portOf('--control-port', options.controlPort)
  const machineClock = new SystemClock()
  const clock = clockOf(options, machineClock)
  const rng = createRng(options.seed ?? entropySeed())
  const profile = profileOf(options)
  const catalogue = await catalogueOf(options)
  const modules = await modulesOf(options.profile, profile)
  const { host: hostname, controlTokenFile } = options
  const token = controlTokenFile === undefined ? undefined : controlTokenFrom(controlTokenFile)
  const simulator = openAccount({
    clock,
    clockControl: clock,
    machineClock,
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
  const secure = options.tls
    ? await makeTls(machineClock, [hostOf(profile), restletHostOf(profile)])
    : undefined
  const client = keepClientKey(simulator.oauth2)
  try {
    const listen = { port, hostname, tls: secure?.tls, control: { port: controlPort, token } }
    const serve = (request: WireRequest) => clock.during(() => simulator.serve(request))
    const { control, requestBytesMax } = simulator
    const server = await startServer({ serve, control, requestBytesMax }, listen)
    try {
      // Before the announcement: who reads it may stop us at once.
      const end = interrupted()
      announce(options.readyFile, {
        ...server,
        controlTokenFile,
        simulator,
        clock,
        signingClock: profile.auth.clock === 'account' ? clock : machineClock,
        caFile: secure?.caFile,
        oauth2: client?.oauth2 ?? simulator.oauth2Client,
      })
      await end
    } finally {
      await server.close()
    }
  } finally {
    secure?.remove()
    client?.remove()
    clock.close()
    simulator.close()
  }
}

function portOf(option: string, text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new AppError('E_OPTION_INVALID', `${option} ${text}`, {
    expected: 'a number from 0 to 65535',
    mend: 'choose a port',
  })
}

/** The clock that the options ask for, from now on. */
function clockOf({ clock: mode, speed: speedText }: ServeOptions, machineClock: SystemClock): ServedClock {
  if (mode !== 'virtual' && mode !== 'wall') {
    throw new AppError('E_OPTION_INVALID', `--clock ${mode}`, {
      expected: 'wall or virtual',
      mend: 'choose one of them',
    })
  }
  if (speedText === undefined) return new ServedClock(machineClock, { mode })
  if (mode === 'virtual') {
    throw new AppError('E_OPTION_INVALID', '--speed with --clock virtual', {
      expected: 'one of them: a virtual clock does not go by itself',
      mend: `leave one out; POST ${CONTROL_BASE_PATH}/clock/advance moves a virtual clock`,
    })
  }
  const speed = Number(speedText)
  if (!/^\d+(\.\d+)?$/.test(speedText) || speed > CLOCK_SPEED_MAX) {
    throw new AppError('E_OPTION_INVALID', `--speed ${speedText}`, {
      expected: `a number from 0 to ${CLOCK_SPEED_MAX}`,
      mend: 'give the milliseconds of the account in one of yours',
    })
  }
  return new ServedClock(machineClock, { mode, speed })
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

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
