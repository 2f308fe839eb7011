/**
 * How the lines of a request meet the lines that are there. Keyed: a line with a known key changes that line, another
 * is added. Un-keyed: always added. With `replace` the old lines that are not named go. [REC-114, REC-132..138]
 */
import type { RecordBody } from './store.ts'

export interface MergeOptions {
  /** Columns that name a line together; undefined: un-keyed. */
  readonly key: readonly string[] | undefined
  readonly replace: boolean
  /** Lays the columns of a sent line over a copy of the old one; `undefined`: a new line. */
  lay(old: RecordBody | undefined, sent: RecordBody): RecordBody
}

/** The lines after the write, in order: kept and changed ones first, then new ones. No key is there twice. */
export function mergeSublist(
  old: readonly RecordBody[],
  sent: readonly RecordBody[],
  { key, replace, lay }: MergeOptions,
): RecordBody[] {
  // New lines seldom name themselves.
  const isPlain = old.length === 0 && (sent.length < 2 || sent.every((line) => !hasKey(key, line)))
  if (key === undefined || isPlain) {
    const added = sent.map((line) => lay(undefined, line))
    return replace ? added : [...old, ...added]
  }
  const lines = [...old]
  const named = new Set<number>()
  const places = new Map<string, number>()
  old.forEach((line, index) => {
    const at = lineKeyText(key, line)
    if (at !== undefined) places.set(at, index)
  })
  for (const line of sent) {
    const at = lineKeyText(key, line)
    const known = at === undefined ? undefined : places.get(at)
    const index = known ?? lines.length
    lines[index] = lay(known === undefined ? undefined : lines[known], line)
    named.add(index)
    if (at !== undefined) places.set(at, index)
  }
  return replace ? lines.filter((_, index) => named.has(index)) : lines
}

function hasKey(key: readonly string[] | undefined, line: RecordBody): boolean {
  return key !== undefined && lineKeyText(key, line) !== undefined
}

/**
 * The key of a line as paths and `self` links show it: the plain value, or for a compound key
 * `currencypage=1,pricelevel=1,quantity=10`. Undefined when a part is missing. [REC-027, REC-037]
 */
export function lineKeyText(key: readonly string[], line: RecordBody): string | undefined {
  if (key.length === 1) return plainText(line[key[0]!])
  const parts: string[] = []
  for (const name of key) {
    const text = plainText(line[name])
    if (text === undefined) return undefined
    parts.push(`${name.toLowerCase()}=${text}`)
  }
  return parts.join()
}

/** A reference by its id, the quantity of a price line by its `value`. [REC-037] */
function plainText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return String(value)
  const { id, value: inner } = value as { id?: unknown; value?: unknown }
  const text = id ?? inner
  return text === undefined || text === null ? undefined : String(text)
}
