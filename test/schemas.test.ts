/**
 * If this fails, the published schemas describe other result files than the ones we write, or the made-up results
 * that the tests of reports/ rest on are not such as a run could leave. Mend: node scripts/build-schemas.ts
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conformanceResultSchema } from '../conformance/result.ts'
import { runResultSchema } from '../harness/result.ts'
import { conformance, emptyRun, failed, naiveSale, sale } from '../reports/fixture.ts'
import { schemaFiles } from '../scripts/build-schemas.ts'

const root = resolve(import.meta.dirname, '..')

describe('published schemas', () => {
  it.each(schemaFiles())('$path is up to date', ({ path, schema }) => {
    expect(JSON.parse(readFileSync(join(root, path), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
  })
})

describe('the results made up for the tests of reports', () => {
  it.each([sale(), naiveSale(), failed(sale()), emptyRun()])('could be those of a run (%#)', (run) => {
    expect(runResultSchema.parse(run)).toEqual(run)
  })
  it('could be those of a conformance suite', () => {
    expect(conformanceResultSchema.parse(conformance(3))).toEqual(conformance(3))
  })
})
