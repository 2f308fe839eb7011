/** If this fails, a refused part of a save leaves traces, or takes the whole save along. */
import { describe, expect, it } from 'vitest'
import { createRecordStore } from './store.ts'

const record = (id: number) => ({
  type: 'department',
  id,
  externalId: `D${id}`,
  display: `d${id}`,
  body: { id: String(id) },
})

function storeWith() {
  const store = createRecordStore()
  const insert = (id: number): void => store.insert('department', record(id), 0)
  const insertThenFail = (...ids: number[]): void => {
    ids.forEach(insert)
    throw new Error('no')
  }
  const left = () => [store.ids('department', 10, 0), store.count('department')]
  return { store, insert, insertThenFail, left }
}

describe('a part of a transaction', () => {
  it('is undone by itself when it fails, at any depth; the rest stays', () => {
    const { store, insert, insertThenFail, left } = storeWith()
    store.transaction(() => {
      insert(1)
      store.attempt(() => {
        insert(2)
        expect(() => store.attempt(() => insertThenFail(3, 4))).toThrow('no')
        expect(store.get('department', 3)).toBeUndefined()
        insert(5)
      })
      expect(() => store.attempt(() => insertThenFail(6))).toThrow('no')
      expect(store.find('department', 'D6')).toBeUndefined()
    })
    expect(left()).toEqual([[1, 2, 5], 3])
  })
  it('goes with the whole when that fails', () => {
    const { store, insert, insertThenFail, left } = storeWith()
    expect(() =>
      store.transaction(() => {
        store.attempt(() => insert(1))
        insertThenFail(2)
      }),
    ).toThrow('no')
    expect(left()).toEqual([[], 0])
  })
  it('is a transaction where there is none, and one that was cut off can be abandoned', () => {
    const { store, insert, insertThenFail, left } = storeWith()
    expect(() => store.attempt(() => insertThenFail(1))).toThrow('no')
    store.attempt(() => insert(2))
    store.db.exec('BEGIN')
    insert(3)
    store.abandon()
    store.abandon()
    expect(left()).toEqual([[2], 1])
  })
})
