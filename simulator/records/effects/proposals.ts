/**
 * An estimate that became an order or a bill is processed, an opportunity is won or has its estimate; when the last record
 * made from it goes, it is open again. Labels of opportunities and the way back are common knowledge. [OPQ-041]
 */
import type { Account } from '../../account.ts'
import { rulesFor } from '../../spec/rules.ts'
import type { StoredRecord } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { rewriteRecord } from '../write.ts'
import type { Effect } from './effect.ts'

/** Source → letter → types, lower case, that give it; the strongest letter first. */
const LETTERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  estimate: { B: ['salesorder', 'invoice', 'cashsale'] },
  opportunity: { C: ['salesorder', 'invoice', 'cashsale'], B: ['estimate'] },
}
const MADE: ReadonlySet<string> = new Set(
  Object.values(LETTERS).flatMap((letters) => Object.values(letters).flat()),
)
const OPEN = 'A'

export const settleProposals: Effect = {
  concerns: ({ name }) => MADE.has(name.toLowerCase()),
  run({ account, before, after }) {
    if (before !== undefined && after !== undefined) return
    const id = Number(((after ?? before)!.body.createdFrom as StoredReference | undefined)?.id)
    if (!Number.isSafeInteger(id)) return
    const source = account.store.get('transaction', id)
    const letters = source && LETTERS[source.type.toLowerCase()]
    if (source === undefined || letters === undefined) return
    settle(account, source, letters, after)
  },
}

function settle(
  account: Account,
  source: StoredRecord,
  letters: Readonly<Record<string, readonly string[]>>,
  made: StoredRecord | undefined,
): void {
  const type = account.catalogue.find(source.type)!
  const known = rulesFor(type).statuses ?? {}
  const given = Object.keys(letters).find((letter) =>
    made === undefined
      ? hasMade(account, source, letters[letter]!)
      : letters[letter]!.includes(made.type.toLowerCase()),
  )
  const current = String(source.body.status ?? OPEN)
  // A stronger letter stays: an opportunity that is won gets no further estimate's.
  const isStronger = made !== undefined && Object.keys(letters).indexOf(current) === 0
  const letter = isStronger ? current : (given ?? OPEN)
  if (letter === current || known[letter] === undefined) return
  rewriteRecord(account, type, source, { ...source.body, status: letter })
}

/** Whether a record of these types still comes from it; asked only when one is deleted, which is rare. */
function hasMade({ catalogue, store }: Account, { id }: StoredRecord, types: readonly string[]): boolean {
  const query = store.db.prepare(
    "SELECT 1 FROM record WHERE type = ? AND body ->> '$.createdFrom.id' = ? LIMIT 1",
  )
  return types.some((name) => {
    const type = catalogue.find(name)
    return type !== undefined && query.get(type.name, String(id)) !== undefined
  })
}
