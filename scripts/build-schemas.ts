/**
 * Publishes what is made from zod schemas: the JSON Schemas of the result files (reports/result.schema.json,
 * reports/conformance.schema.json) and the OpenAPI document of the control API (simulator/control/openapi.json).
 * test/schemas.test.ts fails when one of them is stale.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { CONFORMANCE_FORMAT, conformanceResultSchema } from '../conformance/result.ts'
import { RESULT_FORMAT, runResultSchema } from '../harness/result.ts'
import { openApiOf } from '../simulator/control/openapi.ts'
import { ROUTES } from '../simulator/control/routes.ts'

const root = resolve(import.meta.dirname, '..')

/** A schema file by its path from the root of the repository. */
export interface SchemaFile {
  readonly path: string
  readonly schema: object
}

/** The schema files as they should be. */
export function schemaFiles(): readonly SchemaFile[] {
  const file = (path: string, title: string, schema: z.ZodType): SchemaFile => ({
    path,
    schema: { ...z.toJSONSchema(schema, { io: 'output' }), title },
  })
  return [
    file('reports/result.schema.json', RESULT_FORMAT, runResultSchema),
    file('reports/conformance.schema.json', CONFORMANCE_FORMAT, conformanceResultSchema),
    { path: 'simulator/control/openapi.json', schema: openApiOf(ROUTES) },
  ]
}

if (import.meta.main) {
  for (const { path, schema } of schemaFiles()) {
    writeFileSync(join(root, path), JSON.stringify(schema, null, 2))
    execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', path], { cwd: root })
  }
}
