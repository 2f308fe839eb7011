/**
 * If these fail, a change of the account is never seen: because its servers' clocks differ, because a save took long, because
 * rows moved while pages were read, or because a process died between two pages.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { done, type Outcome } from '../outcome.ts'
import type { Query, QueryResult, Row } from '../suiteql.ts'
import { type DeltaSource, pullDelta } from './delta.ts'
import { MemorySyncStore } from './store.ts'

const SEC = 1000
/** An odd moment, so that nothing depends on whole seconds. */
const START_MS = Date.UTC(2026, 5, 1, 12) + 321
const CONTEXT = { key: 'sync', attempt: 1 }
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

interface Version {
  readonly id: number
  readonly value: number
  /** What the server that saved it thought the time was, when it began. */
  readonly stampMs: number
  readonly visibleMs: number
}

/** An account of several servers whose clocks differ; a save is stamped when it begins and seen when it ends. */
class SkewedAccount {
  nowMs = START_MS
  readonly versions: Version[] = []
  /** Asked before each query; throws or refuses. */
  onQuery: () => Outcome<QueryResult> | undefined = () => undefined
  /** Skew of the server that answers next. */
  readSkewMs = 0
  /** Local time less UTC. */
  offsetMs = 0

  save(id: number, skewMs: number, lateMs: number): void {
    const visibleMs = this.nowMs + lateMs
    this.versions.push({
      id,
      value: this.versions.length,
      stampMs: this.nowMs + skewMs + this.offsetMs,
      visibleMs,
    })
  }

  readonly query: Query = async ({ operation, text: sql, params }) => {
    const failure = this.onQuery()
    if (failure !== undefined) return failure
    if (operation.endsWith('.time')) {
      const utcMs = this.nowMs + this.readSkewMs
      return done({ rows: [{ local: text(utcMs + this.offsetMs), utc: text(utcMs) }], hasMore: false })
    }
    const [from, after] = params!
    const limit = Number(/FETCH FIRST (\d+)/.exec(sql)![1])
    const rows = this.visible()
      .filter(({ id, stampMs }) => id > Number(after) && text(stampMs) >= from!)
      .slice(0, limit)
      .map(
        ({ id, value, stampMs }): Row => ({ id: String(id), value: String(value), modified: text(stampMs) }),
      )
    return done({ rows, hasMore: false })
  }

  /** The version of each record that can be seen now, in order of id. */
  visible(): Version[] {
    const last = new Map<number, Version>()
    const seen = this.versions.filter(({ visibleMs }) => visibleMs <= this.nowMs)
    for (const version of seen.sort((a, b) => a.visibleMs - b.visibleMs)) last.set(version.id, version)
    return [...last.values()].sort((a, b) => a.id - b.id)
  }
}

const SKEW_MS = 30 * SEC
const LATE_MS = 120 * SEC
/** Clocks of two servers may differ by twice the skew; stamps are cut to the second. */
const OVERLAP_MS = LATE_MS + 2 * SKEW_MS + SEC

const source = (more: Partial<DeltaSource> = {}): DeltaSource => ({
  name: 'customer',
  table: 'customer',
  columns: ['value'],
  overlapMs: OVERLAP_MS,
  pageRows: 3,
  ...more,
})

type Step =
  | { readonly do: 'save'; readonly id: number; readonly skewMs: number; readonly lateMs: number }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'pull'
      readonly skewMs: number
      readonly pageMs: number
      readonly failAt: number
      readonly how: number
    }

const skewMs = fc.integer({ min: -SKEW_MS, max: SKEW_MS })
const steps = fc.array(
  fc.oneof(
    fc
      .record({ id: fc.integer({ min: 1, max: 12 }), skewMs, lateMs: fc.integer({ min: 0, max: LATE_MS }) })
      .map((save): Step => ({ do: 'save', ...save })),
    fc.integer({ min: 1, max: 400 * SEC }).map((ms): Step => ({ do: 'wait', ms })),
    fc
      .record({
        skewMs,
        pageMs: fc.integer({ min: 0, max: 60 * SEC }),
        failAt: fc.integer({ min: 0, max: 8 }),
        how: fc.integer({ min: 0, max: 2 }),
      })
      .map((pull): Step => ({ do: 'pull', ...pull })),
  ),
  { maxLength: 40 },
)

const REFUSED = {
  kind: 'refused',
  cause: 'outage',
  retry: 'later',
  status: 503,
  code: 'X',
  detail: '',
} as const

