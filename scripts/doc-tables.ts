/**
 * Tables of settings for the documents, made from the zod schemas that read the settings: key, type or unit, default,
 * meaning. A document keeps its prose; a table stands between the markers `<!-- table: name -->` and `<!-- end -->`.
 */
import { z } from 'zod'

interface Node {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly oneOf?: readonly Node[]
  readonly anyOf?: readonly Node[]
}

/** Lists and mappings that have a table of their own: key → where to look. */
export type Elsewhere = Readonly<Record<string, string>>

/** The integers of JSON Schema end here; as a limit it says nothing. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER
const HEAD = ['| key | value | default | meaning |', '|---|---|---|---|']

/** One row per key of `schema`, in the schema's order; keys of mappings and of list items are written with their path. */
export function settingsTable(schema: z.ZodType, elsewhere: Elsewhere = {}): string {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node
  const defaults = schema.safeParse({})
  const rows = rowsOf(root, '', defaults.success ? defaults.data : undefined, elsewhere)
  return [...HEAD, ...rows].join('\n')
}

function rowsOf(node: Node, prefix: string, defaults: unknown, elsewhere: Elsewhere): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`
    const value = (defaults as Record<string, unknown> | undefined)?.[key] ?? child.default
    const other = elsewhere[path]
    const isRequired = node.required?.includes(key) === true
    if (other !== undefined) return [row(path, child, value, other, isRequired)]
    if (child.properties !== undefined) return rowsOf(child, `${path}.`, value, elsewhere)
    const own = row(path, child, value, undefined, isRequired)
    if (child.items?.properties === undefined) return [own]
    return [own, ...rowsOf(child.items, `${path}[].`, undefined, elsewhere)]
  })
}

function row(
  path: string,
  node: Node,
  value: unknown,
  other: string | undefined,
  isRequired = false,
): string {
  const fallback = value === undefined ? (isRequired ? '**required**' : '–') : `\`${compact(value)}\``
  const meaning = [node.description, other].filter(Boolean).join('; ')
  return `| \`${path}\` | ${cell(typeText(path, node))} | ${cell(fallback)} | ${cell(meaning)} |`
}

function compact(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** Type, unit and range in words. */
function typeText(path: string, node: Node): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(', ')
  if (node.const !== undefined) return `\`${node.const}\``
  const branches = node.oneOf ?? node.anyOf
  if (branches !== undefined) return branches.map((branch) => typeText(path, branch)).join(' or ')
  if (typeof node.type === 'object')
    return node.type.map((type) => typeText(path, { ...node, type })).join(' or ')
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : plural(node.items)}`
  if (node.type === 'object') return 'mapping'
  if (node.type !== 'number' && node.type !== 'integer')
    return node.type === 'string' ? 'text' : (node.type ?? 'any')
  return [unitOf(path) ?? (node.type === 'integer' ? 'whole number' : 'number'), rangeOf(node)]
    .filter(Boolean)
    .join(', ')
}

function plural(item: Node): string {
  if (item.enum !== undefined) return item.enum.map((value) => `\`${value}\``).join(', ')
  return item.type === 'string' ? 'text' : 'mappings'
}

/** Units are the last part of a name, throughout the house. */
function unitOf(path: string): string | undefined {
  if (/Ms$/.test(path)) return 'milliseconds'
  if (/PerSec$/.test(path)) return 'per second'
  if (/Sec$/.test(path)) return 'seconds'
  return /Ratio$/.test(path) ? 'share' : undefined
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: Node): string {
  const low = exclusiveMinimum ?? minimum
  const hasLow = low !== undefined && Math.abs(low) < UNBOUNDED
  const hasHigh = maximum !== undefined && maximum < UNBOUNDED
  if (hasLow && hasHigh) return `${low} to ${maximum}`
  if (hasHigh) return `at most ${maximum}`
  return hasLow ? (exclusiveMinimum === undefined ? `from ${low}` : `above ${low}`) : ''
}

/**
 * Tables of a schema that is one of several mappings: the keys that all of them have, then the keys of each, headed by
 * the value that tells them apart.
 */
export function variantTables(schema: z.ZodType, tell: string): string {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node
  const variants = (root.oneOf ?? root.anyOf ?? []).map((node) => ({
    node,
    rows: rowsOf(node, '', undefined, {}),
  }))
  const isShared = (row: string): boolean => variants.every(({ rows }) => rows.includes(row))
  const shared = variants[0]?.rows.filter(isShared) ?? []
  const parts = variants.map(({ node, rows }) => {
    const title = [`**\`${tell}: ${node.properties?.[tell]?.const}\`**`, node.description]
      .filter(Boolean)
      .join(': ')
    const own = rows.filter((row) => !isShared(row) && !row.startsWith(`| \`${tell}\` |`))
    return own.length === 0 ? `${title}. No further keys.` : [`${title}.`, '', ...HEAD, ...own].join('\n')
  })
  return [[`Whatever the \`${tell}\`:`, '', ...HEAD, ...shared].join('\n'), ...parts].join('\n\n')
}

/** Puts tables between their markers. Throws when a marker is missing or a marked table was not given. */
export function fillTables(text: string, tables: Readonly<Record<string, string>>): string {
  const left = new Set(Object.keys(tables))
  const filled = text.replace(/<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const table = tables[name]
    if (table === undefined) throw new Error(`no table for the marker "${name}"`)
    left.delete(name)
    return `<!-- table: ${name} -->\n\n${table}\n\n<!-- end -->`
  })
  if (left.size > 0) throw new Error(`no marker for ${[...left].join(', ')}`)
  return filled
}
