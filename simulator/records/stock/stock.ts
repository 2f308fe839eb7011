/**
 * Stock of an account: one balance per item and location, kept in step with the tables it is the sum of. A change is
 * gathered in a *book*, so that goods which only change hands are not promised to somebody else in between; at its
 * end what became free goes to the oldest order that waits, and what is promised without being there is taken back
 * from the newest. Then: committed ≤ max(on hand, 0). Runs inside the transaction of the write that moves the goods.
 */
import { createCache } from '../cache.ts'
import type { RecordStore } from '../store.ts'
import { type Book, createBook, EMPTY, type Page, save, settle } from './book.ts'
import { toQuantity } from './lines.ts'
import { type Balance, type Demand, type MoveRow, prepareStock } from './tables.ts'

export interface Stock {
  /** Undefined: the location never held, promised or awaited the item. */
  balance(item: number, location: number): Readonly<Balance> | undefined
  /** Balances of an item by location. */
  balances(item: number): Readonly<Balance>[]
  /** What an order's line is promised and still waits for; undefined when it counts for nothing. */
  promise(order: number, line: number): Demand | undefined
  promises(order: number): Demand[]
  /** Quantity that an order's line may be delivered from what is on hand, in units of the item. */
  committedOf(order: number, line: number): number
  /** What a transaction has moved. */
  moves(txn: number): MoveRow[]
  /** Location that an item is kept at unless somebody says otherwise. */
  placeOf(item: number): number | undefined
  setPlace(item: number, location: number | undefined): void
  /** Moves goods: gathers in a book, settles it, saves. Gives the balances that this took below zero, or further below. */
  change(work: (book: Book) => void): readonly Balance[]
}

const BALANCES_MAX = 10_000
const PLACES_MAX = 10_000
const NOWHERE = -1

export function createStock(store: Pick<RecordStore, 'db' | 'onForget'>): Stock {
  const sql = prepareStock(store.db)
  const known = createCache<Balance>(BALANCES_MAX)
  const places = createCache<number>(PLACES_MAX)
  store.onForget(() => {
    known.clear()
    places.clear()
  })
  const balance = (item: number, location: number): Balance | undefined =>
    known.get(`${item}/${location}`, () => sql.balance.get(item, location) as Balance | undefined)
  const promise = (order: number, line: number): Demand | undefined =>
    sql.demand.get(order, line) as Demand | undefined
  return {
    balance,
    balances: (item) => sql.balances.all(item) as unknown as Balance[],
    promise,
    promises: (order) => sql.demands.all(order) as unknown as Demand[],
    committedOf: (order, line) => toQuantity(promise(order, line)?.committed ?? 0),
    moves: (txn) => sql.moves.all(txn) as unknown as MoveRow[],
    placeOf(item) {
      const load = () => (sql.place.get(item) as { location: number } | undefined)?.location ?? NOWHERE
      const location = places.get(`${item}`, load)
      return location === NOWHERE ? undefined : location
    },
    setPlace(item, location) {
      if (location === undefined) sql.removePlace.run(item)
      else sql.setPlace.run(item, location)
      places.delete(`${item}`)
    },
    change(work) {
      const pages = new Map<string, Page>()
      const at = (item: number, location: number): Page => {
        const key = `${item}/${location}`
        let page = pages.get(key)
        if (page === undefined) {
          const held = balance(item, location)
          page = { balance: { ...EMPTY, item, location, ...held }, before: held, unsettled: false }
          pages.set(key, page)
        }
        return page
      }
      work(createBook(sql, at))
      for (const page of pages.values()) if (page.unsettled) settle(sql, page.balance)
      for (const [key, page] of pages) {
        save(sql, page)
        known.set(key, page.balance)
      }
      return [...pages.values()].flatMap(({ balance, before }) =>
        balance.onHand < Math.min(before?.onHand ?? 0, 0) ? [balance] : [],
      )
    },
  }
}
