/** An account with a record of nearly every type in it, so that references find a target. What exists is asked over REST. */
import type { Rng } from '../../kernel/rng.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import { type Catalogue, findField, type RecordType } from '../../simulator/spec/catalogue.ts'
import { rulesFor } from '../../simulator/spec/rules.ts'
import { createTestAccount, type TestAccount } from '../../simulator/test-account.ts'
import { drawBody } from './bodies.ts'
import type { Pool } from './values.ts'

export interface World extends TestAccount {
  readonly catalogue: Catalogue
  readonly pool: Pool
  /** Records in the account, by type. */
  counts(): Promise<Readonly<Record<string, number>>>
}

const ROUNDS_MAX = 4

/** Fills the account type by type; a type whose mandatory references have no target yet waits for the next round. */
export async function createWorld(rng: Rng): Promise<World> {
  const account = createTestAccount()
  const catalogue = loadBundledCatalogue()
  const ids = new Map<string, string[]>()
  const pool: Pool = { idsOf: (type) => ids.get(catalogue.find(type)?.name ?? '') ?? [] }
  const counts = async () => (await account.send('GET', '/_seatrial/records')).json as Record<string, number>
  for (const type of Object.keys(await counts())) {
    const { items } = (await account.send('GET', type)).json as { items: { id: string }[] }
    ids.set(
      type,
      items.map(({ id }) => id),
    )
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const type of creatable(catalogue)) {
      if (ids.has(type.name) || !isPossible(type, pool)) continue
      const { sent } = drawBody(rng.fork(type.name), type, pool)
      const answer = await account.send('POST', type.name, sent)
      if (answer.status === 204) ids.set(type.name, [answer.id])
    }
  }
  return { ...account, catalogue, pool, counts }
}

export function creatable({ types }: Catalogue): readonly RecordType[] {
  return types.filter(({ methods }) => methods.collection.includes('POST'))
}

/** Whether every mandatory reference has something to point at. */
export function isPossible(type: RecordType, pool: Pool): boolean {
  return rulesFor(type).required.every(({ anyOf }) =>
    anyOf.some((name) => {
      const field = findField(type.body, name)
      if (field?.kind !== 'reference' || field.targets.length === 0) return field !== undefined
      return field.targets.some((target) => pool.idsOf(target).length > 0)
    }),
  )
}
