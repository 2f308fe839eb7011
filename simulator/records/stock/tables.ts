/**
 * The tables of stock, beside the records in the account's database, and the statements on them. Quantities are whole
 * numbers of 1/100,000; `value` is money. `stock_balance` is the sum of the other three. The two views have the columns
 * that SuiteQL's tables have. [OPQ-007]
 */
import type { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stock_balance (
    item INTEGER NOT NULL, location INTEGER NOT NULL, on_hand REAL NOT NULL, committed REAL NOT NULL,
    back_ordered REAL NOT NULL, on_order REAL NOT NULL, in_transit REAL NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (item, location)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS stock_demand (
    txn INTEGER NOT NULL, line INTEGER NOT NULL, item INTEGER NOT NULL, location INTEGER NOT NULL,
    ordered REAL NOT NULL, done REAL NOT NULL, remaining REAL NOT NULL, committed REAL NOT NULL, rule INTEGER NOT NULL,
    PRIMARY KEY (txn, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS stock_waiting ON stock_demand (item, location) WHERE committed < remaining;
  CREATE INDEX IF NOT EXISTS stock_promised ON stock_demand (item, location) WHERE committed > 0;
  CREATE TABLE IF NOT EXISTS stock_supply (
    txn INTEGER NOT NULL, line INTEGER NOT NULL, item INTEGER NOT NULL, location INTEGER NOT NULL,
    ordered REAL NOT NULL, done REAL NOT NULL, PRIMARY KEY (txn, line)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS stock_move (
    txn INTEGER NOT NULL, seq INTEGER NOT NULL, line INTEGER NOT NULL, item INTEGER NOT NULL, location INTEGER NOT NULL,
    on_hand REAL NOT NULL, in_transit REAL NOT NULL, value REAL NOT NULL, on_hand_before REAL NOT NULL,
    value_before REAL NOT NULL, order_txn INTEGER, order_line INTEGER, done REAL NOT NULL, PRIMARY KEY (txn, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS stock_delivery ON stock_move (order_txn, order_line) WHERE order_txn IS NOT NULL;
  CREATE TABLE IF NOT EXISTS stock_place (item INTEGER PRIMARY KEY, location INTEGER NOT NULL) STRICT;
  CREATE VIEW IF NOT EXISTS aggregateitemlocation AS
    SELECT b.item, b.location, on_hand / 100000 AS quantityonhand, (on_hand - committed) / 100000 AS quantityavailable,
      committed / 100000 AS quantitycommitted, back_ordered / 100000 AS quantitybackordered,
      on_order / 100000 AS quantityonorder, in_transit / 100000 AS quantityintransit,
      CASE WHEN on_hand > 0 THEN b.value * 100000 / on_hand ELSE 0 END AS averagecostmli, round(b.value, 2) AS onhandvaluemli,
      json_extract(l.value, '$.reorderPoint') AS reorderpoint,
      json_extract(l.value, '$.preferredStockLevel') AS preferredstocklevel
    FROM stock_balance b
      LEFT JOIN record r ON r.grp = 'item' AND r.id = b.item
      LEFT JOIN json_each(r.body, '$.locations') l ON json_extract(l.value, '$.location.id') = CAST(b.location AS TEXT);
  CREATE VIEW IF NOT EXISTS inventorybalance AS
    SELECT item, location, NULL AS binnumber, NULL AS inventorystatus, on_hand / 100000 AS quantityonhand,
      (on_hand - committed) / 100000 AS quantityavailable
    FROM stock_balance;
`

export interface Balance {
  readonly item: number
  readonly location: number
  onHand: number
  committed: number
  backOrdered: number
  onOrder: number
  inTransit: number
  value: number
}

/** One line of an order that waits for goods or has got them. */
export interface Demand {
  readonly txn: number
  readonly line: number
  readonly item: number
  readonly location: number
  readonly ordered: number
  readonly done: number
  readonly remaining: number
  readonly committed: number
  readonly rule: number
}

export type Supply = Omit<Demand, 'remaining' | 'committed' | 'rule'>

export interface MoveRow {
  readonly seq: number
  readonly line: number
  readonly item: number
  readonly location: number
  readonly onHand: number
  readonly inTransit: number
  readonly value: number
  readonly onHandBefore: number
  readonly valueBefore: number
  readonly order: number | null
  readonly orderLine: number | null
  readonly done: number
}

const BALANCE = `item, location, on_hand AS onHand, committed, back_ordered AS backOrdered, on_order AS onOrder,
  in_transit AS inTransit, value`
const DEMAND = 'txn, line, item, location, ordered, done, remaining, committed, rule'
const MOVE = `seq, line, item, location, on_hand AS onHand, in_transit AS inTransit, value, on_hand_before AS onHandBefore,
  value_before AS valueBefore, order_txn AS "order", order_line AS orderLine, done`

export type StockSql = ReturnType<typeof prepareStock>

/** Makes the tables where they are missing. */
export function prepareStock(db: DatabaseSync) {
  db.exec(SCHEMA)
  return {
    balance: db.prepare(`SELECT ${BALANCE} FROM stock_balance WHERE item = ? AND location = ?`),
    balances: db.prepare(`SELECT ${BALANCE} FROM stock_balance WHERE item = ? ORDER BY location`),
    setBalance: db.prepare(
      `UPDATE stock_balance SET on_hand = ?, committed = ?, back_ordered = ?, on_order = ?, in_transit = ?, value = ?
       WHERE item = ? AND location = ?`,
    ),
    addBalance: db.prepare('INSERT INTO stock_balance VALUES (?7, ?8, ?1, ?2, ?3, ?4, ?5, ?6)'),
    demand: db.prepare(`SELECT ${DEMAND} FROM stock_demand WHERE txn = ? AND line = ?`),
    demands: db.prepare(`SELECT ${DEMAND} FROM stock_demand WHERE txn = ? ORDER BY line`),
    addDemand: db.prepare('INSERT INTO stock_demand VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    setDemand: db.prepare(
      `UPDATE stock_demand SET item = ?, location = ?, ordered = ?, done = ?, remaining = ?, committed = ?, rule = ?
       WHERE txn = ? AND line = ?`,
    ),
    removeDemand: db.prepare('DELETE FROM stock_demand WHERE txn = ? AND line = ?'),
    waiting: db.prepare(
      `SELECT ${DEMAND} FROM stock_demand WHERE item = ? AND location = ? AND committed < remaining AND rule < 3
       AND (txn, line) > (?, ?) ORDER BY txn, line LIMIT 20`,
    ),
    promised: db.prepare(
      `SELECT ${DEMAND} FROM stock_demand WHERE item = ? AND location = ? AND committed > 0
       ORDER BY txn DESC, line DESC LIMIT 20`,
    ),
    supply: db.prepare('SELECT * FROM stock_supply WHERE txn = ? AND line = ?'),
    supplies: db.prepare('SELECT * FROM stock_supply WHERE txn = ? ORDER BY line'),
    setSupply: db.prepare('INSERT OR REPLACE INTO stock_supply VALUES (?, ?, ?, ?, ?, ?)'),
    removeSupply: db.prepare('DELETE FROM stock_supply WHERE txn = ? AND line = ?'),
    moves: db.prepare(`SELECT ${MOVE} FROM stock_move WHERE txn = ? ORDER BY seq`),
    addMove: db.prepare('INSERT INTO stock_move VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    removeMoves: db.prepare('DELETE FROM stock_move WHERE txn = ?'),
    shippedCost: db.prepare(
      `SELECT sum(value) * 100000 / sum(on_hand) AS cost FROM stock_move
       WHERE order_txn = ? AND order_line IS ? AND on_hand < 0`,
    ),
    place: db.prepare('SELECT location FROM stock_place WHERE item = ?'),
    setPlace: db.prepare('INSERT OR REPLACE INTO stock_place VALUES (?, ?)'),
    removePlace: db.prepare('DELETE FROM stock_place WHERE item = ?'),
  }
}
