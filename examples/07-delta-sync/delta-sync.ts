/**
 * Delta sync by SuiteQL: what was changed since the watermark, page by page, each page asked for by the last key of the one
 * before. Offsets would miss rows: an order that changes while pages are fetched moves to the end, and all after it move
 * up. Keys do not move. [OPQ-061]
 */

/** One page: the rows of a statement, at most `limit`. */
export type Ask = (q: string, params: readonly string[], limit: number) => Promise<readonly Order[]>

export interface Order {
  readonly id: string
  readonly tranid: string
  readonly status: string
  /** In the account's time zone, `2026-01-05 09:00:00`. */
  readonly modified: string
}

export interface Synced {
  /** Where the next sync begins. */
  readonly watermark: string
  readonly pages: number
  readonly rows: number
  /** Orders that the copy did not have so. */
  readonly changed: number
}

const MASK = 'YYYY-MM-DD HH24:MI:SS'
/**
 * A write that begins before another one may be seen after it, with an earlier time. So each sync begins a little before
 * its watermark, and what it sees twice is dropped.
 */
const OVERLAP_SECONDS = 120

// `?` three times: the last time, the same again, and the last id that was seen with it.
const PAGE = `SELECT id, tranid, BUILTIN.CF(status) AS status, TO_CHAR(lastmodifieddate, '${MASK}') AS modified
FROM transaction
WHERE type = 'SalesOrd'
  AND (lastmodifieddate > TO_DATE(?, '${MASK}') OR (lastmodifieddate = TO_DATE(?, '${MASK}') AND id > ?))
ORDER BY lastmodifieddate, id`

/** Brings `copy` up to date. It is keyed by internal id, so a row that comes again changes nothing. */
export async function deltaSync(
  ask: Ask,
  copy: Map<string, Order>,
  watermark: string,
  pageSize: number,
): Promise<Synced> {
  let [modified, id] = [before(watermark, OVERLAP_SECONDS), '0']
  let [pages, rows, changed] = [0, 0, 0]
  for (;;) {
    const page = await ask(PAGE, [modified, modified, id], pageSize)
    pages += 1
    rows += page.length
    for (const order of page) {
      // Not by `modified`: two changes within one second have the same.
      if (JSON.stringify(copy.get(order.id)) === JSON.stringify(order)) continue
      copy.set(order.id, order)
      changed += 1
    }
    const last = page.at(-1)
    if (last !== undefined) [modified, id] = [last.modified, last.id]
    if (page.length < pageSize) break
  }
  return { watermark: modified > watermark ? modified : watermark, pages, rows, changed }
}

function before(time: string, seconds: number): string {
  const ms = Date.parse(`${time.replace(' ', 'T')}Z`) - seconds * 1000
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
