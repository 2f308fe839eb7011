/** Lot, serial and bin assignments of a line, which must add up to its quantity. [REC-365, OPQ-068] */
import { userError } from '../api-fault.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import type { RecordBody } from './store.ts'

const known = new WeakMap<RecordType, readonly string[]>()

/** Sublists whose lines have an inventory detail. */
function listsOf(type: RecordType): readonly string[] {
  let names = known.get(type)
  if (names === undefined) {
    names = type.body.fields.flatMap((field) =>
      field.kind === 'sublist' && findField(field.line, 'inventoryDetail')?.kind === 'subrecord'
        ? [field.name]
        : [],
    )
    known.set(type, names)
  }
  return names
}

/** What NetSuite does silently is told in `notices`; a profile may ask for a refusal instead. [OPQ-068] */
export function checkInventoryDetails(
  type: RecordType,
  body: RecordBody,
  mismatch: 'drop' | 'refuse',
  notices: string[],
): void {
  for (const name of listsOf(type)) {
    const lines = body[name] as RecordBody[] | undefined
    if (lines === undefined || !lines.some((line) => line.inventoryDetail !== undefined)) continue
    body[name] = lines.map((line, index) => {
      if (addsUp(line)) return line
      const path = `${name}.items[${index}].inventoryDetail`
      if (mismatch === 'refuse') {
        throw userError('The total inventory detail quantity must match the line quantity.', { path })
      }
      notices.push(`${path} was dropped: its quantities do not add up to the quantity of the line`)
      const { inventoryDetail: _, ...rest } = line
      return rest
    })
  }
}

function addsUp(line: RecordBody): boolean {
  const detail = line.inventoryDetail as RecordBody | undefined
  const assignments = detail?.inventoryAssignment as RecordBody[] | undefined
  const wanted = line.quantity ?? line.adjustQtyBy
  if (assignments === undefined || typeof wanted !== 'number') return true
  const sum = assignments.reduce(
    (total, { quantity }) => total + (typeof quantity === 'number' ? quantity : 0),
    0,
  )
  return Math.abs(Math.abs(sum) - Math.abs(wanted)) < TOLERANCE
}

/** Quantities have up to five decimals (common knowledge). */
const TOLERANCE = 1e-6
