// If this fails, a user with several partial documents loses record types, or what their references point at.
import { describe, expect, it } from 'vitest'
import { type Field, findField, type RecordType } from './catalogue.ts'
import { mergeTypes } from './merge.ts'

function typeOf(name: string, fields: readonly Field[], more: Partial<RecordType['body']> = {}): RecordType {
  return { name, body: { fields, ...more }, transforms: [], methods: { collection: [], instance: [] } }
}
const reference = (name: string, ...targets: string[]): Field => ({ name, kind: 'reference', targets })
const text = (name: string): Field => ({ name, kind: 'scalar', type: 'string' })
const sublist = (name: string, ...fields: Field[]): Field => ({ name, kind: 'sublist', line: { fields } })

describe('mergeTypes', () => {
  it('keeps types of both, in order, names without regard to case', () => {
    const merged = mergeTypes(
      [typeOf('a', []), typeOf('salesOrder', [])],
      [typeOf('salesorder', []), typeOf('b', [])],
    )
    expect(merged.map(({ name }) => name)).toEqual(['a', 'salesorder', 'b'])
  })
  it('keeps the richer form of each reference, whichever document has it [OAS-062]', () => {
    const poor = [typeOf('customer', [reference('terms'), reference('entity', 'customer')])]
    const rich = [typeOf('customer', [reference('Terms', 'term'), reference('entity', 'customer', 'vendor')])]
    for (const [base, over] of [
      [poor, rich],
      [rich, poor],
    ] as const) {
      const { body } = mergeTypes(base, over)[0]!
      expect(findField(body, 'terms')).toMatchObject({ targets: ['term'] })
      expect(findField(body, 'entity')).toMatchObject({ targets: ['customer', 'vendor'] })
    }
  })
  it('lets the upper document say which fields there are, and of what kind', () => {
    const base = [typeOf('customer', [text('gone'), reference('changed', 'term'), text('addressbook')])]
    const { body } = mergeTypes(base, [typeOf('customer', [text('addressBook'), text('changed')])])[0]!
    expect(body.fields).toEqual([text('addressBook'), text('changed')])
  })
  it('fills in titles, values, keys and filterable names, inside lines too', () => {
    const titled: Field = { name: 'n', title: 'N', kind: 'enum', values: ['1'] }
    const lineKey = { present: true, new: ['line'], existing: ['line'] }
    const base = [
      typeOf(
        'o',
        [
          titled,
          { name: 'item', kind: 'sublist', line: { fields: [reference('item', 'kitItem')], lineKey } },
        ],
        { filterable: ['n'] },
      ),
    ]
    const over = [
      typeOf('o', [
        { name: 'n', kind: 'enum', values: [] },
        sublist('item', reference('item'), text('custcol_a')),
      ]),
    ]
    expect(mergeTypes(base, over)[0]!.body).toEqual({
      fields: [
        titled,
        {
          name: 'item',
          kind: 'sublist',
          line: { fields: [reference('item', 'kitItem'), text('custcol_a')], lineKey },
        },
      ],
      filterable: ['n'],
    })
  })
})
