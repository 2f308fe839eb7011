/**
 * How the lines of a request meet the lines that are there. Keyed: a line with a known key changes that line, another
 * is added. Un-keyed: always added. With `replace` the old lines that are not named go. [REC-114, REC-132..138]
 */
import type { RecordBody } from './store.ts'

export interface MergeOptions {
  /** Column that names a line; undefined: un-keyed. */
  readonly key: string | undefined
  readonly replace: boolean
  /** Columns that clients cannot set, lower case. */
  readonly computed: ReadonlySet<string> | undefined
}

/** The lines after the write, in order: kept and changed ones first, then new ones. */
export function mergeSublist(
  old: readonly RecordBody[],
  sent: readonly RecordBody[],
  options: MergeOptions,
): RecordBody[] {
  const { key, replace, computed } = options
  const added: RecordBody[] = []
  const changes = new Map<string, RecordBody>()
  const known = new Set(key === undefined ? [] : old.map((line) => keyText(line[key])))
  for (const line of sent) {
    const at = key === undefined ? undefined : keyText(line[key])
    if (at !== undefined && known.has(at)) changes.set(at, line)
    else added.push(writable(line, computed, key))
  }
  const kept: RecordBody[] = []
  for (const line of old) {
    const at = key === undefined ? undefined : keyText(line[key])
    const change = at === undefined ? undefined : changes.get(at)
    if (change !== undefined) kept.push(changed(line, change, computed, key))
    else if (!replace) kept.push(line)
  }
  return [...kept, ...added]
}

/** The old line without an amount that a new quantity or rate makes wrong; it is worked out again. [REC-321] */
function outdated(line: RecordBody, change: RecordBody): RecordBody {
  if (!('quantity' in change || 'rate' in change) || line.rate === undefined) return line
  const { amount: _, ...rest } = line
  return rest
}

function keyText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? String((value as { id?: unknown }).id) : String(value)
}

/** The columns of a line that a client may set, without those set to null. */
function writable(
  line: RecordBody,
  computed: ReadonlySet<string> | undefined,
  key: string | undefined,
): RecordBody {
  const kept: RecordBody = {}
  for (const name in line) {
    if (line[name] !== null && (computed === undefined || name === key || !computed.has(name.toLowerCase())))
      kept[name] = line[name]
  }
  return kept
}

/** The old line with a change laid over it; null removes a column. */
function changed(
  line: RecordBody,
  change: RecordBody,
  computed: ReadonlySet<string> | undefined,
  key: string | undefined,
): RecordBody {
  const merged = { ...outdated(line, change), ...writable(change, computed, key) }
  for (const name in change) if (change[name] === null) delete merged[name]
  return merged
}
