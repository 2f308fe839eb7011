/** If this fails, the store forgets, invents or mixes up records: through its caches, its ids or a half-undone transaction. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRecordStore, ExternalIdTaken, type RecordStore, type StoredRecord } from './store.ts'

const GROUPS = ['entity', 'transaction']

/** The plain map that the store is compared with. */
interface Model {
  readonly records: Map<string, StoredRecord>
  readonly lastIds: Map<string, number>
}

const keyOf = (group: string, id: number): string => `${group}/${id}`
const typeOf = (group: string): string => (group === 'entity' ? 'customer' : 'salesOrder')
const inGroup = (model: Model, group: string): StoredRecord[] =>
  [...model.records].filter(([key]) => key.startsWith(`${group}/`)).map(([, record]) => record)

function checkAll(model: Model, store: RecordStore): void {
  for (const group of GROUPS) {
    const expected = inGroup(model, group).sort((a, b) => a.id - b.id)
    expect(store.page(typeOf(group), 0, 1000)).toEqual(expected)
    expect(store.ids(typeOf(group), 1000, 0)).toEqual(expected.map(({ id }) => id))
    expect(store.count(typeOf(group))).toBe(expected.length)
    const all = { text: 'true', params: [] }
    expect(store.matching(typeOf(group), all, { limit: 2, offset: 1, max: 5 })).toEqual({
      ids: expected.slice(1, 3).map(({ id }) => id),
      total: Math.min(5, expected.length),
    })
    for (let id = 1; id <= (model.lastIds.get(group) ?? 0); id++) {
      const record = model.records.get(keyOf(group, id))
      expect(store.get(group, id)).toEqual(record)
      expect(store.peek(group, id)?.display).toBe(record?.display)
    }
    for (const externalId of ['A', 'B', 'C']) {
      const record = expected.find((one) => one.externalId === externalId)
      expect(store.find(group, externalId)?.id).toBe(record?.id)
      expect(store.getByExternalId(group, externalId)).toEqual(record)
    }
  }
}

type Step =
  | { readonly kind: 'insert'; readonly group: string; readonly externalId: string | undefined }
  | {
      readonly kind: 'update'
      readonly group: string
      readonly pick: number
      readonly externalId: string | undefined
    }
  | { readonly kind: 'remove'; readonly group: string; readonly pick: number }

const externalIds = fc.constantFrom(undefined, 'A', 'B', 'C')
const groups = fc.constantFrom(...GROUPS)
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), group: groups, externalId: externalIds }),
  fc.record({ kind: fc.constant('update' as const), group: groups, pick: fc.nat(), externalId: externalIds }),
  fc.record({ kind: fc.constant('remove' as const), group: groups, pick: fc.nat() }),
)

let stamp = 0

/** Does one step to both; an external id that is taken must be refused by the store and changes nothing. */
function take(step: Step, model: Model, store: RecordStore): void {
  const { group } = step
  const there = inGroup(model, group)
  const isTaken = (externalId: string | undefined, but?: number): boolean =>
    externalId !== undefined && there.some((one) => one.externalId === externalId && one.id !== but)
  if (step.kind === 'insert') {
    const id = store.nextId(group)
    expect(id).toBe((model.lastIds.get(group) ?? 0) + 1)
    model.lastIds.set(group, id)
    const record = {
      type: typeOf(group),
      id,
      externalId: step.externalId,
      display: `d${++stamp}`,
      body: { id: String(id), n: stamp },
    }
    if (isTaken(step.externalId)) expect(() => store.insert(group, record, 1)).toThrow(ExternalIdTaken)
    else {
      store.insert(group, record, 1)
      model.records.set(keyOf(group, id), record)
    }
    return
  }
  const before = there[step.pick % Math.max(1, there.length)]
  if (before === undefined) return
  if (step.kind === 'remove') {
    store.remove(group, before)
    model.records.delete(keyOf(group, before.id))
    return
  }
  const after = {
    ...before,
    externalId: step.externalId,
    display: `d${++stamp}`,
    body: { ...before.body, n: stamp },
  }
  if (isTaken(step.externalId, before.id))
    expect(() => store.update(group, after, before, 2)).toThrow(ExternalIdTaken)
  else {
    store.update(group, after, before, 2)
    model.records.set(keyOf(group, before.id), after)
  }
}

describe('the record store', () => {
  it('does what a plain map does, undone transactions included', () => {
    const batch = fc.record({
      steps: fc.array(steps, { maxLength: 12 }),
      fate: fc.constantFrom('plain', 'commit', 'undo'),
    })
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const store = createRecordStore()
        let model: Model = { records: new Map(), lastIds: new Map() }
        for (const { steps: list, fate } of batches) {
          const records = new Map(model.records)
          const work = (): void => {
            for (const step of list) take(step, model, store)
          }
          if (fate === 'plain') work()
          else if (fate === 'commit') store.transaction(work)
          else {
            const undone = (): void => {
              work()
              checkAll(model, store)
              throw new Error('undone')
            }
            expect(() => store.transaction(undone)).toThrow('undone')
            // Ids that were taken stay taken.
            model = { records, lastIds: model.lastIds }
          }
          checkAll(model, store)
        }
        store.close()
      }),
      { seed: 4, numRuns: 60 },
    )
  })

  it('leaves the database of another program alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-store-'))
    try {
      const file = join(folder, 'other.db')
      const other = new DatabaseSync(file)
      other.exec('CREATE TABLE theirs (id INTEGER)')
      other.close()
      expect(() => createRecordStore(file)).toThrow('another program')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('leaves a file of an older version alone, which has bodies as text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-store-'))
    try {
      const file = join(folder, 'old.db')
      const old = new DatabaseSync(file)
      old.exec('PRAGMA application_id = 0x53454154; CREATE TABLE record (body TEXT)')
      old.close()
      expect(() => createRecordStore(file)).toThrow(
        'another version of Seatrial (format 0, this one writes 1)',
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('keeps a body to the letter in its binary form', () => {
    const store = createRecordStore()
    const body = {
      a: 70.5,
      b: 1e21,
      c: -0.1,
      d: '\u0000"\\é\ud83d',
      e: [],
      f: {},
      g: [true, null],
      '"k': 9007199254740991,
    }
    store.insert('entity', { type: 'customer', id: 1, externalId: undefined, display: 'x', body }, 1)
    const [read] = store.page('customer', 0, 1)
    expect(JSON.stringify(read!.body)).toBe(JSON.stringify(body))
    store.close()
  })

  it('goes on where it stopped when it is a file, and never gives an id twice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-store-'))
    try {
      const file = join(folder, 'account.db')
      const first = createRecordStore(file)
      const record = {
        type: 'customer',
        id: first.nextId('entity'),
        externalId: 'A',
        display: 'Acme',
        body: { id: '1' },
      }
      first.insert('entity', record, 1)
      const gone = { ...record, id: first.nextId('entity'), externalId: 'B' }
      first.insert('entity', gone, 1)
      first.remove('entity', gone)
      first.close()
      const second = createRecordStore(file)
      expect(second.get('entity', 1)).toEqual(record)
      expect(second.nextId('entity')).toBe(3)
      expect(second.counts()).toEqual({ customer: 1 })
      second.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
