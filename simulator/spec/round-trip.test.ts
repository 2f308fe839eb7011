// If this fails, the simulated metadata catalogue and the loader disagree, or a strange document can crash a start.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/error.ts'
import { loadBundledCatalogue } from './bundled.ts'
import type { Field, RecordType, ScalarType, Shape } from './catalogue.ts'
import { loadDocument } from './load.ts'
import { mergeTypes } from './merge.ts'
import { codes } from './spec-test-kit.ts'
import { toJsonSchema, toOpenApi } from './write.ts'

const SERVER = 'https://tstdrv1.suitetalk.api.netsuite.com/services/rest/record/v1'
const TYPE_NAMES = ['customer', 'salesOrder', 'inventoryItem', 'VSOERecord', 'customrecord_x', 'customlist_y']
const SCALARS: ScalarType[] = ['string', 'boolean', 'integer', 'double', 'float', 'date', 'date-time', 'any']

const plainName = fc
  .stringMatching(/^[a-zA-Z_][\w:$]{0,8}$/)
  .filter((name) => name !== 'links' && !(name in Object.prototype))
const name = fc.oneof(
  plainName.filter((n) => !/^cust/i.test(n)),
  plainName.map((n) => `custentity_${n}`),
)
const titled = fc.option(
  fc.string({ minLength: 1, maxLength: 8 }).filter((t) => t === t.trim() && t !== ''),
  { nil: undefined },
)
const targets = fc.uniqueArray(fc.constantFrom(...TYPE_NAMES), { maxLength: 3 })

/** The document marks custom fields by prefix here, and a bare `$ref` can carry no title. [OAS-054, OAS-082] */
function fieldArbitrary(depth: number): fc.Arbitrary<Field> {
  const head = name.map((n) => ({ name: n, ...(n.startsWith('custentity') && { custom: true as const }) }))
  const withTitle = fc
    .tuple(head, titled)
    .map(([h, title]) => ({ ...h, ...(title !== undefined && { title }) }))
  const flat: fc.Arbitrary<Field>[] = [
    fc
      .tuple(withTitle, fc.constantFrom(...SCALARS))
      .map(([h, type]): Field => ({ ...h, kind: 'scalar', type })),
    fc
      .tuple(withTitle, fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }))
      .map(([h, values]): Field => ({ ...h, kind: 'enum', values })),
    fc.tuple(head, targets).map(([h, t]): Field => ({ ...h, kind: 'reference', targets: t })),
    fc.tuple(head, targets).map(([h, t]): Field => ({ ...h, kind: 'multiSelect', targets: t })),
  ]
  if (depth === 0) return fc.oneof(...flat)
  return fc.oneof(
    ...flat,
    fc
      .tuple(head, shapeArbitrary(depth - 1, true))
      .map(([h, line]): Field => ({ ...h, kind: 'sublist', line })),
    fc
      .tuple(head, shapeArbitrary(depth - 1, false))
      .map(([h, body]): Field => ({ ...h, kind: 'subrecord', body })),
  )
}

function shapeArbitrary(depth: number, isLine: boolean): fc.Arbitrary<Shape> {
  const fields = fc.uniqueArray(fieldArbitrary(depth), { maxLength: 5, selector: (field) => field.name })
  const keyed = fc.constantFrom(
    undefined,
    { present: false, new: [], existing: [] },
    { present: true, new: ['orderLine'], existing: ['line'] },
  )
  return fc.tuple(fields, fc.boolean(), keyed).map(([list, filters, lineKey]) => ({
    fields: list,
    ...(filters && { filterable: list.map((field) => field.name) }),
    ...(isLine && lineKey !== undefined && { lineKey }),
  }))
}

