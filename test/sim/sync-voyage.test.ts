/**
 * If this fails, there is a mix of late stamps, wrong clocks, faults, kills and changes on both sides in which a change is missed, an
 * old value overwrites a new one, the wrong side wins, stock is wrong, or a night leaves drift; or in which nothing would show it.
 * The message names the seed; `npm run -s sim -- --kind sync --seed N` sails it again.
 */
import { describe, expect, it } from 'vitest'
import type { Version } from './voyage/stamped-store.ts'
import { drawSyncPlan } from './voyage/sync-plan.ts'
import { judgeSync } from './voyage/sync-verdict.ts'
import { type Rest, type SyncOutcome, sailSyncPlan } from './voyage/sync-voyage.ts'

/** Forty in groups, so that one report line does not stand for a fraction of a second. */
const GROUPS = Array.from({ length: 4 }, (_, index) => index * 10 + 1)

describe('two systems', () => {
  it.each(GROUPS)('are in step after ten storms from seed %i', async (from) => {
    const breaches: string[] = []
    for (let seed = from; seed < from + 10; seed++)
      for (const breach of await sailSyncPlan(drawSyncPlan(seed))) breaches.push(`seed ${seed}: ${breach}`)
    expect(breaches).toEqual([])
  })
})

describe('the voyages', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawSyncPlan(3)).toEqual(drawSyncPlan(3))
    expect(drawSyncPlan(3)).not.toEqual(drawSyncPlan(4))
  })
  it('try everything that there is to try', () => {
    const plans = Array.from({ length: 200 }, (_, index) => drawSyncPlan(index + 1))
    for (const tried of [
      plans.filter(({ isHourTwice }) => isHourTwice),
      plans.filter(({ stamps }) => stamps.grainMs === 60_000),
      plans.filter(({ stamps }) => stamps.lateMsMax > 0),
      plans.filter(({ stamps }) => stamps.skewMsMax > 0),
      plans.filter(({ ship }) => ship.kills.length > 0),
      plans.filter(({ ship }) => ship.skewMs !== 0),
      plans.filter(({ faults }) => faults.length > 0),
      plans.filter(({ bookings }) => bookings.length > 0),
      ...(['shop', 'account', 'silent', 'backdated'] as const).map((by) =>
        plans.filter(({ edits }) => edits.some((edit) => edit.by === by)),
      ),
      plans.filter(({ edits }) => edits.some(({ what }) => what === 'gone')),
      plans.filter(({ counts }) => counts.some(({ lateMs }) => lateMs > 0)),
    ])
      expect(tried.length).toBeGreaterThan(20)
  })
})

