/**
 * The nightly comparison of stock: what the warehouse told last of each item and location, against what is on hand in the account.
 * Where they differ, and nothing is under way, the level is brought there again. It is driven by what the warehouse told: of
 * places that it never spoke of nothing is known, and nothing is changed.
 */
import type { CallContext } from '../client.ts'
import { done, type Outcome } from '../outcome.ts'
import type { Query } from '../suiteql.ts'
import type { InventoryWork } from '../work.ts'
import type { Level, Levels } from './levels.ts'

export interface CompareStockParts {
  readonly query: Query
  readonly levels: Levels
  /** Durable once resolved. */
  readonly submit: (work: InventoryWork) => Promise<void>
}

export interface StockCompared {
  readonly checked: number
  readonly differing: number
}

/** Even where each item is at each location of the others, what is found of so many is one page of an answer. [SQL-005] */
const LEVELS_AT_ONCE = 30

/** One comparison. `name`: of this comparison, e.g. `2026-01-05`; within one, each level is repaired once at most. */
export async function compareStock(
  { query, levels, submit }: CompareStockParts,
  name: string,
  context: CallContext,
): Promise<Outcome<StockCompared>> {
  const counts = { checked: 0, differing: 0 }
  for await (const known of levels.settled(LEVELS_AT_ONCE)) {
    const found = await readOnHand(query, known, context)
    if (found.kind !== 'done') return found
    for (const level of known) {
      counts.checked++
      if ((found.value.get(placeOf(level)) ?? 0) === level.quantity) continue
      counts.differing++
      const { sku, locationId, version } = level
      await submit({ flow: 'inventory', sku, locationId, version, repair: name })
    }
  }
  return done(counts)
}

/** What is on hand at the places of `levels`; where the item has never been there, there is nothing. [REC-363] */
async function readOnHand(
  query: Query,
  levels: readonly Level[],
  context: CallContext,
): Promise<Outcome<ReadonlyMap<string, number>>> {
  const skus = [...new Set(levels.map(({ sku }) => sku))]
  const locations = [...new Set(levels.map(({ locationId }) => locationId))]
  const marks = (of: readonly unknown[]): string => of.map(() => '?').join(', ')
  const text = `SELECT i.externalid AS sku, s.location, s.quantityonhand AS quantity
    FROM aggregateitemlocation s JOIN item i ON i.id = s.item
    WHERE i.externalid IN (${marks(skus)}) AND s.location IN (${marks(locations)}) ORDER BY i.id, s.location`
  const answer = await query({ operation: 'stock.compare', text, params: [...skus, ...locations] }, context)
  if (answer.kind !== 'done') return answer
  const { rows } = answer.value
  return done(
    new Map(
      rows.map(({ sku = '', location = '', quantity = '0' }) => [
        placeOf({ sku, locationId: location }),
        Number(quantity),
      ]),
    ),
  )
}

function placeOf({ sku, locationId }: Pick<Level, 'sku' | 'locationId'>): string {
  return `${locationId}\n${sku}`
}