const catalogue: fc.Arbitrary<RecordType[]> = fc.tuple(
  ...TYPE_NAMES.map((type) =>
    fc
      .tuple(
        shapeArbitrary(2, false),
        fc.subarray(TYPE_NAMES),
        fc.subarray(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
        fc.subarray(['GET', 'PATCH', 'PUT', 'DELETE'], { minLength: 1 }),
      )
      .map(
        ([body, transforms, collection, instance]): RecordType => ({
          name: type,
          ...(type.startsWith('customrecord') && { custom: 'record' as const }),
          ...(type.startsWith('customlist') && { custom: 'list' as const }),
          body,
          transforms,
          methods: { collection, instance },
        }),
      ),
  ),
)

describe('a catalogue written as a document', () => {
  it('loads as the same catalogue, and nothing in it is odd but what says nothing', () => {
    fc.assert(
      fc.property(catalogue, (types) => {
        const loaded = loadDocument(JSON.stringify(toOpenApi(types, { server: SERVER })), 'x.json')
        expect(loaded.types).toEqual(types)
        const expected = ['array-without-items', 'case-twin', 'empty-enum']
        expect(codes(loaded).filter((code) => !expected.includes(code))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
  it('gets its references back from a second document when written in parts [OAS-061, OAS-062]', () => {
    fc.assert(
      fc.property(catalogue, (types) => {
        const part = loadDocument(
          JSON.stringify(toOpenApi(types.slice(0, 1), { server: SERVER })),
          'part.json',
        )
        expect(mergeTypes(types, part.types)[0]!.body).toEqual(types[0]!.body)
      }),
      { numRuns: 50 },
    )
  })
})

/** Names of types are written in lower case there; they are matched in any case. [OAS-061, REC-005] */
function lowerTargets(shape: Shape): Shape {
  const fields = shape.fields.map((field): Field => {
    if ('targets' in field) return { ...field, targets: field.targets.map((name) => name.toLowerCase()) }
    if (field.kind === 'sublist') return { ...field, line: lowerTargets(field.line) }
    return field.kind === 'subrecord' ? { ...field, body: lowerTargets(field.body) } : field
  })
  return { ...shape, fields }
}

/** What a JSON schema says of a type. [OAS-087] */
const withoutMethods = ({ name, custom, body }: RecordType) => ({ name, custom, body: lowerTargets(body) })

function throughJsonSchema(type: RecordType) {
  const text = JSON.stringify(toJsonSchema(type, { server: SERVER }))
  const { types, oddities } = loadDocument(text, 'x.json')
  return { type: withoutMethods(types[0]!), codes: oddities.map(({ code }) => code) }
}

describe('a record type written as a JSON schema', () => {
  it('loads as the same type, save what the form leaves out [REC-232, REC-235, OAS-087]', () => {
    fc.assert(
      fc.property(catalogue, (types) => {
        for (const type of types) {
          const read = throughJsonSchema(type)
          expect(read.type).toEqual(withoutMethods(type))
          const expected = ['methods-assumed', 'array-without-items', 'case-twin', 'empty-enum']
          expect(read.codes.filter((code) => !expected.includes(code))).toEqual([])
        }
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})

describe('the bundled catalogue', () => {
  const bundled = loadBundledCatalogue()
  const plain = ({ name, body, transforms, methods }: RecordType) => ({ name, body, transforms, methods })

  it('loads as itself from its document [REC-232, REC-239, OAS-005]', () => {
    const { types, oddities } = loadDocument(
      JSON.stringify(toOpenApi(bundled.types, { server: SERVER })),
      'x.json',
    )
    for (const [index, type] of bundled.types.entries()) expect(types[index]).toEqual(plain(type))
    expect(types).toHaveLength(206)
    expect([...new Set(oddities.map(({ code }) => code))].sort()).toEqual([
      'array-without-items',
      'empty-enum',
    ])
  })
  it('loads as itself from the JSON schema of every type [REC-232]', () => {
    for (const type of bundled.types) expect(throughJsonSchema(type).type).toEqual(withoutMethods(type))
  })
})

/** All places of a JSON value, as paths of keys. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))]
}

function replaceAt(value: unknown, path: readonly string[], put: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return put
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) }
  const target = copy as Record<string, unknown>
  if (rest.length === 0 && put === undefined) delete target[key]
  else target[key] = replaceAt(target[key], rest, put)
  return copy
}

describe('a mutated document', () => {
  const nasty = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      { $ref: '#/components/schemas/customer' },
      { $ref: '#/components/schemas/customer-a' },
      { $ref: '#/components/schemas/__proto__' },
      { $ref: '/services/rest/record/v1/metadata-catalog/%zz' },
      { type: 'object', properties: { items: { type: 'array' }, hasMore: {}, totalResults: {} } },
      { allOf: [] },
      { oneOf: [null, { $ref: 7 }] },
    ),
  )
  it('loads, or is refused in words: never another error', () => {
    fc.assert(
      fc.property(
        catalogue,
        fc.array(fc.tuple(fc.nat(), nasty), { minLength: 1, maxLength: 6 }),
        (types, changes) => {
          let document: unknown = toOpenApi(types, { server: SERVER })
          for (const [where, put] of changes) {
            const all = places(document)
            document = replaceAt(document, all[where % all.length]!, put)
          }
          const text = JSON.stringify(document) ?? ''
          try {
            const loaded = loadDocument(text, 'x.json')
            expect(loaded.types.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
            expect((error as AppError).details.mend).toBeTruthy()
          }
        },
      ),
      { numRuns: 100 },
    )
  })
  it('is refused in words when the text itself is cut or garbled', () => {
    const text = JSON.stringify(toOpenApi([], { server: SERVER }))
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 3 }), (where, put) => {
        expect(() => loadDocument(text.slice(0, where) + put, 'x.json')).toThrow(AppError)
      }),
    )
  })
})
