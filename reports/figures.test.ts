/** If this fails, the verdict or one of the numbers that matter says something that the results do not. */
import { describe, expect, it } from 'vitest'
import {
  contrastOf,
  evidenceScores,
  failuresOf,
  keyFigures,
  leftoverText,
  replayCommand,
  scoreText,
  verdictOf,
} from './figures.ts'
import { conformance, emptyRun, failed, naiveSale, sale } from './fixture.ts'
import { grouped } from './text.ts'

describe('verdictOf', () => {
  const run = sale()
  it('says pass only for all orders exactly once', () => {
    const { outcome, sentence } = verdictOf({ run })
    expect(outcome).toBe('pass')
    expect(sentence).toMatch(
      /^All 4,644 accepted orders are in the account exactly once, 95% of them within /,
    )
  })
  it('names dead letters instead of passing over them', () => {
    const totals = { ...run.totals, deadLettered: 12, inAccount: run.totals.inAccount - 12 }
    expect(verdictOf({ run: { ...run, totals } }).sentence).toBe(
      '4,632 of 4,644 accepted orders are in the account exactly once; 12 dead letters with a reason.',
    )
  })
  it('puts lost and doubled orders first', () => {
    expect(verdictOf({ run: failed(run) }).sentence).toBe(
      '3 lost and 2 in the account more than once, of 4,644 accepted orders.',
    )
  })
  it('names missed thresholds', () => {
    const thresholds = run.thresholds.map((row, index) => ({
      ...row,
      status: index === 0 ? ('fail' as const) : row.status,
    }))
    expect(verdictOf({ run: { ...run, verdict: 'fail', thresholds } }).sentence).toMatch(
      /, but 1 of 2 thresholds was not met\.$/,
    )
  })
  it('judges nothing when the harness was the bottleneck', () => {
    expect(verdictOf({ run: { ...run, verdict: 'untrusted' } })).toMatchObject({
      outcome: 'untrusted',
      word: 'Not trustworthy',
    })
  })
  it('is made worse by conformance, never better', () => {
    expect(verdictOf({ run, conformance: conformance(3) })).toMatchObject({
      outcome: 'fail',
      sentence: expect.stringContaining('simulator (premium) differs in 3 cases.'),
    })
    expect(verdictOf({ run: failed(run), conformance: conformance() }).outcome).toBe('fail')
    expect(verdictOf({ run: { ...run, verdict: 'untrusted' }, conformance: conformance(1) }).outcome).toBe(
      'untrusted',
    )
  })
})

describe('keyFigures', () => {
  it('are those of the results', () => {
    const run = failed(sale())
    const [once, p95, calls, refused, drain] = keyFigures(run)
    expect(once).toMatchObject({ value: '4,637 of 4,644', note: '3 lost, 2 doubled, 2 dead letters' })
    expect(p95!.value).toMatch(/^3 min \d+ s$/)
    expect(calls).toMatchObject({ value: '3.21', note: `${grouped(run.totals.calls)} calls` })
    expect(refused!.note).toBe(`${grouped(run.totals.refused429)} of ${grouped(run.totals.calls)}`)
    expect(drain).toMatchObject({ value: '2 min 52 s', note: 'after a load of 6 min' })
  })
  it('are dashes where there is no figure', () => {
    expect(keyFigures(emptyRun()).map(({ value }) => value)).toEqual(['0 of 0', '–', '–', '–', '–'])
  })
})

describe('replayCommand', () => {
  const run = sale()
  it('repeats the run', () => {
    expect(replayCommand(run)).toBe('npm run -s seatrial -- run flash-sale --seed 7 --engine reference')
    expect(replayCommand({ ...run, mode: 'wall', ordersFrom: 'may orders.csv' })).toMatch(
      / --clock wall --orders 'may orders\.csv'$/,
    )
  })
  it('lets no seed escape into the shell', () => {
    expect(replayCommand({ ...run, seed: "a'; rm x" })).toContain(`--seed 'a'\\''; rm x' --engine`)
  })
})

describe('contrastOf', () => {
  it('puts both engines side by side', () => {
    const contrast = contrastOf({ run: sale(), contrast: naiveSale() })!
    expect(contrast.engines).toEqual(['reference', 'naive'])
    expect(contrast.rows.map(({ label }) => label)).toEqual([
      'lost',
      'doubled',
      'calls per order',
      '429 answers',
      'p95 if stored',
    ])
    expect(contrast.rows[0]).toMatchObject({ ours: '0', theirs: '41' })
    expect(contrast.sentence).toContain('the naive engine lost 41 and doubled 88 of 4,644 orders')
  })
  it('says so when it compares different trials', () => {
    expect(contrastOf({ run: sale(), contrast: { ...naiveSale(), seed: '8' } })!.sentence).toMatch(
      /^On another trial/,
    )
  })
  it('is absent without a second run', () => {
    expect(contrastOf({ run: sale() })).toBeUndefined()
  })
})

describe('failuresOf', () => {
  it('lists checks, thresholds and cases, and no reason twice', () => {
    const kinds = failuresOf({ run: failed(sale()), conformance: conformance(3) }).map(({ kind }) => kind)
    expect(kinds).toEqual(['check', 'threshold', 'threshold', 'conformance', 'conformance', 'conformance'])
  })
  it('keeps reasons that no row explains', () => {
    const run = failed(sale())
    const [first] = failuresOf({ run: { ...run, reasons: [...run.reasons, 'slower than the baseline'] } })
    expect(first).toMatchObject({ kind: 'run', detail: 'slower than the baseline' })
  })
})

describe('evidenceScores', () => {
  it('keeps the kinds of evidence apart', () => {
    expect(evidenceScores(conformance(3)).map(scoreText)).toEqual([
      'documented 34 of 37 (5 skipped)',
      'observed 12 of 12',
      'inferred 11 of 11',
    ])
  })
})

describe('leftoverText', () => {
  it('counts what someone has to delete by hand', () => {
    expect(leftoverText(conformance())).toBeUndefined()
    expect(leftoverText({ ...conformance(), leftovers: ['/customer/1', '/customer/2'] })).toMatch(
      /^2 records could not/,
    )
  })
})
