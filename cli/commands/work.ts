/** `seatrial work`: a worker that takes orders from a queue into an account, until it is told to stop. */
import { Command } from 'commander'
import { parseTargetFile, type Target } from '../../conformance/index.ts'
import {
  createReferenceEngine,
  Levels,
  PostgresBoard,
  type QueueTrouble,
  type ReferenceEngine,
  SharedLimit,
  SyncSchedule,
} from '../../harness/engine/index.ts'
import { type KnownLevel, knownLevel } from '../../harness/engine/throttle/known-level.ts'
import { healthApp, startHealthServer } from '../../harness/observe/health.ts'
import { createLogger } from '../../harness/observe/log.ts'
import { createMonitor } from '../../harness/observe/monitor.ts'
import { combineObservers } from '../../harness/observe/observers.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { AppError } from '../../kernel/error.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createLogin } from '../../protocol/login.ts'
import type { Transport } from '../../protocol/transport.ts'
import { readAlerts } from '../alerts.ts'
import { knock } from '../conformance.ts'
import { readText } from '../files.ts'
import { type OpenedQueue, openQueue, QUEUE_HELP } from '../queue.ts'
import { readWorkSettings, type WorkSettings } from '../work-settings.ts'
import { createSync } from '../work-sync.ts'
import { createTally } from '../work-tally.ts'

