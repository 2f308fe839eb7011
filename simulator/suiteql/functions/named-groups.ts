/**
 * Who is asking, for BUILTIN.NAMED_GROUP: `me` is the entity that the login stands for, `mine` what that entity belongs to.
 * An entity is a login's by its external id, its internal id, its entity id or its e-mail. [SQL-057]
 */
import type { Account } from '../../account.ts'
import type { StoredRecord } from '../../records/store.ts'
import { rulesFor } from '../../spec/rules.ts'

/** Record types that take `me`: what the record of the login must be. */
export const ME: Readonly<Record<string, string | undefined>> = {
  ENTITY: undefined,
  EMPLOYEE: 'employee',
  CUSTOMER: 'customer',
  VENDOR: 'vendor',
  PARTNER: 'partner',
}

/** Record types that take `mine`, and the field that says it. */
export const MINE: Readonly<Record<string, string>> = {
  CLASSIFICATION: 'class',
  CLASS: 'class',
  DEPARTMENT: 'department',
  LOCATION: 'location',
  SUBSIDIARY: 'subsidiary',
}

/** Ids as a JSON array; none where the login is no entity, or belongs to nothing of the kind. */
export function namedGroup(account: Account, type: string, user: string | null): string {
  const entity = user === null ? undefined : entityOf(account, user)
  if (Object.hasOwn(ME, type)) {
    const wanted = ME[type]
    const isOne = entity !== undefined && (wanted === undefined || entity.type === wanted)
    return JSON.stringify(isOne ? [entity.id] : [])
  }
  const value = entity?.body[MINE[type]!]
  const references = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as { id: string }[]
  return JSON.stringify(references.map(({ id }) => Number(id)))
}

function entityOf({ store, catalogue }: Account, user: string): StoredRecord | undefined {
  const known =
    store.getByExternalId('entity', user) ??
    (/^\d{1,15}$/.test(user) ? store.get('entity', Number(user)) : undefined)
  if (known !== undefined) return known
  const types = catalogue.types.filter((type) => rulesFor(type).kind === 'entity')
  for (const { name } of types)
    for (const record of store.page(name, 0, ENTITIES_MAX))
      if ([record.body.entityId, record.body.email].includes(user)) return record
  return undefined
}

/** Of one type, looked through for a login's name. */
const ENTITIES_MAX = 10_000
