/** `seatrial spec`: what an account's own metadata document holds, before a simulation is built on it. */
import { Command } from 'commander'
import { loadDocument } from '../../simulator/spec/load.ts'
import { describeDocument, summarizeType } from '../../simulator/spec/report.ts'
import { readText } from '../files.ts'
import { specTypesCommand } from './spec-types.ts'

const HELP = `
Get a document from your account (a role with access to the record types is enough):

  GET https://<account>.suitetalk.api.netsuite.com/services/rest/record/v1/metadata-catalog?select=customer,salesOrder
  Accept: application/swagger+json

Leave out ?select= for everything the role can see. The JSON schema of one record (Accept: application/schema+json) is
read too; its file should be named after the record type.

Examples:
  seatrial spec check my-account.json
  seatrial spec check my-account.json --json | jq '.oddities[].code' | sort | uniq -c

Then:
  seatrial serve --spec my-account.json
`

/** The command group; `print` receives what goes to standard output. Throws AppErrors, which main renders. */
export function specCommand(print: (text: string) => void = (text) => process.stdout.write(text)): Command {
  const check = new Command('check')
    .description('say what record types, custom fields, sublists and oddities a document has')
    .argument('<file>', 'OpenAPI or JSON schema answer of the metadata catalogue, JSON')
    .option('--json', 'print the same as JSON')
    .addHelpText('after', HELP)
    .action((file: string, options: { readonly json?: true }) => {
      const loaded = loadDocument(readText(file), file)
      if (!options.json) return print(describeDocument(loaded))
      const { info, types, oddities } = loaded
      print(`${JSON.stringify({ info, types: types.map(summarizeType), oddities }, null, 2)}\n`)
    })
  return new Command('spec')
    .description("look into an account's own metadata document")
    .addCommand(check)
    .addCommand(specTypesCommand(print))
}
