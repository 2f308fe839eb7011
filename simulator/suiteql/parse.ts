/**
 * Text → checked statement. The parser is a WebAssembly module; it is loaded by the first query, in one go, because an
 * operation never waits for anything but the clock. Checked statements are remembered by their text.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createCache } from '../records/cache.ts'
import type { Query, Select } from './ast.ts'
import { checkStatements } from './check.ts'
import { type Position, syntaxError } from './refusals.ts'
import { bracketLists, refuseHazards } from './scan.ts'

/** A checked statement, and how many values it wants for its question marks. [SQL-004] */
export interface Statement {
  readonly query: Query
  readonly params: number
  /** Names of all tables it reads, each as often as it is read. */
  readonly tables: readonly string[]
  /** Every SELECT in it, those of its set operations and subselects too. */
  readonly selects: readonly Select[]
}

interface ParserModule {
  initSync(options: { readonly module: Uint8Array }): unknown
  parse_sql(dialect: string, text: string): unknown
}

let parser: ParserModule | undefined

/** The package's own start is asynchronous only because it reads its file so. */
function loadParser(): ParserModule {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@guanmingchiu/sqlparser-ts')), '..', 'wasm')
  const module = require(join(folder, 'sqlparser_rs_wasm.js')) as ParserModule
  module.initSync({ module: readFileSync(join(folder, 'sqlparser_rs_wasm_bg.wasm')) })
  return module
}

const REMEMBERED = 500
const remembered = createCache<Statement>(REMEMBERED)

/** Throws the refusal of what is no SuiteQL. */
export function parse(q: string): Statement {
  return remembered.get(q, () => checkStatements(q, parseTree(q)))!
}

function parseTree(q: string): unknown {
  refuseHazards(q)
  parser ??= loadParser()
  try {
    return parser.parse_sql('oracle', bracketLists(q))
  } catch (error) {
    const { near, at } = placeOf(messageOf(error))
    throw syntaxError(q, near, at)
  }
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : String(error)
}

function placeOf(message: string): { readonly near: string; readonly at: Position } {
  const [, line, column] = /at Line: (\d+), Column: (\d+)/.exec(message) ?? []
  const [, near] = /found: (.*?)(?: at Line|$)/s.exec(message) ?? []
  return {
    near: near === undefined || near === 'EOF' ? '' : near,
    at: { line: Number(line ?? 1), column: Number(column ?? 1) },
  }
}
