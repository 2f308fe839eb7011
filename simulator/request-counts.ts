/**
 * How many requests ended how: exact counts and times that outlive the journal's ring. [GOV-066] Bounded: error codes come
 * from faults that a client may make up, so beyond a number of rows they are counted as `other`.
 */
import type { JournalEntry, OperationUsage, RequestCount } from '../protocol/control.ts'

const ROWS_MAX = 2000

type Row = { -readonly [Key in keyof RequestCount]: RequestCount[Key] }

interface Times {
  count: number
  errors: number
  /** Requests by bucket of duration, each 2 % wide. */
  readonly buckets: Map<number, number>
}

export interface RequestCounts {
  add(entry: JournalEntry): void
  rows(): RequestCount[]
  /** Most frequent first. */
  operations(): OperationUsage[]
  reset(): void
}

export function createRequestCounts(): RequestCounts {
  const rows = new Map<string, Row>()
  const times = new Map<string, Times>()
  let latest: Row | undefined
  return {
    add(entry) {
      const { operation, status } = entry
      // Most requests end as the one before them did.
      if (latest === undefined || !counts(latest, entry)) latest = rowOf(rows, entry)
      latest.count++
      const known = times.get(operation)
      const time = known ?? { count: 0, errors: 0, buckets: new Map<number, number>() }
      if (known === undefined) times.set(operation, time)
      time.count++
      if (status >= 400) time.errors++
      const bucket = bucketOf(entry.endedMs - entry.receivedMs)
      time.buckets.set(bucket, (time.buckets.get(bucket) ?? 0) + 1)
    },
    rows: () => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => ({ ...row })),
    operations: () =>
      [...times]
        .map(([operation, { count, errors, buckets }]) => ({
          operation,
          count,
          errors,
          errorRatio: errors / count,
          medianMs: medianOf(buckets, count),
        }))
        .sort((a, b) => b.count - a.count || (a.operation < b.operation ? -1 : 1)),
    reset() {
      rows.clear()
      times.clear()
      latest = undefined
    },
  }
}

/** Whether an entry is one of those that the row counts. */
function counts(row: Row, { integration, operation, channel = 'rest', status, errorCode }: JournalEntry) {
  return (
    row.operation === operation &&
    row.status === status &&
    row.integration === integration &&
    row.channel === channel &&
    row.errorCode === errorCode
  )
}

function rowOf(rows: Map<string, Row>, entry: JournalEntry): Row {
  const { integration, operation, channel = 'rest', status, errorCode } = entry
  const key = `${integration ?? ''}\n${operation}\n${channel}\n${status}\n${errorCode ?? ''}`
  const known = rows.get(key)
  if (known !== undefined) return known
  const isFull = rows.size >= ROWS_MAX
  const code = isFull && errorCode !== undefined ? 'other' : errorCode
  const place = isFull ? `${integration ?? ''}\n${operation}\n${channel}\n${status}\nother` : key
  const there = rows.get(place)
  if (there !== undefined) return there
  const row: Row = {
    ...(integration === undefined ? {} : { integration }),
    operation,
    channel,
    status,
    ...(code === undefined ? {} : { errorCode: code }),
    count: 0,
  }
  rows.set(place, row)
  return row
}

const BUCKET_WIDTH = Math.log(1.02)

/** Microseconds, so that the fast ones are told apart too. */
function bucketOf(ms: number): number {
  return Math.round(Math.log(Math.max(0, ms) * 1000 + 1) / BUCKET_WIDTH)
}

/** To within one per cent. */
function medianOf(buckets: ReadonlyMap<number, number>, count: number): number {
  let before = 0
  for (const [bucket, inside] of [...buckets].sort(([a], [b]) => a - b)) {
    before += inside
    if (before * 2 >= count) return (Math.exp(bucket * BUCKET_WIDTH) - 1) / 1000
  }
  return 0
}
