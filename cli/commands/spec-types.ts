/**
 * `seatrial spec types`: TypeScript types of an account's records. What openapi-typescript is given is our own rendering of the
 * document, not the document: real ones break it. [OAS-092]
 */
import { Command } from 'commander'
import { closest } from 'fastest-levenshtein'
import { AppError } from '../../kernel/error.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import type { RecordType } from '../../simulator/spec/catalogue.ts'
import { loadDocument } from '../../simulator/spec/load.ts'
import { toOpenApi } from '../../simulator/spec/write.ts'
import { readText, writeText } from '../files.ts'

const HELP = `
What it writes is for the client of this package:

  import { createClient } from 'seatrial'
  import type { RecordTypes } from './my-account.d.ts'
  const client = createClient<RecordTypes>({ ... })
  await client.create('customer', { companyName: 'Ada Ltd', custentity_tier: '2' })

Examples:
  seatrial spec types --spec my-account.json --out my-account.d.ts
  seatrial spec types --select customer,salesOrder --out account.d.ts     (the bundled catalogue)
`

interface TypesOptions {
  readonly spec?: string
  readonly select?: string
  readonly out?: string
}

/** The command; `print` receives what goes to standard output. Throws AppErrors, which main renders. */
export function specTypesCommand(print: (text: string) => void): Command {
  return new Command('types')
    .description("write TypeScript types of an account's records")
    .option('--spec <file>', "the account's own document; default: the bundled catalogue of 2026.1")
    .option('--select <types>', 'only these record types, separated by commas')
    .option('--out <file>', 'where to write; default: standard output')
    .addHelpText('after', HELP)
    .action(async ({ spec, select, out }: TypesOptions) => {
      const types = selected(typesOf(spec), select, spec)
      const text = await recordTypesText(types)
      if (out === undefined) return print(text)
      writeText(out, text)
      print(`${types.filter(isRecord).length} record types written to ${out}\n`)
    })
}

/** The text of a `.d.ts` file: the schemas of `types`, and an index `RecordTypes` of those that are records. */
export async function recordTypesText(types: readonly RecordType[]): Promise<string> {
  const { default: openapiTS, astToString } = await import('openapi-typescript')
  const document = toOpenApi(types, { server: 'https://account.invalid', hides: () => true })
  // Of the paths nobody needs types: the client's functions stand for them.
  const schemas = astToString(await openapiTS(JSON.stringify({ ...document, paths: {} })))
  const index = types.filter(isRecord).map(({ name }) => {
    const key = JSON.stringify(name)
    return `    ${key}: components["schemas"][${key}];\n`
  })
  return `/** Records of one NetSuite account. Written by \`seatrial spec types\`; write it again rather than edit it. */\n\n${schemas}
/** Record type → its fields, for \`createClient<RecordTypes>\`. */
export interface RecordTypes {\n${index.join('')}}\n`
}

/** Parts of records have a schema, but no methods of their own. */
function isRecord({ methods }: RecordType): boolean {
  return methods.collection.length + methods.instance.length > 0
}

function typesOf(spec: string | undefined): readonly RecordType[] {
  return spec === undefined ? loadBundledCatalogue().types : loadDocument(readText(spec), spec).types
}

function selected(types: readonly RecordType[], select: string | undefined, spec?: string): RecordType[] {
  if (select === undefined) return [...types]
  const names = types.filter(isRecord).map(({ name }) => name)
  return select.split(',').map((text) => {
    const name = text.trim()
    const found = types.find((type) => type.name.toLowerCase() === name.toLowerCase())
    if (found !== undefined) return found
    throw new AppError('E_RECORD_TYPE_UNKNOWN', `there is no record type "${name}"`, {
      file: spec,
      expected: `one of the ${names.length} record types of the document`,
      mend: `did you mean ${closest(name, names)}?`,
    })
  })
}
