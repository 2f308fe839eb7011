/** If this fails, the job summary is refused for its size, hides failures, or is rewritten by a text from outside. */
import { describe, expect, it } from 'vitest'
import { conformance, emptyRun, failed, naiveSale, sale } from './fixture.ts'
import { hostileInput } from './hostile.ts'
import { renderSummary } from './summary.ts'

describe('renderSummary', () => {
  const input = { run: failed(sale()), contrast: naiveSale(), conformance: conformance(30) }
  const text = renderSummary(input)
  it('opens with the verdict and the five numbers', () => {
    expect(text).toMatch(/^## ❌ Fail: Flash sale on a bad day\n\n3 lost and 2 in the account more than once/)
    for (const figure of ['**4,637 of 4,644**', '**3.21**', '**2.1%**', '**2 min 52 s**'])
      expect(text).toContain(figure)
  })
  it('shows the contrast and the scores', () => {
    expect(text).toContain('| lost | 3 | 41 |')
    expect(text).toContain('- observed ')
  })
  it('lists twenty failures and says how many more there are', () => {
    expect(text).toContain('### 33 failures')
    expect(text.match(/^- \*\*/gm)).toHaveLength(20)
    expect(text).toContain('- and 13 more')
  })
  it('is short when all is well', () => {
    const good = renderSummary({ run: sale(), conformance: conformance() })
    expect(good).toMatch(/^## ✅ Pass/)
    expect(good).not.toContain('failure')
    expect(renderSummary({ run: emptyRun() })).toContain('no order arrived')
  })
  it('stays far below 1 MiB whatever the input', () => {
    const long = 'é|'.repeat(100_000)
    const run = failed(sale())
    const huge = {
      run: {
        ...run,
        reasons: Array.from({ length: 300 }, () => long),
        scenario: { ...run.scenario, title: long },
        checks: Array.from({ length: 300 }, () => ({
          ...run.checks[0]!,
          status: 'fail' as const,
          summary: long,
          id: long,
        })),
      },
      conformance: { ...conformance(20), target: long },
    }
    expect(Buffer.byteLength(renderSummary(huge))).toBeLessThan(100_000)
  })
  it('lets no text from outside become Markdown or HTML', () => {
    const lines = renderSummary(hostileInput()).split('\n')
    expect(lines.filter((line) => /(^|[^\\`])<(?!\/?sub>)/.test(line.replace(/(`+).*?\1/g, '')))).toEqual([])
    expect(lines.filter((line) => line.startsWith('# '))).toEqual([])
  })
  it('is the same for equal inputs', () => {
    expect(renderSummary(structuredClone(input))).toBe(text)
  })
})