interface WorkOptions {
  readonly queue: string
  readonly target: string
  readonly untilEmpty?: true
  readonly lease?: string
  readonly healthPort?: string
  readonly alerts?: string
  readonly webhook?: string
  readonly settings?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

const HELP = `${QUEUE_HELP}
The target file is that of \`seatrial conform\` and must say allowWrites: true, which is refused for production.

Any number of workers may share a queue; workers on one PostgreSQL also share what the account grants at once. SIGTERM
and SIGINT end a worker gracefully: it takes nothing more and finishes what it is at. One that is killed loses nothing: its
orders go to another when their lease is over, and are looked up in the account before they are sent again.

Examples:
  seatrial work --queue sqlite:orders.queue --target sandbox.yaml
  seatrial work --queue postgres://seatrial@db.example.com/orders --target sandbox.yaml --health-port 9464
  seatrial work --queue env:QUEUE_URL --target sandbox.yaml --until-empty
  seatrial work --queue env:QUEUE_URL --target sandbox.yaml --alerts alerts.yaml --webhook env:WEBHOOK_URL
  seatrial work --queue env:QUEUE_URL --target sandbox.yaml --settings work.yaml
`

export function workCommand(): Command {
  return new Command('work')
    .description('take orders from a queue into an account')
    .requiredOption('--queue <address>', 'sqlite:FILE or postgres://…')
    .requiredOption('--target <file>', 'the account, and where its secrets are')
    .option('--until-empty', 'end when the queue is empty, instead of waiting for more')
    .option('--lease <seconds>', 'an order of a worker that died goes to another after so long; default: 300')
    .option('--health-port <n>', 'serve /metrics, /health/live and /health/ready there, on loopback')
    .option(
      '--settings <file>',
      'batches at peak, call budgets, stock levels, changes to deliver, YAML; docs/workers.md',
    )
    .option('--alerts <file>', 'alert rules, YAML; default: all four with their defaults')
    .option('--webhook <address>', 'env:NAME or file:PATH: where alerts are told besides the log')
    .option('--log-level <level>', 'debug, info, warn, error or silent; JSON lines on standard error', 'warn')
    .addHelpText('after', HELP)
    .action(work)
}

const clock = new SystemClock()

async function work(options: WorkOptions): Promise<void> {
  const leaseMs = readLease(options.lease)
  const port = readPort(options.healthPort)
  const target = readTarget(options.target)
  const alerts = readAlerts(options.alerts, options.webhook)
  const settings = readWorkSettings(options.settings)
  const logger = createLogger(clock, { level: readLevel(options.logLevel), destination: process.stderr })
  const rng = createRng(entropySeed())
  const transport = createHttpTransport({ caFile: target.caFile })
  const { baseUrl, credentials } = target
  await knock(transport, createLogin(clock, rng.fork('knock'), { transport, baseUrl }, credentials), baseUrl)
  const opened = await openQueue(clock, options.queue, { leaseMs, mayCreate: true })
  try {
    const parts = { rng, target, transport, logger, alerts, settings, port }
    await workOn(opened, parts, options.untilEmpty ?? false)
  } finally {
    await opened.queue.close()
    await transport.close()
  }
}

interface WorkerParts {
  readonly rng: Rng
  readonly target: Target
  readonly transport: Transport
  readonly logger: ReturnType<typeof createLogger>
  readonly alerts: ReturnType<typeof readAlerts>
  readonly settings: WorkSettings
  readonly port: number | undefined
}

/** Works until the queue is empty, or until it is told to stop. */
async function workOn(opened: OpenedQueue, parts: WorkerParts, untilEmpty: boolean): Promise<void> {
  const { rng, target, transport, logger, alerts, settings, port } = parts
  const tally = createTally()
  const shared = shareOf(opened, parts)
  const store =
    settings.stock === undefined && settings.sync.length === 0 ? undefined : await opened.openStore()
  const levels = store && new Levels(store)
  let engine: ReferenceEngine
  const status = () => engine.status()
  const monitor = createMonitor({ clock, rng: rng.fork('webhook'), transport, logger }, status, alerts)
  engine = createReferenceEngine(
    {
      clock,
      rng: rng.fork('engine'),
      transport,
      baseUrl: target.baseUrl,
      credentials: target.credentials,
      observer: combineObservers([monitor.observer, tally.observer]),
      peak: settings.peak,
      payments: settings.payments,
      customers: settings.customers,
      stock: levels && settings.stock && { levels, ...settings.stock },
    },
    opened.queue,
    { onQueueTrouble: tellTrouble, limiter: shared, budgets: shared ? [] : settings.budgets },
  )
  const isMine = shared && (() => shared.isFirst)
  const sync =
    store === undefined
      ? new SyncSchedule(clock, [])
      : await createSync(clock, settings, { engine, store, levels, transport, logger, isMine })
  const health =
    port === undefined ? undefined : await startHealthServer(healthApp(status, monitor.metrics), { port })
  try {
    process.stdout.write(
      `working for ${target.name}${health === undefined ? '' : `, health at ${health.url}`}\n`,
    )
    monitor.watch()
    const ended = untilEmpty ? [workOff(engine, sync)] : [engine.run(), sync.run()]
    const stopped = interrupted().then(() => Promise.all([sync.stop(), engine.stop()]))
    await Promise.race([...ended, stopped, ...(shared === undefined ? [] : [shared.run()])])
    process.stdout.write(`${tally.text()}\n`)
  } finally {
    await sync.stop()
    await shared?.stop()
    await monitor.stop()
    await health?.close()
    await store?.close()
  }
}

/** What workers on one database share, the limit and the budgets; on a queue file each has its own. */
function shareOf(
  { database }: OpenedQueue,
  { target, rng, settings: { budgets } }: WorkerParts,
): SharedLimit<KnownLevel> | undefined {
  if (database === undefined) return undefined
  const board = new PostgresBoard<KnownLevel>(clock, database, target.accountId)
  const id = rng.fork('worker').hex(12)
  return new SharedLimit(clock, board, { algorithm: knownLevel, id, budgets })
}

/** What is in the queue, one run of each job, and the work that comes of them. */
async function workOff(engine: ReferenceEngine, sync: SyncSchedule): Promise<void> {
  await Promise.all([engine.idle(), sync.once()])
  await engine.idle()
}

/** Once per spell of trouble, and once when it is over. */
function tellTrouble({ error, lastedMs }: QueueTrouble): void {
  if (error === undefined)
    process.stderr.write(`the queue answers again after ${(lastedMs / 1_000).toFixed(1)} s\n`)
  else if (lastedMs === 0) process.stderr.write(`the queue: ${error.message}; trying again\n`)
}

function readTarget(file: string) {
  const target = parseTargetFile(readText(file), file, readText, process.env)
  if (target.caFile !== undefined) readText(target.caFile)
  if (target.allowWrites) return target
  throw new AppError('E_TARGET_READ_ONLY', `${target.name} may not be written to`, {
    file,
    pointer: '/allowWrites',
    expected: 'allowWrites: true, for a sandbox, a developer account or a simulator',
    mend: 'a worker makes customers and sales orders: allow that, or name another account',
  })
}

function readLease(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  if (seconds >= LEASE_SEC_MIN && seconds <= LEASE_SEC_MAX) return seconds * 1_000
  throw new AppError('E_OPTION_INVALID', `--lease ${text}`, {
    expected: `seconds, from ${LEASE_SEC_MIN} to ${LEASE_SEC_MAX}`,
    mend: 'give more than two heartbeats need, and less than an order may wait',
  })
}

const LEASE_SEC_MIN = 1
const LEASE_SEC_MAX = 86_400

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new AppError('E_OPTION_INVALID', `--health-port ${text}`, {
    expected: 'a number from 0 to 65535',
    mend: 'choose a port; 0 takes a free one',
  })
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

function readLevel(text: string): (typeof LEVELS)[number] {
  const level = LEVELS.find((one) => one === text)
  if (level !== undefined) return level
  throw new AppError('E_OPTION_INVALID', `--log-level ${text}`, {
    expected: LEVELS.join(', '),
    mend: 'choose one',
  })
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
