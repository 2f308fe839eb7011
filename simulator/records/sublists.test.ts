/** If these fail, a PATCH changes the wrong line, loses one, or adds one twice. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordBody } from './store.ts'
import { lineKeyText, mergeSublist } from './sublists.ts'

const lay = (old: RecordBody | undefined, sent: RecordBody): RecordBody => ({ ...old, ...sent })

const line = fc.record(
  { line: fc.integer({ min: 1, max: 6 }), quantity: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: ['quantity'] },
)
const stored = fc
  .uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 5 })
  .map((keys) => keys.map((key) => ({ line: key, quantity: 0 })))

/** The rules of the help, one line at a time, on a plain list. */
function model(old: RecordBody[], sent: RecordBody[], replace: boolean): RecordBody[] {
  const named: RecordBody[] = []
  let lines = old.map((one) => ({ ...one }))
  for (const one of sent) {
    const known = lines.find((other) => one.line !== undefined && other.line === one.line)
    if (known === undefined) lines.push({ ...one })
    else Object.assign(known, one)
    named.push(known ?? lines.at(-1)!)
  }
  if (replace) lines = lines.filter((one) => named.includes(one))
  return lines
}

describe('lines of a request and lines that are there', () => {
  it('meet as on a plain list [REC-114, REC-132, REC-133, REC-136, REC-138]', () => {
    fc.assert(
      fc.property(stored, fc.array(line, { maxLength: 6 }), fc.boolean(), (old, sent, replace) => {
        expect(mergeSublist(old, sent, { key: ['line'], replace, lay })).toEqual(model(old, sent, replace))
      }),
      { seed: 1, numRuns: 500 },
    )
  })
  it('give the same twice when every line is named by its key [REC-132]', () => {
    const keyed = fc.array(fc.record({ line: fc.integer({ min: 1, max: 6 }), quantity: fc.nat(9) }))
    fc.assert(
      fc.property(stored, keyed, fc.boolean(), (old, sent, replace) => {
        const options = { key: ['line'], replace, lay }
        const once = mergeSublist(old, sent, options)
        expect(mergeSublist(once, sent, options)).toEqual(once)
      }),
      { seed: 1 },
    )
  })
  it('are always added without a key, or all replaced [REC-132, REC-133]', () => {
    const options = { key: undefined, lay }
    expect(mergeSublist([{ a: 1 }], [{ a: 1 }], { ...options, replace: false })).toEqual([{ a: 1 }, { a: 1 }])
    expect(mergeSublist([{ a: 1 }], [{ a: 2 }], { ...options, replace: true })).toEqual([{ a: 2 }])
  })
})

describe('the key of a line', () => {
  it('is its column, or the id of a reference [REC-027, REC-139]', () => {
    expect([lineKeyText(['line'], { line: 4 }), lineKeyText(['doc'], { doc: { id: '7' } })]).toEqual([
      '4',
      '7',
    ])
    expect(lineKeyText(['line'], {})).toBeUndefined()
  })
  it('is compound for prices [REC-037]', () => {
    const price = { currencyPage: { id: '1' }, priceLevel: { id: '1' }, quantity: { value: 10 }, price: 9 }
    const key = ['currencyPage', 'priceLevel', 'quantity']
    expect(lineKeyText(key, price)).toBe('currencypage=1,pricelevel=1,quantity=10')
    expect(lineKeyText(key, { ...price, quantity: null })).toBeUndefined()
  })
})
