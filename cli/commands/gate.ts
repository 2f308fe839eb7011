/** `seatrial gate`: the whole trial in one command: reference engine, naive contrast, conformance, verdict, report. */
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { renderTerminal } from '../../reports/index.ts'
import { type AccountOptions, addAccountOptions } from '../account.ts'
import { conformSimulator } from '../conformance.ts'
import { EXIT } from '../exit-codes.ts'
import { openRunFolder } from '../files.ts'
import { LOGIN_KINDS, type LoginKind } from '../own-logins.ts'
import { fillRunFolder, reportInput } from '../run-folder.ts'
import { chooseScenario, runTrial } from '../trial.ts'
import { exitCodeFor, terminalOptions } from './run.ts'

interface GateOptions extends AccountOptions {
  readonly seed?: string
  readonly out: string
  readonly contrast: boolean
  readonly login?: LoginKind
}

const HELP = `
Runs the scenario (default: order-spike) in virtual time through the reference engine, then through the naive one for
contrast, then the conformance cases against the simulator. Fails if the reference run or a conformance case fails.

The run folder holds report.html for people, junit.xml and summary.md for a CI server, result.json for programs.
`

export function gateCommand(): Command {
  const command = new Command('gate')
    .description('the whole trial in one command; what a CI server calls')
    .argument('[scenario]', 'id of a scenario, or a file', 'order-spike')
    .option('--seed <text>', "default: the scenario's own")
    .option('--out <folder>', 'run folder', join('reports', 'runs', 'gate'))
    .option('--no-contrast', 'leave the naive engine out')
    .addOption(
      new Option('--login <kind>', 'how engines and suite log in; default: what the profile has').choices(
        LOGIN_KINDS,
      ),
    )
    .addHelpText('after', HELP)
  return addAccountOptions(command).action(gate)
}

async function gate(name: string, options: GateOptions): Promise<void> {
  const scenario = chooseScenario(name, options.seed)
  const folder = openRunFolder(options.out)
  try {
    const { login } = options
    const common = { scenario, mode: 'virtual', account: options, login } as const
    const trial = await runTrial({ ...common, engine: 'reference' })
    const contrast = options.contrast ? await runTrial({ ...common, engine: 'naive' }) : undefined
    const conformance = await conformSimulator({
      account: options,
      mode: 'virtual',
      seed: scenario.seed,
      login,
    })
    const content = { trial, conformance, ...(contrast === undefined ? {} : { contrast }) }
    fillRunFolder(folder, content)
    folder.commit()
    process.stdout.write(renderTerminal(reportInput(content), terminalOptions()))
    process.stdout.write(`\nReport: ${join(options.out, 'report.html')}\n`)
    const runCode = exitCodeFor(trial.result.verdict)
    process.exitCode = runCode === EXIT.pass && conformance.verdict !== 'pass' ? EXIT.fail : runCode
  } catch (error) {
    folder.discard()
    throw error
  }
}
