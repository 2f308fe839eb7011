// If this fails, a user cannot see what a document will give the simulated account, or what was tolerated in it.
import { describe, expect, it } from 'vitest'
import { describeDocument, summarizeType } from './report.ts'
import { documentOf, load, page, ref } from './spec-test-kit.ts'

const element = {
  properties: { custcol_a: { type: 'string' }, line: { type: 'integer' } },
  'x-ns-sublistkey': { present: true, value: { new: ['line'], existing: ['line'] } },
}
const loaded = load(
  documentOf(
    {
      name: { type: 'string' },
      custentity_b: { type: 'string' },
      parent: ref('customer'),
      lines: ref('customer-linesCollection'),
      odd: { type: 'array' },
    },
    { 'customer-linesCollection': page(ref('customer-linesElement')), 'customer-linesElement': element },
    { '/customer/{id}/!transform/invoice': { post: {} } },
    { 'x-ns-filterable': ['name'] },
  ),
)

describe('describeDocument', () => {
  it('tells types in figures, custom fields by name, and every oddity with its place', () => {
    expect(describeDocument(loaded)).toBe(`account.json: OpenAPI 3.0.1, 1 record type, 1 oddity

customer: 5 fields: 3 plain, 1 reference, 1 sublist; 1 usable in q
  methods: list GET POST, record GET PATCH PUT DELETE
  custom fields: custentity_b, lines.custcol_a
  sublists: lines (2 columns, key line)
  transforms to: invoice

Oddities (tolerated; nothing here stops the simulation):
  1 × array-without-items: an array says nothing of its members; any JSON value is kept [OAS-068]
    /components/schemas/customer/properties/odd: 'odd' is an array of anything
`)
  })
  it('says so when nothing is odd', () => {
    expect(describeDocument(load(documentOf({})))).toContain('No oddities')
  })
  it('keeps escape sequences of a document away from the terminal', () => {
    const text = describeDocument(load(documentOf({ 'custentity_\u001b[31m': { type: 'money\u0007' } })))
    expect(text).toContain('custentity_?[31m')
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('\u0007')
  })
})

describe('summarizeType', () => {
  it('is plain data', () => {
    const summary = summarizeType(loaded.types[0]!)
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
    expect(summary).toMatchObject({
      fieldCount: 5,
      fieldsByKind: { scalar: 3, reference: 1, sublist: 1 },
      filterableCount: 1,
    })
    expect(summary.fieldsByKind).not.toHaveProperty('enum')
  })
})
