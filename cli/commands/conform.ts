/** `seatrial conform`: does a target behave as NetSuite documents? Simulator by default, a real sandbox by file. */
import { Command, Option } from 'commander'
import { renderConformanceText } from '../../conformance/index.ts'
import { AppError } from '../../kernel/error.ts'
import { type AccountOptions, addAccountOptions } from '../account.ts'
import { conformSimulator, conformTarget } from '../conformance.ts'
import { EXIT } from '../exit-codes.ts'
import { writeText } from '../files.ts'
import { LOGIN_KINDS, type LoginKind } from '../own-logins.ts'
import { PLANT_NAMES, plant } from '../plants.ts'

interface ConformOptions extends AccountOptions {
  readonly target: string
  readonly clock: 'virtual' | 'wall'
  readonly only?: string
  readonly json?: string
  readonly login?: LoginKind
  readonly plant?: string
  readonly seed: string
}

const HELP = `
A target file (YAML) names an account and where its secrets are, never the secrets themselves:

  name: our sandbox
  baseUrl: https://1234567-sb1.suitetalk.api.netsuite.com
  accountId: 1234567_SB1
  accountType: sandbox          # production, sandbox, developer or simulator
  allowWrites: false            # true: records are made, tagged and deleted again; refused for production
  credentials:                  # OAuth 1.0a, OAuth 2.0, or both; the cases about the kind that is not there are skipped
    fromEnv: { consumerKey: NS_CK, consumerSecret: NS_CS, tokenId: NS_TOKEN, tokenSecret: NS_TS }
    oauth2: { clientId: 0a1b…, certificateId: Xy7…, privateKeyFile: key.pem }   # and algorithm, scopes
    login: oauth2               # where there are both: which of them logs in; tba unless told otherwise
    restrictedRole: …           # { tokenId, tokenSecret }, variables of a token of a role that may only view customers;
                                # by OAuth 2.0 oauth2.restrictedRole: { certificateId, privateKeyFile }

An access token is fetched once, kept until a minute before it ends, and fetched anew when it is refused. In place of fromEnv and
oauth2, fromFile: ready.json takes what seatrial serve --ready-file wrote.

--plant alters the simulator's answers on the way, to see for yourself that the suite can fail:
  ${PLANT_NAMES.join(', ')}

Examples:
  seatrial conform
  seatrial conform --only records --clock wall
  seatrial conform --login oauth2 --only oauth,records
  seatrial conform --target sandbox.yaml --json conformance.json
  seatrial conform --plant create-answers-201
`

export function conformCommand(): Command {
  const command = new Command('conform')
    .description('check a target against what NetSuite documents')
    .option('--target <simulator|file>', 'simulator, or a target file', 'simulator')
    .addOption(
      new Option('--clock <mode>', 'simulator only: virtual, or wall for real sockets')
        .choices(['virtual', 'wall'])
        .default('virtual'),
    )
    .option('--only <names>', 'areas or case ids, comma-separated')
    .addOption(
      new Option(
        '--login <kind>',
        'simulator only: log in by tokens or by OAuth 2.0; default: what the profile has',
      ).choices(LOGIN_KINDS),
    )
    .option('--json <file>', 'write the result there as well')
    .option('--seed <text>', 'simulator only: seed of the account', '7')
    .addOption(new Option('--plant <difference>', 'simulator only: plant a difference').choices(PLANT_NAMES))
    .addHelpText('after', HELP)
  return addAccountOptions(command).action(conform)
}

/** Options that shape a simulated account and mean nothing to a target file. */
const SIMULATOR_ONLY = ['clock', 'seed', 'login', 'plant', 'profile', 'spec', 'specOnly', 'latency']

function refuseSimulatorOptions(command: Command): void {
  const given = SIMULATOR_ONLY.find((name) => command.getOptionValueSource(name) === 'cli')
  if (given === undefined) return
  const flag = command.options.find((option) => option.attributeName() === given)!.long!
  throw new AppError('E_OPTION_INVALID', `${flag} is for the simulator, not for a target file`, {
    mend: `leave ${flag} out, or leave --target out`,
  })
}

async function conform(options: ConformOptions, command: Command): Promise<void> {
  const only = options.only?.split(',').map((name) => name.trim())
  const { target, clock: mode, seed, login, plant: difference } = options
  if (target !== 'simulator') refuseSimulatorOptions(command)
  const result =
    target === 'simulator'
      ? await conformSimulator({
          account: options,
          mode,
          seed,
          only,
          login,
          ...(difference === undefined ? {} : { decorate: (transport) => plant(difference, transport) }),
        })
      : await conformTarget(target, only)
  if (options.json !== undefined) writeText(options.json, `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(renderConformanceText(result))
  process.exitCode = result.verdict === 'pass' ? EXIT.pass : EXIT.fail
}
