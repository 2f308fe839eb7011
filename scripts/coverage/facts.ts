/**
 * The facts that the product rests on, by ID: a topic in our own words and how well the fact is known. They stand in
 * docs/coverage/facts.json. Where the folder of references lies beside the checkout, IDs and confidence are read again from it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Fact {
  readonly topic: string
  /** One letter, see `CONFIDENCE`; two where the sources differ in kind. */
  readonly confidence: string
}

/** Keyed by ID, in the order of the families and of their numbers. */
export type Facts = Readonly<Record<string, Fact>>

/** Family → what it is about, in the order of the tables. */
export const FAMILIES = {
  REC: 'record service',
  OPQ: 'open questions, narrowed or closed',
  GOV: 'governance, limits, latency, contention',
  ASY: 'asynchronous jobs, idempotency',
  AUT: 'logging in',
  OAS: 'the OpenAPI document',
  SQL: 'SuiteQL',
  RSL: 'RESTlets',
} as const
export type Family = keyof typeof FAMILIES

export const CONFIDENCE = {
  D: 'documented by Oracle',
  B: 'in Oracle’s API browser',
  O: 'observed',
  V: 'a vendor’s documentation',
  F: 'in a third party’s fixture or article',
  I: 'inferred or calculated',
  K: 'common knowledge, no source found',
  H: 'high: seen in a real document',
  M: 'medium: from one or two indirect sources',
  L: 'low: inferred',
  '?': 'not known: the default is ours',
} as const

const root = resolve(import.meta.dirname, '../..')
export const FACTS_FILE = 'docs/coverage/facts.json'
const REFERENCES = resolve(root, '../shared/reference')

/** ⚔ marks rows on which the sources disagree. */
const ROW = /^\|\s*([A-Z]{3}-[A-Z]?\d{2,3})\s*⚔?\s*\|.*\|\s*$/

/** Words of the references → letters, tried in order. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bDOC\b|\bdocumented\b/, 'D'],
  [/\bWILD\b|\bobserved\b/, 'O'],
  [/\bvendor\b/, 'V'],
  [/\bBLOG\b/, 'F'],
  [/\bINF\b|\bCALC\b|\binferred\b/, 'I'],
]

export function familyOf(id: string): Family {
  return id.slice(0, 3) as Family
}

/** The facts as committed. */
export function readFacts(): Facts {
  return JSON.parse(readFileSync(join(root, FACTS_FILE), 'utf8')) as Facts
}

/** The committed facts brought in line with the references, where those are at hand. A new fact has to be given its topic by hand. */
export function refreshFacts(known: Facts): Facts {
  if (!existsSync(REFERENCES)) return known
  const found = new Map<string, string>()
  for (const file of readdirSync(REFERENCES).sort()) {
    if (!file.endsWith('.md')) continue
    for (const [id, confidence] of rowsOf(readFileSync(join(REFERENCES, file), 'utf8')))
      found.set(id, confidence)
  }
  const unnamed = [...found.keys()].filter((id) => known[id] === undefined)
  if (unnamed.length > 0) throw new Error(`add to ${FACTS_FILE}, each with a topic: ${unnamed.join(', ')}`)
  const ids = [...found.keys()].sort(byFamilyAndNumber)
  return Object.fromEntries(ids.map((id) => [id, { topic: known[id]!.topic, confidence: found.get(id)! }]))
}

/** ID and confidence of every fact in a table of the references. The column is named in the table's head. */
export function rowsOf(markdown: string): (readonly [string, string])[] {
  let column = -1
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    if (/^\|\s*(id|ID)\s*\|/.test(line)) column = cells.findIndex((cell) => /^conf/i.test(cell))
    const id = ROW.exec(line)?.[1]
    if (id === undefined || !(familyOf(id) in FAMILIES)) return []
    return [[id, confidenceOf(column < 0 ? '' : (cells[column] ?? ''), id)] as const]
  })
}

function confidenceOf(text: string, id: string): string {
  // Operators of the filter stand in a table of their own, all of them from the help.
  if (/^REC-07/.test(id)) return 'D'
  if (/^[A-Z](\/[A-Z])*$/.test(text)) return text
  const letters = WORDS.filter(([word]) => word.test(text)).map(([, letter]) => letter)
  return letters.length > 0 ? letters.join('/') : '?'
}

const order = Object.keys(FAMILIES)

/** Families as listed; in a family numbers first, then the rows with a letter. */
export function byFamilyAndNumber(a: string, b: string): number {
  const family = order.indexOf(familyOf(a)) - order.indexOf(familyOf(b))
  if (family !== 0) return family
  const [x, y] = [a.slice(4), b.slice(4)]
  const lettered = Number(/^\D/.test(x)) - Number(/^\D/.test(y))
  return lettered !== 0 ? lettered : x < y ? -1 : x > y ? 1 : 0
}

/** One line per fact, so that a change reads as one. */
export function factsText(facts: Facts): string {
  const lines = Object.entries(facts).map(
    ([id, { topic, confidence }]) =>
      `  "${id}": { "topic": ${JSON.stringify(topic)}, "confidence": "${confidence}" }`,
  )
  return `{\n${lines.join(',\n')}\n}\n`
}
