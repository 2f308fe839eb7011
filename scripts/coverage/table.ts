/** docs/coverage.md: a row for each fact, with the tests that prove it or why none does, and a summary per family. */
import type { Citation } from './citations.ts'
import { idsIn } from './citations.ts'
import { CONFIDENCE, FAMILIES, type Fact, type Facts, type Family, familyOf } from './facts.ts'

/** docs/coverage/reasons.json: facts without a test, and why. IDs as in titles of tests, ranges too. */
export interface Reasons {
  /** Never, or not as a behaviour that a test could see. */
  readonly notSimulated: readonly { readonly facts: readonly string[]; readonly why: string }[]
  /** Parts of the product that are still to come. */
  readonly planned: readonly { readonly facts: readonly string[]; readonly part: string }[]
}

export type Standing =
  | { readonly kind: 'proven'; readonly by: readonly Citation[] }
  | { readonly kind: 'notSimulated'; readonly why: string }
  | { readonly kind: 'planned'; readonly part: string }
  | { readonly kind: 'open' }

/** How each fact stands. A test outweighs a reason: what is proven needs no excuse. */
export function standings(
  facts: Facts,
  reasons: Reasons,
  found: readonly Citation[],
): ReadonlyMap<string, Standing> {
  const all = new Map<string, Standing>(Object.keys(facts).map((id) => [id, { kind: 'open' }]))
  const set = (ids: readonly string[], standing: Standing): void => {
    for (const id of idsIn(`[${ids.join(', ')}]`, facts)) if (all.has(id)) all.set(id, standing)
  }
  for (const { facts: ids, part } of reasons.planned) set(ids, { kind: 'planned', part })
  for (const { facts: ids, why } of reasons.notSimulated) set(ids, { kind: 'notSimulated', why })
  const proofs = new Map<string, Citation[]>()
  for (const citation of found)
    for (const id of citation.ids) proofs.set(id, [...(proofs.get(id) ?? []), citation])
  for (const [id, by] of proofs) set([id], { kind: 'proven', by })
  return all
}

export interface FamilyCount {
  readonly family: Family
  readonly facts: number
  readonly notSimulated: number
  readonly planned: number
  readonly simulatable: number
  readonly proven: number
}

export function countFamilies(all: ReadonlyMap<string, Standing>): readonly FamilyCount[] {
  return (Object.keys(FAMILIES) as Family[]).map((family) => {
    const own = [...all].filter(([id]) => familyOf(id) === family).map(([, standing]) => standing.kind)
    const count = (kind: Standing['kind']): number => own.filter((one) => one === kind).length
    const [notSimulated, planned, proven] = [count('notSimulated'), count('planned'), count('proven')]
    return {
      family,
      facts: own.length,
      notSimulated,
      planned,
      simulatable: own.length - notSimulated - planned,
      proven,
    }
  })
}

/** Tests named in a row; one more would make the table unreadable. */
const NAMED_MAX = 2

/** What the row of a proven fact says: case ids and `file`: title. */
export function proofText(by: readonly Citation[]): string {
  const named = by.slice(0, NAMED_MAX).map(citationText)
  const more = by.length - named.length
  return named.join('; ') + (more > 0 ? `; ${more} more` : '')
}

export function citationText({ file, title }: Citation): string {
  return file === undefined ? `case \`${title}\`` : `\`${file}\`: ${escaped(title)}`
}

/** Titles may hold what a table or a document would take for its own. */
function escaped(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/([<>*_$`[\]])/g, '\\$1')
}

export function coverageText(facts: Facts, all: ReadonlyMap<string, Standing>): string {
  const families = countFamilies(all).filter(({ facts: count }) => count > 0)
  const tables = families.map(({ family }) => {
    const rows = [...all]
      .filter(([id]) => familyOf(id) === family)
      .map(([id, one]) => row(id, facts[id]!, one))
    return `## ${family}: ${FAMILIES[family]}\n\n| fact | topic | conf. | proof |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  return `${head(families)}\n${tables.join('\n')}`
}

function row(id: string, { topic, confidence }: Fact, standing: Standing): string {
  return `| ${id} | ${topic} | ${confidence} | ${standingText(standing)} |`
}

function standingText(standing: Standing): string {
  switch (standing.kind) {
    case 'proven':
      return proofText(standing.by)
    case 'notSimulated':
      return `not simulated: ${standing.why}`
    case 'planned':
      return `planned: ${standing.part}`
    case 'open':
      return '**no test yet**'
  }
}

function head(families: readonly FamilyCount[]): string {
  const rows = families.map(({ family, facts, notSimulated, planned, simulatable, proven }) => {
    const percent = simulatable === 0 ? '–' : `${Math.floor((100 * proven) / simulatable)} %`
    return `| ${family} | ${FAMILIES[family]} | ${facts} | ${notSimulated} | ${planned} | ${simulatable} | ${proven} | ${percent} |`
  })
  const letters = Object.entries(CONFIDENCE).map(([letter, words]) => `\`${letter}\` ${words}`)
  return `# Coverage

Every fact about NetSuite that Seatrial rests on, and the test that proves it. Written by \`node scripts/build-coverage.ts\`
from the IDs in titles of tests and in conformance cases, [coverage/facts.json](coverage/facts.json) and
[coverage/reasons.json](coverage/reasons.json). A case is run on the simulator by \`test/conformance.test.ts\`, and on a sandbox
with \`seatrial conform\`. *Can be simulated* leaves out what no test could see and what belongs to a later part of the product.

| family | about | facts | not simulated | planned | can be simulated | proven | |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

Confidence of a fact: ${letters.join(' · ')}.
`
}
