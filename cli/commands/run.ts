/** `seatrial run`: one scenario, one engine, a verdict and a run folder. */
import { basename, join } from 'node:path'
import { Command, Option } from 'commander'
import type { GivenOrders } from '../../harness/run-plan.ts'
import { readOrders } from '../../harness/shop/order-file.ts'
import { AppError } from '../../kernel/error.ts'
import { renderTerminal } from '../../reports/index.ts'
import { type AccountOptions, addAccountOptions } from '../account.ts'
import { EXIT } from '../exit-codes.ts'
import { openRunFolder, readText } from '../files.ts'
import { LOGIN_KINDS, type LoginKind } from '../own-logins.ts'
import { fillRunFolder, reportInput } from '../run-folder.ts'
import { chooseScenario, runTrial } from '../trial.ts'

interface RunCommandOptions extends AccountOptions {
  readonly seed?: string
  readonly engine: 'reference' | 'naive'
  readonly clock: 'virtual' | 'wall'
  readonly out?: string
  readonly orders?: string
  readonly speed?: string
  readonly login?: LoginKind
}

const HELP = `
Scenarios: order-spike, or the path of a JSON or YAML file of your own.

An order file is NDJSON or a JSON array of Shopify-shaped orders, or CSV with one row per order line; it is
replayed at the speed it happened, or --speed times as fast. Bad rows stop the run before it starts.

In virtual time (the default) the same seed gives the same result.json, byte for byte. With --clock wall the same run
goes over real sockets and takes as long as it says.

Examples:
  seatrial run order-spike --seed 7
  seatrial run order-spike --engine naive
  seatrial run order-spike --orders black-friday.ndjson --speed 4 --profile standard
`

export const ENGINE_OPTION = new Option(
  '--engine <name>',
  'reference: what to copy; naive: what people write first',
)
  .choices(['reference', 'naive'])
  .default('reference')

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a scenario against a simulated account')
    .argument('<scenario>', 'id of a scenario, or a file')
    .option('--seed <text>', "seed of everything that is left to chance; default: the scenario's own")
    .addOption(ENGINE_OPTION)
    .addOption(
      new Option('--clock <mode>', 'virtual or wall').choices(['virtual', 'wall']).default('virtual'),
    )
    .addOption(
      new Option('--login <kind>', 'how the engine logs in; default: what the profile has').choices(
        LOGIN_KINDS,
      ),
    )
    .option('--orders <file>', 'replay these orders instead of generated ones')
    .option('--speed <factor>', 'replay speed of --orders: 2 is twice as fast; default: 1')
    .option('--out <folder>', 'run folder; default: reports/runs/<scenario>-<engine>-<seed>')
    .addHelpText('after', HELP)
  return addAccountOptions(command).action(run)
}

async function run(name: string, options: RunCommandOptions): Promise<void> {
  const scenario = chooseScenario(name, options.seed)
  const orders = ordersFrom(options)
  const out = options.out ?? defaultFolder(scenario.id, options.engine, String(scenario.seed))
  const folder = openRunFolder(out)
  try {
    const { engine, clock: mode, login } = options
    const trial = await runTrial({
      scenario,
      engine,
      mode,
      account: options,
      login,
      ...(orders === undefined ? {} : { orders }),
    })
    fillRunFolder(folder, { trial })
    folder.commit()
    process.stdout.write(renderTerminal(reportInput({ trial }), terminalOptions()))
    process.stdout.write(`\nReport: ${join(out, 'report.html')}\n`)
    process.exitCode = exitCodeFor(trial.result.verdict)
  } catch (error) {
    folder.discard()
    throw error
  }
}

function ordersFrom({ orders: file, speed: speedText }: RunCommandOptions): GivenOrders | undefined {
  if (file === undefined) {
    if (speedText === undefined) return undefined
    throw new AppError('E_OPTION_INVALID', '--speed needs --orders', {
      expected: 'a file whose orders have times of their own',
      mend: 'name the orders with --orders FILE, or leave --speed out',
    })
  }
  const speed = Number(speedText ?? '1')
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new AppError('E_OPTION_INVALID', `--speed ${speedText}`, {
      expected: 'a number above 0',
      mend: 'choose a speed such as 2',
    })
  }
  return { orders: readOrders(readText(file), file), name: basename(file), speed }
}

/** Names of folders stay plain whatever a seed looks like. */
export function defaultFolder(scenario: string, engine: string, seed: string): string {
  return join('reports', 'runs', `${scenario}-${engine}-${seed.replace(/[^\w.-]/g, '_').slice(0, 40)}`)
}

export function exitCodeFor(verdict: 'pass' | 'fail' | 'untrusted'): number {
  return verdict === 'pass' ? EXIT.pass : verdict === 'fail' ? EXIT.fail : EXIT.untrusted
}

/** Colours only where a person looks and has not said no. */
export function terminalOptions(): { colour: boolean; width: number } {
  const { stdout, env } = process
  return {
    colour: stdout.isTTY === true && env.NO_COLOR === undefined,
    width: Math.min(stdout.columns ?? 100, 120),
  }
}
