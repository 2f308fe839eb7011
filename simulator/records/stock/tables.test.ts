/** If these fail, stock is lost with a restart, survives a reset, or has other columns than NetSuite's tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRecordStore } from '../store.ts'
import type { Move, OrderLine } from './lines.ts'
import { createStock } from './stock.ts'

const UNIT = 100_000
const move = (item: number, onHand: number, unitCost: number): Move => ({
  line: 1,
  item,
  location: 1,
  onHand: onHand * UNIT,
  inTransit: 0,
  unitCost,
  takes: false,
  order: undefined,
  orderLine: undefined,
  done: 0,
})
const line = (item: number, quantity: number): OrderLine => ({
  line: 1,
  item,
  location: 1,
  quantity: quantity * UNIT,
  rule: 1,
})

describe('the tables of stock', () => {
  it('have the columns of aggregateItemLocation and inventorybalance [OPQ-007]', () => {
    const store = createRecordStore()
    const stock = createStock(store)
    const body = { locations: [{ location: { id: '1' }, preferredStockLevel: 20, reorderPoint: 5 }] }
    store.insert('item', { type: 'inventoryItem', id: 7, externalId: undefined, display: 'A', body }, 0)
    stock.change((book) => {
      book.move(1, [move(7, 10, 2.5)])
      book.order(2, [line(7, 12)])
      book.await(3, [line(7, 4)])
    })
    expect({ ...store.db.prepare('SELECT * FROM aggregateItemLocation').get() }).toEqual({
      item: 7,
      location: 1,
      quantityonhand: 10,
      quantityavailable: 0,
      quantitycommitted: 10,
      quantitybackordered: 2,
      quantityonorder: 4,
      quantityintransit: 0,
      averagecostmli: 2.5,
      onhandvaluemli: 25,
      reorderpoint: 5,
      preferredstocklevel: 20,
    })
    expect({ ...store.db.prepare('SELECT * FROM inventorybalance').get() }).toEqual({
      item: 7,
      location: 1,
      binnumber: null,
      inventorystatus: null,
      quantityonhand: 10,
      quantityavailable: 0,
    })
    store.close()
  })
  it('stay in a file, and are emptied by a reset', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-stock-'))
    try {
      const file = join(folder, 'account.db')
      const first = createRecordStore(file)
      createStock(first).change((book) => book.move(1, [move(7, 3, 1)]))
      first.close()
      const second = createRecordStore(file)
      const stock = createStock(second)
      expect(stock.balance(7, 1)?.onHand).toBe(3 * UNIT)
      second.reset()
      expect(stock.balance(7, 1)).toBeUndefined()
      expect(stock.moves(1)).toEqual([])
      second.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  it('remember nothing of what is undone', () => {
    const store = createRecordStore()
    const stock = createStock(store)
    stock.change((book) => book.move(1, [move(7, 5, 1)]))
    const refused = (): void =>
      store.transaction(() => {
        stock.change((book) => book.order(2, [line(7, 5)]))
        throw new Error('refused')
      })
    expect(refused).toThrow('refused')
    expect(stock.balance(7, 1)).toMatchObject({ onHand: 5 * UNIT, committed: 0 })
    expect(stock.committedOf(2, 1)).toBe(0)
    store.close()
  })
  it('count fractions exactly: 0.1 + 0.2 − 0.3 is nothing', () => {
    const store = createRecordStore()
    const stock = createStock(store)
    for (const [txn, quantity] of [0.1, 0.2, -0.3].entries())
      stock.change((book) => book.move(txn, [{ ...move(7, 0, 1), onHand: Math.round(quantity * UNIT) }]))
    expect(stock.balance(7, 1)).toMatchObject({ onHand: 0, value: 0 })
    store.close()
  })
})