describe('the verdict', () => {
  const plan = {
    ...drawSyncPlan(1),
    expiryMs: 1_000,
    nightlyAtMs: 0,
    bookings: [],
    edits: [],
    isHourTwice: false,
    ship: { skewMs: 0, jump: undefined, kills: [] },
  }
  const fields = { email: 'a@x.example', phone: '555-1' }
  const newer = { ...fields, phone: '555-2' }
  const version = (atMs: number, body: Version['body'], isBackdated = false): Version => ({
    type: 'customer',
    id: '1',
    atMs,
    body,
    isBackdated,
  })
  const row = (atMs: number, values: typeof fields) => ({
    atMs,
    row: { id: '1', ...values, modified: String(atMs) },
  })
  const write = (atMs: number, values: Partial<typeof fields>, by: 'shop' | 'sync' = 'sync') => ({
    atMs,
    by,
    key: '1',
    fields: values,
    before: fields,
  })
  const adjusted = (version: number, adjustQtyBy: number) => ({
    id: String(version),
    externalId: `SHOPLEVEL-MUG_40_1_40_${version}`,
    body: { inventory: { items: [{ item: { refName: 'MUG' }, location: { id: '1' }, adjustQtyBy }] } },
  })
  const rest: Rest = {
    atMs: 1_000_000,
    customers: [{ id: '1', body: newer }],
    adjustments: [adjusted(1, 5), adjusted(3, 2)],
    shop: new Map([['1', newer]]),
    counts: new Map([['MUG@1', { sku: 'MUG', locationId: '1', version: 3, quantity: 7 }]]),
  }
  const well: SyncOutcome = {
    history: [version(10, fields), version(100, newer)],
    delivered: [row(20, fields), row(120, newer)],
    marks: [
      { atMs: 30, sinceMs: 15 },
      { atMs: 130, sinceMs: 115 },
    ],
    passes: 2,
    nights: [1_000],
    drifts: [],
    repairs: [],
    names: [{ atMs: 0, name: 'Main Warehouse' }],
    breaches: [],
    writes: [write(5, { email: fields.email }, 'shop'), write(120, { phone: newer.phone })],
    sent: [{ atMs: 6, key: '1', fields: { email: fields.email } }],
    dead: [],
    calm: rest,
    night: rest,
  }

  it('is silent when all is well', () => {
    expect(judgeSync(plan, well)).toEqual([])
  })
  const stale = new Map([['1', fields]])
  it.each<[string, Partial<SyncOutcome>]>([
    ['engine', { breaches: ['engine: x'] }],
    ['dead', { dead: ['level: refused'] }],
    ['liveness', { calm: undefined, night: undefined }],
    ['liveness', { night: undefined }],
    ['watermark', { marks: [{ atMs: 110, sinceMs: 105 }] }],
    ['back', { delivered: [...well.delivered, row(140, fields)] }],
    ['back', { delivered: [row(20, { ...fields, phone: '555-9' }), ...well.delivered] }],
    ['back', { writes: [...well.writes, write(140, { phone: fields.phone })] }],
    ['again', { delivered: [...well.delivered, ...Array.from({ length: 9 }, () => row(120, newer))] }],
    ['ownership', { sent: [{ atMs: 6, key: '1', fields: { phone: '555-1' } }] }],
    ['ownership', { writes: [...well.writes, write(140, { email: 'b@x.example' })] }],
    ['echo', { sent: Array.from({ length: 300 }, () => well.sent[0]!) }],
    ['echo', { writes: Array.from({ length: 300 }, () => well.writes[1]!) }],
    ['outdated', { names: [{ atMs: 500_000, name: 'Nowhere' }] }],
    ['blind', { drifts: [{ atMs: 1, drift: { key: '1', wanted: fields, found: fields } }] }],
    ['blind', { repairs: ['MUG@1'] }],
    ['night', { nights: [1_000, 2_000] }],
    ['night', { nights: [] }],
    ['missed', { delivered: [row(20, fields)], marks: [] }],
    ['apart', { calm: { ...rest, shop: stale } }],
    ['level', { calm: { ...rest, adjustments: [adjusted(1, 5)] } }],
    ['level-back', { calm: { ...rest, adjustments: [adjusted(3, 5), adjusted(1, 2)] } }],
    ['drift', { night: { ...rest, shop: stale } }],
    ['drift', { night: { ...rest, shop: new Map([...rest.shop, ['2', fields]]) } }],
    ['level', { night: { ...rest, adjustments: [adjusted(1, 5)] } }],
    ['owner', { writes: [write(5, { email: 'mine@x.example' }, 'shop')] }],
  ])('says %s when it must', (check, changes) => {
    expect(judgeSync(plan, { ...well, ...changes }).map((breach) => breach.split(':')[0])).toContain(check)
  })
  it('asks no delta to see what is stamped long ago', () => {
    const history = [version(10, fields), version(100, newer, true)]
    const late = { history, delivered: [row(20, fields)], marks: [{ atMs: 130, sinceMs: 115 }], writes: [] }
    expect(judgeSync(plan, { ...well, ...late, calm: { ...rest, shop: stale } })).toEqual([])
  })
})
