/**
 * The roles of an account, as its profile gives them. A permission is a level on a record type, on a group of types or on
 * `*`; the narrowest row wins, no row means none. [AUT-004, AUT-046, REC-060]
 */
import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { AppError } from '../../kernel/error.ts'
import type { Catalogue, RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { ADMINISTRATOR, LEVELS, type Level, type Role, SPECIAL_PERMISSIONS } from './principal.ts'

const levelSchema = z.enum(['none', ...LEVELS])
type Grant = z.output<typeof levelSchema>

export const rolesSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).describe('named by tokens of integrations'),
      permissions: z
        .record(z.string(), levelSchema)
        .default({})
        .describe(
          'record type, group (`transactions`, `entities`, `items`, `lists`, `customRecords`), `*` for all types, ' +
            'or `suiteAnalyticsWorkbook` (lists and queries), `restWebServices`, `logInUsingAccessTokens` ' +
            '→ `none`, `view`, `create`, `edit` or `full`; the narrowest row wins [AUT-004, AUT-046, REC-060]',
        ),
      inactive: z
        .boolean()
        .default(false)
        .describe('nobody logs in with an inactive role [AUT-042, AUT-093]'),
      lockedFields: z
        .record(z.string(), z.array(z.string().min(1)))
        .default({})
        .describe('record type → body fields the role cannot write [REC-118]'),
    }),
  )
  .default([])
  .describe('roles beside Administrator, which every account has')

export type RoleSpec = z.output<typeof rolesSchema>[number]

/** Without these a token of the role would be of no use, so a role has them unless its row says `none`. [AUT-004] */
const GRANTED: Readonly<Record<string, Grant>> = {
  restwebservices: 'full',
  loginusingaccesstokens: 'full',
  loginusingoauth2accesstokens: 'full',
}

const GROUPS = ['transactions', 'entities', 'items', 'lists', 'customRecords'] as const
type Group = (typeof GROUPS)[number]

const GROUPS_OF_KIND: Readonly<Record<string, readonly Group[]>> = {
  transaction: ['transactions'],
  entity: ['entities', 'lists'],
  item: ['items', 'lists'],
  other: ['lists'],
}

/** Groups of a type, narrowest first. Custom records have permissions of their own, apart from lists. */
function groupsOf(type: RecordType): readonly Group[] {
  return type.custom === undefined ? GROUPS_OF_KIND[rulesFor(type).kind]! : ['customRecords']
}

/**
 * Finds a role by its name; no name stands for an administrator's. Names are known to exist: the profile was checked.
 *
 * @throws AppError `E_PROFILE_INVALID` for a permission on a record type that the account does not have
 */
export function createRoles(
  specs: readonly RoleSpec[],
  catalogue: Catalogue,
): (name: string | undefined) => Role {
  const roles = new Map<string, Role>([[ADMINISTRATOR.name, ADMINISTRATOR]])
  specs.forEach((spec, index) => {
    checkNames(spec, index, catalogue)
    roles.set(spec.name, createRole(spec))
  })
  return (name) => (name === undefined ? ADMINISTRATOR : (roles.get(name) ?? ADMINISTRATOR))
}

function createRole({ name, permissions, lockedFields, inactive }: RoleSpec): Role {
  const grants = new Map(Object.entries(permissions).map(([key, level]) => [key.toLowerCase(), level]))
  const locked = new Map(
    Object.entries(lockedFields).map(([type, fields]) => [
      type.toLowerCase(),
      new Set(fields.map((field) => field.toLowerCase())),
    ]),
  )
  const byType = new WeakMap<RecordType, number>()
  const rankFor = (type: RecordType): number => {
    let rank = byType.get(type)
    if (rank === undefined) {
      const keys = [type.name, ...groupsOf(type), '*'].map((key) => key.toLowerCase())
      rank = rankOf(keys.map((key) => grants.get(key)).find((grant) => grant !== undefined))
      byType.set(type, rank)
    }
    return rank
  }
  return {
    name,
    isAdministrator: false,
    allows: (type, level) => rankFor(type) >= rankOf(level),
    holds: (permission, level) => {
      const key = permission.toLowerCase()
      return !inactive && rankOf(grants.get(key) ?? GRANTED[key]) >= rankOf(level)
    },
    lockedFields: (type) => locked.get(type.name.toLowerCase()) ?? NO_FIELDS,
  }
}

const NO_FIELDS: ReadonlySet<string> = new Set()

/** Levels from 1; none is 0. */
function rankOf(grant: Grant | undefined): number {
  return grant === undefined ? 0 : LEVELS.indexOf(grant as Level) + 1
}

function checkNames(spec: RoleSpec, index: number, catalogue: Catalogue): void {
  const types = catalogue.types.map((type) => type.name)
  const known = [...SPECIAL_PERMISSIONS, ...GROUPS, '*', ...types]
  for (const key of Object.keys(spec.permissions)) refuseUnknown(`roles/${index}/permissions`, key, known)
  for (const key of Object.keys(spec.lockedFields)) refuseUnknown(`roles/${index}/lockedFields`, key, types)
}

function refuseUnknown(where: string, key: string, known: readonly string[]): void {
  if (known.some((name) => name.toLowerCase() === key.toLowerCase())) return
  throw new AppError('E_PROFILE_INVALID', `"${key}" is no record type and no permission of this account`, {
    pointer: `/${where}/${key}`,
    mend: `did you mean "${nearest(key, known)}"?`,
  })
}

/** The name that looks most like the one given. */
function nearest(name: string, names: readonly string[]): string {
  const far = (other: string): number => distance(other.toLowerCase(), name.toLowerCase())
  return [...names].sort((a, b) => far(a) - far(b))[0]!
}

interface HasRole {
  readonly role?: string | undefined
}

/** A role of the profile that cannot be used, and where; undefined when all is well. */
export function roleProblem(
  specs: readonly RoleSpec[],
  integrations: readonly {
    readonly tokens: readonly HasRole[]
    readonly oauth2?: { readonly certificates: readonly HasRole[] } | undefined
  }[],
): { readonly message: string; readonly pointer: string; readonly mend: string } | undefined {
  const names = [ADMINISTRATOR.name]
  for (const [index, { name }] of specs.entries()) {
    if (names.includes(name)) {
      const message = `role "${name}" is there twice`
      return { message, pointer: `/roles/${index}/name`, mend: 'give it another name' }
    }
    names.push(name)
  }
  for (const [at, { tokens, oauth2 }] of integrations.entries()) {
    const holders = Object.entries({ tokens, 'oauth2/certificates': oauth2?.certificates ?? [] }).flatMap(
      ([place, list]) => list.map(({ role }, index) => ({ role, place: `${place}/${index}/role` })),
    )
    for (const { role, place } of holders) {
      if (role === undefined || names.includes(role)) continue
      const pointer = `/integrations/${at}/${place}`
      return { message: `unknown role "${role}"`, pointer, mend: `did you mean "${nearest(role, names)}"?` }
    }
  }
  return undefined
}
