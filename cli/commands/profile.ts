/** `seatrial profile`: account profiles without starting an account. */
import { Command } from 'commander'
import { PRESET_NAMES } from '../../simulator/presets.ts'
import { concurrencyLimitOf, loadProfile, type Profile, profileJsonSchema } from '../../simulator/profile.ts'
import { parseProfile, profileText } from '../../simulator/profile-file.ts'
import { functionsOf, RESTLET_FUNCTIONS, SCRIPT_FUNCTIONS } from '../../simulator/scripts/modules.ts'
import { modulesOf } from '../account.ts'
import { readText } from '../files.ts'

const HELP = `
A profile is a YAML file that starts from a preset and changes what it names; docs/profile.md lists every key with unit,
default and source. Presets: ${PRESET_NAMES.join(', ')}.

Examples:
  seatrial profile show premium > acme.yaml        a whole profile to start from, each key with its meaning
  seatrial profile check acme.yaml                 is it right, and what does it come to
  seatrial profile schema > profile.schema.json    for editors: completion and checks while you type

Then:
  seatrial serve --profile acme.yaml
`

/** Loads what the profile names, as the start of an account would. */
async function checkModules(file: string, profile: Profile): Promise<void> {
  const modules = await modulesOf(file, profile)
  for (const { file: one } of profile.scripts) functionsOf(modules, one, SCRIPT_FUNCTIONS)
  for (const { file: one } of profile.restlets) functionsOf(modules, one, RESTLET_FUNCTIONS)
}

/** The command group; `print` receives what goes to standard output. Throws AppErrors, which main renders. */
export function profileCommand(
  print: (text: string) => void = (text) => process.stdout.write(text),
): Command {
  const check = new Command('check')
    .description('say whether a profile is right, and what it comes to')
    .argument('<file>', 'YAML file')
    .action(async (file: string) => {
      const profile = parseProfile(readText(file), file)
      await checkModules(file, profile)
      const { name, accountId, accountType, serviceTier, integrations, roles, scripts, restlets, faults } =
        profile
      const own = integrations.flatMap(({ name: one, concurrencyLimit: slots }) =>
        slots === undefined ? [] : [`${one} ${slots}`],
      )
      print(`${file} is a valid profile
  name           ${name}
  account        ${accountId} (${accountType}, ${serviceTier})
  concurrency    ${concurrencyLimitOf(profile)} requests at a time${own.length > 0 ? `; reserved: ${own.join(', ')}` : ''}
  integrations   ${integrations.map(({ name: one }) => one).join(', ') || 'one, made at the start'}
  roles          ${['Administrator', ...roles.map(({ name: one }) => one)].join(', ')}
  scripts        ${scripts.map(({ file: one }) => one).join(', ') || 'none'}
  RESTlets       ${restlets.map(({ script, file: one }) => `${script} ${one}`).join(', ') || 'none'}
  faults         ${faults.map(({ fault, id }) => id ?? fault).join(', ') || 'none'}
`)
    })
  const show = new Command('show')
    .description('print a preset as a whole profile, each key with its meaning')
    .argument('<preset>', PRESET_NAMES.join(', '))
    .action((preset: string) => print(profileText(loadProfile(preset))))
  const schema = new Command('schema')
    .description('print the JSON Schema of profiles')
    .action(() => print(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`))
  return new Command('profile')
    .description('show and check account profiles')
    .addHelpText('after', HELP)
    .addCommand(check)
    .addCommand(show)
    .addCommand(schema)
}