/** Goes through the steps, then pulls until all is quiet. Gives the records whose last version was never delivered. */
async function missed(script: readonly Step[], overlapMs: number): Promise<number[]> {
  const account = new SkewedAccount()
  const store = new MemorySyncStore()
  const delivered = new Map<string, string>()
  let pageMs = 0
  let failIn = Number.POSITIVE_INFINITY
  account.onQuery = () => {
    account.nowMs += pageMs
    return --failIn === 0 ? REFUSED : undefined
  }
  const pull = async (dies: boolean): Promise<void> => {
    await pullDelta(source({ overlapMs }), { query: account.query, store }, CONTEXT, async (rows) => {
      for (const { id, value } of rows) delivered.set(id!, value!)
      // The process dies after the rows were taken and before the bookmark moves.
      if (dies && failIn <= 2) throw new Error('killed')
    }).catch((error: Error) => {
      if (error.message !== 'killed') throw error
    })
  }
  for (const step of script) {
    if (step.do === 'save') account.save(step.id, step.skewMs, step.lateMs)
    else if (step.do === 'wait') account.nowMs += step.ms
    else {
      account.readSkewMs = step.skewMs
      pageMs = step.pageMs
      failIn = step.how === 0 ? Number.POSITIVE_INFINITY : step.failAt
      await pull(step.how === 2)
    }
  }
  pageMs = 0
  failIn = Number.POSITIVE_INFINITY
  account.nowMs += LATE_MS
  // The first may only be the rest of a pass that was broken off.
  for (let n = 0; n < 2; n++) await pull(false)
  return account
    .visible()
    .flatMap(({ id, value }) => (delivered.get(String(id)) === String(value) ? [] : [id]))
}

describe('the delta', () => {
  it('misses no change under skewed clocks, late commits, moving pages and crashes', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        expect(await missed(script, OVERLAP_MS)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
  it('would miss changes with too short an overlap, and this would show it', async () => {
    const late: Step[] = [
      { do: 'save', id: 1, skewMs: 0, lateMs: 100 * SEC },
      { do: 'wait', ms: 50 * SEC },
      { do: 'pull', skewMs: 0, pageMs: 0, failAt: 0, how: 0 },
      { do: 'wait', ms: 60 * SEC },
    ]
    expect(await missed(late, 0)).toEqual([1])
    expect(await missed(late, OVERLAP_MS)).toEqual([])
    const found = await fc.check(
      fc.asyncProperty(steps, async (script) => (await missed(script, LATE_MS / 2)).length === 0),
      { numRuns: 1000, seed: 7 },
    )
    expect(found.failed).toBe(true)
  })
  it('misses nothing in the hour that runs twice when summer time ends', async () => {
    const HOUR = 3600 * SEC
    const account = new SkewedAccount()
    const store = new MemorySyncStore()
    const got: string[] = []
    const pull = () =>
      pullDelta(source(), { query: account.query, store }, CONTEXT, async (rows) => {
        got.push(...rows.map(({ id }) => id!))
      })
    account.offsetMs = -7 * HOUR
    await pull()
    account.nowMs += 20 * 60 * SEC
    account.offsetMs = -8 * HOUR
    // By the clock on the wall this is forty minutes before the pass.
    account.save(1, 0, 0)
    await pull()
    expect(got).toEqual(['1'])
  })
  it('delivers a row once although the overlap reads it again, and again when only its content changes', async () => {
    const account = new SkewedAccount()
    const store = new MemorySyncStore()
    const values: string[] = []
    const pull = () =>
      pullDelta(source(), { query: account.query, store }, CONTEXT, async (rows) => {
        values.push(...rows.map(({ value }) => value!))
      })
    account.save(1, 0, 0)
    expect(await pull()).toEqual(done({ read: 1, delivered: 1 }))
    account.nowMs += SEC / 2
    expect(await pull()).toEqual(done({ read: 1, delivered: 0 }))
    // Within the same second: the stamp is the same.
    account.save(1, -SEC / 2, 0)
    expect(await pull()).toEqual(done({ read: 1, delivered: 1 }))
    expect(values).toEqual(['0', '1'])
  })
  it('goes on behind the last page after a crash, and does not begin anew', async () => {
    const account = new SkewedAccount()
    const store = new MemorySyncStore()
    for (let id = 1; id <= 8; id++) account.save(id, 0, 0)
    const got: string[] = []
    const deliver = async (rows: readonly Row[]): Promise<void> => {
      got.push(...rows.map(({ id }) => id!))
    }
    let queries = 0
    account.onQuery = () => (++queries === 4 ? REFUSED : undefined)
    expect(await pullDelta(source(), { query: account.query, store }, CONTEXT, deliver)).toBe(REFUSED)
    expect(got).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(await pullDelta(source(), { query: account.query, store }, CONTEXT, deliver)).toEqual(
      done({ read: 2, delivered: 2 }),
    )
    expect(got.slice(6)).toEqual(['7', '8'])
  })
  it('knows its time by what stamps are made of, where one of two texts is rounded up', async () => {
    const store = new MemorySyncStore()
    const query: Query = async ({ operation }) =>
      operation.endsWith('.time')
        ? done({ rows: [{ local: '2026-06-01 05:29:59', utc: '2026-06-01 00:00:00' }], hasMore: false })
        : done({ rows: [], hasMore: false })
    await pullDelta(source(), { query, store }, CONTEXT, async () => {})
    const since = { utcMs: Date.UTC(2026, 4, 31, 23, 59, 59), offsetMs: 5.5 * 3600 * SEC }
    expect(await store.get('delta/customer')).toEqual({ since, seen: {} })
  })
  it('says so when the account will not tell its time', async () => {
    const query: Query = async () => done({ rows: [{}], hasMore: false })
    const end = await pullDelta(source(), { query, store: new MemorySyncStore() }, CONTEXT, async () => {})
    expect(end).toMatchObject({ kind: 'refused', code: 'E_NO_TIME', retry: 'never' })
  })
})
