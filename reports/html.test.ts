/**
 * If this fails, the HTML report is broken, loads something from elsewhere, shows figures that are not in the results,
 * or lets a text from outside act in the reader's browser.
 */
import { describe, expect, it } from 'vitest'
import { conformance, emptyRun, failed, naiveSale, sale } from './fixture.ts'
import { HOSTILE, hostileInput } from './hostile.ts'
import { renderHtml } from './html.ts'
import type { ReportInput } from './input.ts'
import { elementsOf, parseStrict, textOf } from './strict-markup.ts'
import { cleanText, grouped } from './text.ts'

const day = { loadMs: 86_400_000, stepMs: 1000, peakPerSec: 1 }
const inputs: Readonly<Record<string, ReportInput>> = {
  'a good run': { run: sale(), contrast: naiveSale(), conformance: conformance() },
  'a failed run': { run: failed(sale()), contrast: naiveSale(), conformance: conformance(3) },
  'an empty run': { run: emptyRun() },
  'fair weather': { run: sale({ faults: [] }) },
  'a day in seconds': { run: sale(day) },
  'hostile texts': hostileInput(),
}

describe.each(Object.entries(inputs))('of %s', (_, input) => {
  const html = renderHtml(input)
  const page = parseStrict(html)
  it('is one well-formed file of bounded size', () => {
    expect(page.name).toBe('html')
    expect(html.length).toBeLessThan(400_000)
  })
  it('has ids that are unique and links that lead somewhere', () => {
    const ids = elementsOf(page).flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]))
    expect(new Set(ids).size).toBe(ids.length)
    for (const { attributes } of elementsOf(page, 'a'))
      if (attributes.href!.startsWith('#')) expect(ids).toContain(attributes.href!.slice(1))
      else expect(attributes.href).toMatch(/^https?:\/\//)
  })
  it('loads nothing', () => {
    for (const { name, attributes } of elementsOf(page)) {
      expect(['img', 'link', 'iframe', 'object', 'embed', 'form', 'base']).not.toContain(name)
      expect(Object.keys(attributes).filter((key) => key === 'src' || key.startsWith('on'))).toEqual([])
    }
    expect(html).not.toMatch(/url\(|@import/)
  })
  it('draws finite numbers only', () => {
    for (const { attributes } of elementsOf(page, 'path'))
      expect(attributes.d).not.toMatch(/NaN|Infinity|undefined|e-/)
    expect(textOf(page)).not.toMatch(/\bNaN\b|undefined|\[object|Infinity/)
  })
  it('is the same for equal inputs, to the byte', () => {
    expect(renderHtml(structuredClone(input))).toBe(html)
  })
})

describe('what it says', () => {
  const input = { run: failed(sale()), contrast: naiveSale(), conformance: conformance(3) }
  const page = parseStrict(renderHtml(input))
  const text = textOf(page).replace(/\s+/g, ' ')
  it('shows the totals of the results', () => {
    const { totals } = input.run
    for (const figure of [
      'accepted',
      'calls',
      'refused429',
      'lost',
      'doubled',
      'faultHits',
      'arrivals',
      'redeliveries',
    ] as const)
      expect(text).toContain(grouped(totals[figure]))
  })
  it('explains the failure and how to see it again', () => {
    for (const reason of input.run.reasons) expect(text).toContain(reason)
    expect(text).toContain('npm run -s seatrial -- run flash-sale --seed 7 --engine reference')
  })
  it('shows every check, threshold, operation, fault and dead letter', () => {
    const { checks, thresholds, operations, faults, deadLetters } = input.run
    const expected = [
      ...checks.flatMap(({ id, title, summary, evidence }) => [id, title, summary, ...evidence]),
      ...thresholds.flatMap(({ metric, expression }) => [metric, expression]),
      ...operations.flatMap(({ operation, attempts }) => [operation, grouped(attempts)]),
      ...faults.flatMap(({ id, considered, hits }) => [id, grouped(considered), grouped(hits)]),
      ...deadLetters.flatMap(({ key, reason }) => [key, reason]),
    ]
    for (const part of expected) expect(text).toContain(part)
  })
  it('shows requirement, source, expected and actual of each conformance failure', () => {
    const { failure, source, title } = input.conformance.cases[0]!
    for (const { at, expected, actual } of failure!.differences)
      for (const part of [at, expected, actual, failure!.request, title, source.says, source.ref])
        expect(text).toContain(part)
    expect(elementsOf(page, 'a').filter(({ attributes }) => attributes.href === source.url)).toHaveLength(3)
  })
  it('shows batches only where there were any, and says how many', () => {
    const plain = renderHtml({ run: sale() })
    expect(plain).not.toContain('Records in batches')
    const run = sale()
    const { series } = run
    const steps = series.atMs.length
    const batches = { modeMs: 90_000, changes: 2, sent: 7, records: 175, written: 174 }
    const batched = renderHtml({
      run: {
        ...run,
        batches,
        series: {
          ...series,
          batchMode: Array.from({ length: steps }, (_, n) => (n > 9 && n < 55 ? 1 : 0)),
          batchRecords: Array.from({ length: steps }, (_, n) => (n > 9 && n < 17 ? 25 : 0)),
        },
      },
    })
    expect(batched).toContain('Records in batches')
    expect(batched).toContain('7 batches of 175 records, 174 of them in the account')
  })
  it('holds one read-out per bin for every value', () => {
    const data = elementsOf(page, 'script').find(({ attributes }) => attributes.id === 'read-outs')!
    const { at, moment, values } = JSON.parse(String(data.children[0]))
    const bins = input.run.series.atMs.length
    expect([at.length, moment.length]).toEqual([bins, bins])
    const keys = elementsOf(page).flatMap(({ attributes }) => attributes['data-value'] ?? [])
    expect(keys.sort()).toEqual(Object.keys(values).sort())
    for (const key of keys) expect(values[key]).toHaveLength(bins)
  })
  it('says how it was measured, in virtual and in real time', () => {
    expect(text).toContain('counts from the intended arrival')
    expect(text).toContain('the same seed (7) gives the same figures')
    const wall = sale()
    const html = renderHtml({
      run: { ...wall, mode: 'wall', totals: { ...wall.totals, maxStartLagMs: 37, droppedStarts: 4 } },
    })
    expect(html).toContain('handed over 37 ms after its intended time')
    expect(html).toContain('4 arrivals could not be handed over in time and are missing')
  })
})

describe('hostile texts', () => {
  const html = renderHtml(hostileInput())
  const page = parseStrict(html)
  it('are read, not obeyed', () => {
    expect(textOf(page)).toContain(cleanText(HOSTILE))
    expect(elementsOf(page, 'script')).toHaveLength(2)
    expect(html).not.toContain('<img')
  })
  it('make no link of a scheme other than the web', () => {
    expect(elementsOf(page, 'a').filter(({ attributes }) => !attributes.href!.startsWith('#'))).toEqual([])
  })
})
