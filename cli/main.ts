/** The command line: puts the commands together, turns errors into sentences and exit codes. */
import { Command, CommanderError } from 'commander'
import { AppError } from '../kernel/error.ts'
import { EXIT } from './exit-codes.ts'
import { VERSION } from './product.ts'

const HELP = `
Examples:
  seatrial gate                                the bundled demo: flash sale, faults, conformance; report in ./reports/runs
  seatrial serve --port 8484                   a NetSuite account on this machine, with credentials to paste
  seatrial serve --spec my-account.json        the same with your record types and custom fields
  seatrial run order-spike --engine naive      watch what people write first lose and double orders
  seatrial run order-spike --orders year.csv   your own order history instead of generated orders
  seatrial work --queue sqlite:orders.queue --target sandbox.yaml     take orders from a queue into a sandbox
  seatrial conform --target sandbox.yaml       check a sandbox against what NetSuite documents

Exit codes:
  0 pass · 1 the verdict is fail · 2 usage or configuration · 3 target unreachable or refused
  4 run not trustworthy (the harness was the bottleneck) · 70 internal error
`

/** Codes of problems with the target, or with the server of a queue, rather than with what the user wrote. */
const TARGET_CODES = new Set([
  'E_CONTROL',
  'E_TARGET_UNREACHABLE',
  'E_TARGET_REFUSED',
  'E_QUEUE_UNREACHABLE',
  'E_QUEUE_REFUSED',
])

/** Each is loaded only when it is asked for, or when help lists them all: what a command does not use costs it no start-up. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  gate: async () => (await import('./commands/gate.ts')).gateCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  conform: async () => (await import('./commands/conform.ts')).conformCommand(),
  profile: async () => (await import('./commands/profile.ts')).profileCommand(),
  work: async () => (await import('./commands/work.ts')).workCommand(),
  enqueue: async () => (await import('./commands/enqueue.ts')).enqueueCommand(),
  queue: async () => (await import('./commands/queue.ts')).queueCommand(),
  spec: async () => (await import('./commands/spec.ts')).specCommand(),
}

async function program(argument: string | undefined): Promise<Command> {
  const command = new Command('seatrial')
    .description('A sea trial for NetSuite integrations: a simulated account, load, faults, and a verdict.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', HELP)
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError(true)
  const names =
    argument !== undefined && Object.hasOwn(COMMANDS, argument) ? [argument] : Object.keys(COMMANDS)
  for (const name of names) command.addCommand(await COMMANDS[name]!())
  passOn(command)
  return command
}

/** Errors of subcommands end here as well, so that every usage error has the same exit code. */
function passOn(command: Command): void {
  command.exitOverride()
  for (const part of command.commands) passOn(part)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage
  if (error instanceof AppError) {
    process.stderr.write(`${error.toText()}\n`)
    return TARGET_CODES.has(error.code) ? EXIT.target : EXIT.usage
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`internal error, a bug of ours: ${name}: ${message}\n`)
  process.stderr.write(
    process.env.SEATRIAL_TRACE === '1'
      ? `${stack}\n`
      : '  mend: report it; SEATRIAL_TRACE=1 shows the trace\n',
  )
  return EXIT.internal
}

// The reader of a pipe may stop early (`| head`): that ends the output, not the run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  await (await program(process.argv[2])).parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
