/**
 * A book: the changes to stock that one write makes, gathered, then settled. What is promised to an order stays with it
 * as far as it fits; goods are promised anew only at the end, to the oldest order that waits. [REC-345]
 */
import { type Move, type OrderLine, toQuantity } from './lines.ts'
import type { Balance, Demand, MoveRow, StockSql, Supply } from './tables.ts'

export interface Book {
  /** A new order: nobody waits behind it, so it takes what is free and nothing else moves. */
  order(txn: number, lines: readonly OrderLine[]): void
  /** An order that changed; no lines: it counts no longer. */
  reorder(txn: number, lines: readonly OrderLine[]): void
  await(txn: number, lines: readonly OrderLine[]): void
  move(txn: number, moves: readonly Move[]): void
  /** Takes back all that a transaction has moved. */
  unmove(txn: number): void
}

export const EMPTY = { onHand: 0, committed: 0, backOrdered: 0, onOrder: 0, inTransit: 0, value: 0 }

/** A balance while it changes. */
export interface Page {
  readonly balance: Balance
  /** Undefined: there is no row yet. */
  readonly before: Readonly<Balance> | undefined
  /** Goods may have become free, or be promised without being there. */
  unsettled: boolean
}

export type At = (item: number, location: number) => Page

export function save(sql: StockSql, { balance, before }: Page): void {
  const { item, location, onHand, committed, backOrdered, onOrder, inTransit, value } = balance
  const statement = before === undefined ? sql.addBalance : sql.setBalance
  statement.run(onHand, committed, backOrdered, onOrder, inTransit, value, item, location)
}

export function createBook(sql: StockSql, at: At): Book {
  return {
    order(txn, lines) {
      for (const { line, item, location, quantity, rule } of lines) {
        const { balance } = at(item, location)
        const committed = shareOf(freeOf(balance), quantity, rule)
        sql.addDemand.run(txn, line, item, location, quantity, 0, quantity, committed, rule)
        balance.committed += committed
        balance.backOrdered += quantity - committed
      }
    },
    reorder(txn, lines) {
      const left = new Map((sql.demands.all(txn) as unknown as Demand[]).map((row) => [row.line, row]))
      for (const { line, item, location, quantity, rule } of lines) {
        const row = left.get(line)
        left.delete(line)
        setDemand(sql, at, row, { txn, line, item, location, ordered: quantity, done: row?.done ?? 0, rule })
      }
      // A line that counts no longer stays as long as something was delivered on it.
      for (const row of left.values()) setDemand(sql, at, row, { ...row, ordered: 0 })
    },
    await(txn, lines) {
      const left = new Map((sql.supplies.all(txn) as unknown as Supply[]).map((row) => [row.line, row]))
      for (const { line, item, location, quantity } of lines) {
        const row = left.get(line)
        left.delete(line)
        setSupply(sql, at, row, { txn, line, item, location, ordered: quantity, done: row?.done ?? 0 })
      }
      for (const row of left.values()) setSupply(sql, at, row, { ...row, ordered: 0 })
    },
    move(txn, moves) {
      let cost = 0
      for (const [seq, move] of moves.entries()) cost = post(sql, at, txn, seq, move, cost)
    },
    unmove(txn) {
      for (const { item, location, onHand, inTransit, value, order, orderLine, done } of sql.moves.all(
        txn,
      ) as unknown as MoveRow[]) {
        const page = at(item, location)
        const { balance } = page
        balance.onHand -= onHand
        balance.inTransit -= inTransit
        balance.value = balance.onHand === 0 ? 0 : balance.value - value
        page.unsettled = true
        deliver(sql, at, order, orderLine, -done)
      }
      sql.removeMoves.run(txn)
    },
  }
}

function freeOf({ onHand, committed }: Balance): number {
  return Math.max(onHand, 0) - committed
}

/** How much of a quantity a line gets of what is free. [REC-345] */
function shareOf(free: number, quantity: number, rule: number): number {
  if (rule === 3 || (rule === 2 && free < quantity)) return 0
  return Math.max(Math.min(free, quantity), 0)
}

/** Puts a line of an order in the place of what was there. It keeps what it is promised, as far as that still fits. */
function setDemand(
  sql: StockSql,
  at: At,
  row: Demand | undefined,
  wanted: Supply & { readonly rule: number },
  promised = row?.committed ?? 0,
): void {
  const { txn, line, item, location, ordered, done, rule } = wanted
  const remaining = Math.max(ordered - done, 0)
  const isMoved = row !== undefined && (row.item !== item || row.location !== location)
  const kept = isMoved ? 0 : Math.min(promised, remaining)
  const committed = rule === 3 || (rule === 2 && kept < remaining) ? 0 : kept
  if (row !== undefined) {
    const page = at(row.item, row.location)
    page.balance.committed -= row.committed
    page.balance.backOrdered -= row.remaining - row.committed
    page.unsettled = true
  }
  if (ordered === 0 && done === 0) {
    if (row !== undefined) sql.removeDemand.run(txn, line)
    return
  }
  const page = at(item, location)
  page.balance.committed += committed
  page.balance.backOrdered += remaining - committed
  page.unsettled = true
  if (row === undefined)
    sql.addDemand.run(txn, line, item, location, ordered, done, remaining, committed, rule)
  else sql.setDemand.run(item, location, ordered, done, remaining, committed, rule, txn, line)
}

