/**
 * Builds the bundled catalogue of simulator/spec/catalog/ from files of facts:
 *
 *     node scripts/build-catalogue.ts <folder with core-fields.json, record-types-2026.1.json, body-fields-2020.2.json>
 *
 * The same facts give the same bytes. Run by hand when the facts change; the result is committed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../kernel/error.ts'
import type { RecordType, Shape } from '../simulator/spec/catalogue.ts'
import { type CompactCatalogue, encodeCatalogue } from '../simulator/spec/compact.ts'
import { coreBodies } from './catalogue/core.ts'
import { methodsOf, transformsOf } from './catalogue/operations.ts'
import { otherBodies } from './catalogue/others.ts'
import { type Facts, readFacts } from './catalogue/source.ts'

function build(facts: Facts): { core: CompactCatalogue; others: CompactCatalogue } {
  const coreShapes = coreBodies(facts.core)
  const methods = methodsOf(facts.typeNames)
  const transforms = transformsOf(facts)
  const types = (bodies: ReadonlyMap<string, Shape>): RecordType[] =>
    [...bodies].map(([name, body]) => ({
      name,
      body,
      transforms: transforms.get(name) ?? [],
      methods: methods.get(name)!,
    }))
  const core = encodeCatalogue(types(coreShapes))
  return { core, others: encodeCatalogue(types(otherBodies(facts, coreShapes)), [core]) }
}

/** One shape, enumeration or type per line, so that a change can be read. */
function write(file: string, catalogue: CompactCatalogue): void {
  const list = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join(',\n')
  const text = `{"enums":[\n${list(catalogue.enums)}],\n"shapes":[\n${list(catalogue.shapes)}],\n"types":[\n${list(catalogue.types)}]}\n`
  writeFileSync(join(import.meta.dirname, '../simulator/spec/catalog', file), text)
  console.log(
    `${file}: ${catalogue.types.length} types, ${catalogue.shapes.length} shapes, ${text.length} bytes`,
  )
}

const folder = process.argv[2]
if (folder === undefined) {
  const error = new AppError('E_USAGE', 'no folder of facts was named', {
    mend: 'node scripts/build-catalogue.ts <folder>',
  })
  console.error(error.toText())
  process.exitCode = 2
} else {
  const { core, others } = build(readFacts(folder))
  write('core.json', core)
  write('others.json', others)
}
