/** The parser's tree, as loosely as it comes: nodes are objects, variants are objects of one key or bare words. */
import type { Expr, Query, Select } from './ast.ts'
import { unsupported } from './refusals.ts'

export type Node = Record<string, unknown>

/** What the walk over one statement gathers. */
export interface Checking {
  readonly q: string
  readonly params: {
    readonly param: Expr & { kind: 'param' }
    readonly line: number
    readonly column: number
  }[]
  readonly tables: string[]
  readonly selects: Select[]
  /** Join styles that were met. [SQL-042] */
  readonly joins: Set<'ansi' | 'oracle'>
  /** Checks a subselect. */
  query(node: Node, depth: number): Query
}

/** `{ Name: inner }` or `"Name"`. */
export function variantOf(node: unknown): readonly [string, unknown] {
  if (typeof node === 'string') return [node, undefined]
  const entries = Object.entries((node ?? {}) as Node)
  if (entries.length !== 1) throw unsupported('a node of unknown form')
  return entries[0]!
}

/** Refuses a node with anything in it beside these keys. */
export function only(node: Node, keys: readonly string[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (keys.includes(key) || value == null || value === false || value === 'None') continue
    if (Array.isArray(value) && value.length === 0) continue
    throw unsupported(`${key} is not known to SuiteQL`)
  }
}

/** Names are in lower case, quoted or not. [SQL-046] */
export function openIdent(ident: unknown): string {
  const { value } = ident as { value: string }
  return value.toLowerCase()
}

/** A name of one part. */
export function openName(name: unknown): string {
  const parts = name as Node[]
  const [kind, ident] = variantOf(parts[0])
  if (parts.length !== 1 || kind !== 'Identifier') throw unsupported('a name of several parts')
  return openIdent(ident)
}
