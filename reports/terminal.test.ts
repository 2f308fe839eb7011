/** If this fails, the closing text breaks narrow terminals, colours a log file, or obeys an escape sequence in an order. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { conformance, emptyRun, failed, naiveSale, sale } from './fixture.ts'
import { hostileInput } from './hostile.ts'
import type { ReportInput } from './input.ts'
import { renderTerminal } from './terminal.ts'

const inputs: Readonly<Record<string, ReportInput>> = {
  'a good run': { run: sale(), contrast: naiveSale(), conformance: conformance() },
  'a failed run': { run: failed(sale()), contrast: naiveSale(), conformance: conformance(30) },
  'an empty run': { run: emptyRun() },
  'hostile texts': hostileInput(),
}

describe.each(Object.entries(inputs))('of %s', (_, input) => {
  it.each([20, 40, 80, 120])('keeps within %d columns', (width) => {
    const lines = renderTerminal(input, { colour: false, width }).split('\n')
    const tableColumns = 60
    for (const line of lines.filter((each) => !each.startsWith('  replay  ')))
      expect(line.length).toBeLessThanOrEqual(Math.max(width, tableColumns))
  })
  it('is plain without colour, and the same text with it', () => {
    const plain = renderTerminal(input, { colour: false, width: 80 })
    expect(plain).not.toMatch(/[^\P{Cc}\n]/u)
    expect(stripVTControlCharacters(renderTerminal(input, { colour: true, width: 80 }))).toBe(plain)
  })
})

describe('what it says', () => {
  it('ends a good run without a word too many', () => {
    const text = renderTerminal(inputs['a good run']!, { colour: false, width: 100 })
    expect(text).toMatch(/^PASS {2}All 4,644 accepted orders/)
    expect(text).toContain('lost                       0           41')
    expect(text).toContain('  observed 12 of 12\n')
    expect(text).not.toMatch(/failure|replay/)
  })
  it('ends a failed run with the failures and the replay command', () => {
    const text = renderTerminal(inputs['a failed run']!, { colour: false, width: 100 })
    expect(text).toMatch(/^FAIL {2}3 lost and 2 in the account more than once/)
    expect(text).toContain('33 failures\n  ✗ check no-lost-writes: 3 of 4644 accepted orders')
    expect(text).toContain('and 23 more in the report')
    expect(text).toMatch(/replay {2}npm run -s seatrial -- run flash-sale --seed 7 --engine reference\n$/)
  })
})
