/** If this fails, a CI server cannot read the results, or shows a failed trial as passed. */
import { describe, expect, it } from 'vitest'
import { conformance, emptyRun, failed, sale } from './fixture.ts'
import { hostileInput } from './hostile.ts'
import type { ReportInput } from './input.ts'
import { renderJunit } from './junit.ts'
import { elementsOf, parseStrict, textOf } from './strict-markup.ts'

const inputs: Readonly<Record<string, ReportInput>> = {
  'a good run': { run: sale(), conformance: conformance() },
  'a failed run': { run: failed(sale()), conformance: conformance(3) },
  'an empty run': { run: emptyRun() },
  'hostile texts': hostileInput(),
}

describe.each(Object.entries(inputs))('of %s', (_, input) => {
  const xml = renderJunit(input)
  const root = parseStrict(xml)
  it('counts what it holds', () => {
    for (const element of [root, ...elementsOf(root, 'testsuite')]) {
      const { tests, failures, errors, skipped } = element.attributes
      const count = (name: string): string => String(elementsOf(element, name).length)
      expect({ tests, failures, errors, skipped }).toEqual({
        tests: count('testcase'),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      })
    }
  })
  it('has one case per verdict, check, threshold and conformance case', () => {
    const { run, conformance: suite } = input
    expect(elementsOf(root, 'testcase')).toHaveLength(
      1 + run.checks.length + run.thresholds.length + (suite?.cases.length ?? 0),
    )
  })
  it('carries no time of day and no host, and is stable', () => {
    expect(xml).not.toMatch(/timestamp|hostname/)
    expect(renderJunit(structuredClone(input))).toBe(xml)
  })
})

describe('what it says', () => {
  const root = parseStrict(renderJunit({ run: failed(sale()), conformance: conformance(3) }))
  const named = (name: string) =>
    elementsOf(root, 'testcase').find(({ attributes }) => attributes.name === name)!
  it('explains a failed check with its evidence and the replay command', () => {
    const text = textOf(named('no-lost-writes'))
    expect(text).toContain('SHOP-100200: accepted at 61 s, not in the account')
    expect(text).toContain('replay: npm run -s seatrial -- run flash-sale')
  })
  it('tells a missed threshold from one that could not be judged', () => {
    expect(elementsOf(named('order_latency_ms: p(95) < 20000'), 'failure')).toHaveLength(1)
    expect(elementsOf(named('customer_latency_ms: p(99) < 900'), 'error')).toHaveLength(1)
  })
  it('files conformance cases by area, with requirement and difference', () => {
    const item = named('records.case-1')
    expect(item.attributes.classname).toBe('records')
    expect(textOf(item)).toContain('requirement: A reused idempotency key is refused')
    expect(textOf(item)).toContain('expected: 400\n  actual:   202')
  })
  it('gives the reason of a skip', () => {
    expect(elementsOf(named('paging.case-8'), 'skipped')[0]!.attributes.message).toBe('needs a second role')
  })
  it('fails for a reason outside checks and thresholds too', () => {
    const run = { ...sale(), verdict: 'fail' as const, reasons: ['slower than the baseline'] }
    const failure = elementsOf(parseStrict(renderJunit({ run })), 'failure')
    expect(failure.map(textOf).join('')).toContain('slower than the baseline')
    const untrusted = parseStrict(renderJunit({ run: { ...run, verdict: 'untrusted' } }))
    expect(elementsOf(untrusted, 'error')).toHaveLength(1)
  })
})
