/**
 * The OpenAPI document of the control API, made from its routes and their schemas. The committed copy is
 * simulator/control/openapi.json; scripts/build-schemas.ts writes it, test/schemas.test.ts fails when it is stale.
 */
import { z } from 'zod'
import { controlErrorSchema } from '../../protocol/control.ts'
import { faultMatchSchema, faultSpecSchema } from '../../protocol/fault.ts'
import { CONTROL_BASE_PATH } from '../../protocol/wire.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

/** Schemas that would otherwise be written out in several places. */
const shared = (): Readonly<Record<string, Json>> => ({
  Error: schemaOf(controlErrorSchema, 'output'),
  Fault: schemaOf(faultSpecSchema, 'output'),
  FaultInput: schemaOf(faultSpecSchema, 'input'),
  FaultMatch: schemaOf(faultMatchSchema, 'output'),
})

export function openApiOf(routes: readonly Route[]): Json {
  const schemas = shared()
  const nameOf = new Map(Object.entries(schemas).map(([name, schema]) => [JSON.stringify(schema), name]))
  /** The same, with a reference wherever a shared schema stood. */
  const withReferences = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(withReferences)
    if (typeof node !== 'object' || node === null) return node
    const name = nameOf.get(JSON.stringify(node))
    return name === undefined ? mapValues(node, withReferences) : { $ref: `#/components/schemas/${name}` }
  }
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = paths[CONTROL_BASE_PATH + route.path] ?? {}
    paths[CONTROL_BASE_PATH + route.path] = { ...path, [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Seatrial control API',
      version: '1',
      description:
        'Looks into a simulated account and moves it, outside NetSuite’s rules: no login, no slots, no journal entry.',
    },
    servers: [{ url: 'http://127.0.0.1:8484', description: 'seatrial serve' }],
    security: [{}, { token: [] }],
    paths: withReferences(paths),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The content of the token file, where the account was started with --control-token-file.',
        },
      },
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, mapValues(schema, withReferences)]),
      ),
    },
  }
}

function mapValues(node: object, change: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]))
}

function operationOf(route: Route): Json {
  const { summary, body, answer } = route
  const noun = route.path.split('/')[1]!
  return {
    summary,
    tags: [noun],
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonOf(schemaOf(body, 'input')) } }),
    responses: {
      ...(answer === undefined
        ? { '204': { description: 'Done.' } }
        : { '200': { description: 'Done.', content: jsonOf(schemaOf(answer, 'output')) } }),
      default: {
        description: 'Refused; nothing has changed.',
        content: jsonOf(schemaOf(controlErrorSchema, 'output')),
      },
    },
  }
}

function jsonOf(schema: Json): Json {
  return { 'application/json': { schema } }
}

function pathParameters({ path }: Route): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

/** Parameters are numbers to the reader, although they travel as text. */
function queryParameters({ query }: Route): Json[] {
  if (query === undefined) return []
  const { properties = {} } = schemaOf(query, 'output') as { properties?: Record<string, Json> }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description === undefined ? {} : { description }),
    schema,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}
