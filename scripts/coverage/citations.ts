/**
 * Which test proves which fact: tests name facts in their titles, `answers 204 [REC-100]`, `[REC-025..027, OPQ-082]`, and
 * conformance cases cite one each. Every text of a test file counts as a title, since tables of tests hold theirs as data;
 * so does every text of the SuiteQL corpus, which one test runs.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { allCases } from '../../conformance/index.ts'
import type { Facts } from './facts.ts'

export interface Citation {
  /** As written; may be a range. */
  readonly ids: readonly string[]
  /** Test file, or undefined for a conformance case. */
  readonly file: string | undefined
  /** Title without its IDs, or the id of the case. */
  readonly title: string
}

const root = resolve(import.meta.dirname, '../..')

/** Statements that `simulator/suiteql/corpus.test.ts` runs, each under its own title. */
const CORPUS = 'simulator/suiteql/corpus/*.json'

/** Tests the reading of citations, with made-up ones. */
const OWN_TEST = 'test/coverage.test.ts'

/** All citations of the checkout, cases first, then files by name. */
export function citations(facts: Facts): readonly Citation[] {
  const cases = allCases.map(({ id, source }) => ({ ids: [source.ref], file: undefined, title: id }))
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts', CORPUS]
  const files = execFileSync('git', listed, { cwd: root, encoding: 'utf8' })
  const found = files
    .split('\n')
    .filter((file) => file !== '' && file !== OWN_TEST)
    .sort()
    .flatMap((file) => citationsIn(file, readIfThere(file), facts))
  return [...cases, ...found]
}

/** A file that git still lists may be deleted. */
function readIfThere(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return ''
  }
}

export function citationsIn(file: string, text: string, facts: Facts): readonly Citation[] {
  const found: Citation[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const ids = idsIn(node.text, facts)
      if (ids.length > 0) found.push({ ids, file, title: titleOf(node.text) })
    }
    ts.forEachChild(node, visit)
  }
  const isData = file.endsWith('.json')
  visit(isData ? ts.parseJsonText(file, text) : ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return found
}

const BRACKETS = /\[([A-Z]{3}-[A-Z]?\d{2,3}[^\]]*)\]/g
const TOKEN = /^\s*([A-Z]{3})-([A-Z]?\d{2,3})(?:\.\.(?:[A-Z]{3}-)?([A-Z]?\d{2,3}))?/

/** IDs in the brackets of a title, ranges spelled out as far as the facts go. */
export function idsIn(title: string, facts: Facts): readonly string[] {
  return [...title.matchAll(BRACKETS)].flatMap(([, inner]) =>
    inner!.split(',').flatMap((token) => {
      const [, family, from, to] = TOKEN.exec(token) ?? []
      if (family === undefined) return []
      if (to === undefined) return [`${family}-${from}`]
      return Object.keys(facts).filter((id) => isBetween(id, `${family}-${from}`, `${family}-${to}`))
    }),
  )
}

function isBetween(id: string, from: string, to: string): boolean {
  return id.length === from.length && id >= from && id <= to
}

/** Longer titles are cut: the table is for finding the test. */
const TITLE_CHARACTERS_MAX = 90

function titleOf(text: string): string {
  const words = text.replace(BRACKETS, '').replace(/\s+/g, ' ').trim()
  return words.length > TITLE_CHARACTERS_MAX ? `${words.slice(0, TITLE_CHARACTERS_MAX)}…` : words
}
