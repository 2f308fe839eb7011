/** If these fail, a restore that is cut short leaves half of one account and half of another. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRecordStore, type RecordStore } from './store.ts'

const add = (store: RecordStore, id: number): void =>
  store.insert(
    'entity',
    { type: 'customer', id, externalId: `c${id}`, display: `${id}`, body: { id: String(id) } },
    0,
  )
const ids = (store: RecordStore): number[] => store.ids('customer', 100, 0)

it('a restore that fails in the middle leaves everything as it was', () => {
  const store = createRecordStore()
  add(store, 1)
  add(store, 2)
  store.snapshots.take('then', 0)
  store.remove('entity', store.get('entity', 1)!)
  add(store, 3)
  store.db.exec(`CREATE TRIGGER refuse BEFORE INSERT ON record WHEN new.id = 2
    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
  expect(() => store.snapshots.restore('then')).toThrow('the disk is full')
  expect(ids(store)).toEqual([2, 3])
  expect(store.counts()).toEqual({ customer: 2 })
  expect(store.nextId('entity')).toBe(4)
  store.db.exec('DROP TRIGGER refuse')
  expect(store.snapshots.restore('then')).toBe(true)
  expect(ids(store)).toEqual([1, 2])
  expect(store.nextId('entity')).toBe(3)
})

it('a table made after the copy is empty after the restore, and indexes still find what is there', () => {
  const store = createRecordStore()
  add(store, 1)
  store.snapshots.take('then', 0)
  store.db.exec('CREATE TABLE later (n INTEGER); INSERT INTO later VALUES (1)')
  add(store, 2)
  store.snapshots.restore('then')
  expect(store.db.prepare('SELECT count(*) AS n FROM later').get()).toEqual({ n: 0 })
  expect(store.getByExternalId('entity', 'c1')?.id).toBe(1)
  expect(store.getByExternalId('entity', 'c2')).toBeUndefined()
  expect(store.db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
})

it('an account in a file is restored in its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-snapshot-'))
  const file = join(folder, 'account.db')
  const store = createRecordStore(file)
  add(store, store.nextId('entity'))
  store.snapshots.take('then', 0)
  add(store, store.nextId('entity'))
  store.snapshots.restore('then')
  store.close()
  const again = createRecordStore(file)
  expect(ids(again)).toEqual([1])
  expect(again.nextId('entity')).toBe(2)
  expect(again.snapshots.list()).toEqual([])
  again.close()
  rmSync(folder, { recursive: true })
})