function setSupply(sql: StockSql, at: At, row: Supply | undefined, wanted: Supply): void {
  const { txn, line, item, location, ordered, done } = wanted
  if (row !== undefined) at(row.item, row.location).balance.onOrder -= Math.max(row.ordered - row.done, 0)
  if (ordered === 0 && done === 0) {
    if (row !== undefined) sql.removeSupply.run(txn, line)
    return
  }
  at(item, location).balance.onOrder += Math.max(ordered - done, 0)
  sql.setSupply.run(txn, line, item, location, ordered, done)
}

/** Counts a quantity as delivered on an order's line; a negative one was taken back and is promised to the line again. */
function deliver(
  sql: StockSql,
  at: At,
  order: number | null | undefined,
  line: number | null | undefined,
  quantity: number,
): void {
  if (order == null || line == null || quantity === 0) return
  const demand = sql.demand.get(order, line) as Demand | undefined
  if (demand !== undefined) {
    const promised = Math.max(demand.committed - quantity, 0)
    setDemand(sql, at, demand, { ...demand, done: demand.done + quantity }, promised)
  }
  const supply = sql.supply.get(order, line) as Supply | undefined
  if (supply !== undefined) setSupply(sql, at, supply, { ...supply, done: supply.done + quantity })
}

/** Average cost moves with goods that come in; goods that go take it along. Gives the cost of one. */
function post(sql: StockSql, at: At, txn: number, seq: number, move: Move, costBefore: number): number {
  const { line, item, location, onHand, inTransit, order, orderLine, done } = move
  const page = at(item, location)
  const { balance } = page
  const { onHand: onHandBefore, value: valueBefore } = balance
  const cost = unitCost(sql, balance, move, costBefore)
  const value = toQuantity(onHand) * cost
  balance.onHand += onHand
  balance.inTransit += inTransit
  balance.value = balance.onHand === 0 ? 0 : balance.value + value
  page.unsettled = true
  deliver(sql, at, order, orderLine, done)
  sql.addMove.run(
    txn,
    seq,
    line,
    item,
    location,
    onHand,
    inTransit,
    balance.value - valueBefore,
    onHandBefore,
    valueBefore,
    order ?? null,
    orderLine ?? null,
    done,
  )
  return cost
}

function unitCost(sql: StockSql, balance: Balance, move: Move, costBefore: number): number {
  const { onHand, inTransit, order, orderLine } = move
  if (onHand > 0 && move.unitCost !== undefined) return move.unitCost
  if (move.takes) return costBefore
  // What arrives on a transfer order costs what it cost where it left.
  if (onHand > 0 && inTransit < 0 && order !== undefined) {
    const shipped = sql.shippedCost.get(order, orderLine ?? null) as { cost: number | null } | undefined
    return shipped?.cost ?? 0
  }
  return averageCost(balance)
}

export function averageCost({ onHand, value }: Readonly<Balance>): number {
  return onHand > 0 ? Math.max(value, 0) / toQuantity(onHand) : 0
}

/** Restores the rules of a balance: nothing promised that is not there, nothing kept back that somebody waits for. */
export function settle(sql: StockSql, balance: Balance): void {
  const { item, location } = balance
  const give = (row: Demand, committed: number): void => {
    const { txn, line, ordered, done, remaining, rule } = row
    sql.setDemand.run(item, location, ordered, done, remaining, committed, rule, txn, line)
    balance.committed += committed - row.committed
    balance.backOrdered -= committed - row.committed
  }
  while (freeOf(balance) < 0) {
    const rows = sql.promised.all(item, location) as unknown as Demand[]
    if (rows.length === 0) return
    for (const row of rows) {
      const missing = -freeOf(balance)
      if (missing > 0) give(row, row.rule === 2 ? 0 : Math.max(row.committed - missing, 0))
    }
  }
  let after: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0]
  while (freeOf(balance) > 0 && balance.backOrdered > 0) {
    const rows = sql.waiting.all(item, location, ...after) as unknown as Demand[]
    for (const row of rows) {
      const share = shareOf(freeOf(balance) + row.committed, row.remaining, row.rule)
      if (share > row.committed) give(row, share)
      after = [row.txn, row.line]
    }
    if (rows.length === 0) return
  }
}
