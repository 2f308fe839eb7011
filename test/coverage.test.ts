/**
 * If this fails, docs/coverage.md promises what no test proves: a fact without a row, a row that names a test that is gone,
 * or a test that cites a fact which does not exist. Mend: node scripts/build-coverage.ts
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COVERAGE_FILE, readReasons } from '../scripts/build-coverage.ts'
import { citations, citationsIn, idsIn } from '../scripts/coverage/citations.ts'
import { type Facts, factsText, readFacts, refreshFacts, rowsOf } from '../scripts/coverage/facts.ts'
import { citationText, countFamilies, coverageText, standings } from '../scripts/coverage/table.ts'

const text = readFileSync(join(resolve(import.meta.dirname, '..'), COVERAGE_FILE), 'utf8')
const facts = readFacts()
const found = citations(facts)

/** Fact → what its row says of the proof. */
function proofs(document: string): ReadonlyMap<string, string> {
  const rows = document.matchAll(/^\| ([A-Z]{3}-[A-Z]?\d{2,3}) \|(?:[^|]*\|){2} (.*) \|$/gm)
  return new Map([...rows].map(([, id, proof]) => [id!, proof!]))
}

/** Tests that a document names and nobody has. Only the test is looked for, not whether the row is the newest. */
function missingTests(document: string): string[] {
  const there = new Set(found.map(citationText))
  return [...proofs(document)].flatMap(([id, proof]) =>
    /^(not simulated|planned): |^\*\*no test yet/.test(proof)
      ? []
      : proof
          .split(/; (?=case `|`|\d+ more$)/)
          .filter((one) => !/^\d+ more$/.test(one) && !there.has(one))
          .map((one) => `${id} ${one}`),
  )
}

describe('docs/coverage.md', () => {
  it('has a row for each fact and none for another', () => {
    expect([...proofs(text).keys()]).toEqual(Object.keys(facts))
  })
  it('names tests that exist', () => {
    expect(missingTests(text)).toEqual([])
  })
  it('rests on facts that are all known, where the references are at hand', () => {
    expect(factsText(refreshFacts(facts))).toBe(factsText(facts))
  })
  it('gives each reason for facts that exist', () => {
    const { notSimulated, planned } = readReasons()
    const named = [...notSimulated, ...planned].map(({ facts: ids }) => ids)
    expect(
      named.flatMap((ids) => idsIn(`[${ids.join(', ')}]`, facts)).filter((id) => !(id in facts)),
    ).toEqual([])
    expect(named.filter((ids) => idsIn(`[${ids.join(', ')}]`, facts).length < ids.length)).toEqual([])
  })
  it('is not cited for nothing: every test names facts that exist', () => {
    const wrong = found.flatMap((one) =>
      one.ids.filter((id) => !(id in facts)).map((id) => `${id} ${citationText(one)}`),
    )
    expect(wrong).toEqual([])
  })
})

const FACTS: Facts = {
  'REC-100': { topic: 'one', confidence: 'D' },
  'REC-101': { topic: 'two', confidence: 'D' },
  'REC-102': { topic: 'three', confidence: 'O' },
  'REC-E01': { topic: 'four', confidence: 'O' },
}

describe('reading of citations', () => {
  it('takes single IDs, lists and ranges in titles and tables of titles', () => {
    const source =
      "it('does a [REC-100, REC-E01]', () => {})\nconst T = [['b [REC-101..102]']] // [REC-999]\nit(`c [REC-100]`)"
    expect(citationsIn('a.test.ts', source, FACTS)).toEqual([
      { ids: ['REC-100', 'REC-E01'], file: 'a.test.ts', title: 'does a' },
      { ids: ['REC-101', 'REC-102'], file: 'a.test.ts', title: 'b' },
      { ids: ['REC-100'], file: 'a.test.ts', title: 'c' },
    ])
  })
  it('takes no other brackets for facts', () => {
    expect(idsIn('an array [1, 2] or [OAS §9] or [REC]', FACTS)).toEqual([])
  })
  it('reads ID and confidence of the rows of a reference', () => {
    const table =
      '| ID | Fact | Source | Conf |\n|---|---|---|---|\n| REC-100 | a \\| b | x | D/O |\n| REC-500 | no column | y |\n'
    expect(rowsOf(table)).toEqual([
      ['REC-100', 'D/O'],
      ['REC-500', '?'],
    ])
  })
})

describe('the table', () => {
  const reasons = {
    notSimulated: [{ facts: ['REC-101'], why: 'because' }],
    planned: [{ facts: ['REC-100', 'REC-102'], part: 'later' }],
  }
  const all = standings(FACTS, reasons, [{ ids: ['REC-100'], file: 'a.test.ts', title: 'a | b' }])
  it('says of each fact the test, else the reason, else that there is none', () => {
    expect([...proofs(coverageText(FACTS, all))]).toEqual([
      ['REC-100', '`a.test.ts`: a \\| b'],
      ['REC-101', 'not simulated: because'],
      ['REC-102', 'planned: later'],
      ['REC-E01', '**no test yet**'],
    ])
  })
  it('counts what is proven of what can be', () => {
    expect(countFamilies(all)[0]).toEqual({
      family: 'REC',
      facts: 4,
      notSimulated: 1,
      planned: 1,
      simulatable: 2,
      proven: 1,
    })
  })
  it('would show a row whose test is gone', () => {
    const gone = '| REC-100 | one | D | `gone.test.ts`: nothing; case `gone.case`; 2 more |\n'
    expect(missingTests(gone)).toEqual(['REC-100 `gone.test.ts`: nothing', 'REC-100 case `gone.case`'])
  })
})
