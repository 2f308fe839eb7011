/** Who sends a request: the integration, the user and the role that its token stands for. [AUT-002, AUT-046] */
import type { RecordType } from '../spec/catalogue.ts'

/** Each level includes those before it. */
export const LEVELS = ['view', 'create', 'edit', 'full'] as const
export type Level = (typeof LEVELS)[number]

/** Permissions that are not about one record type. [AUT-004] */
export const SPECIAL_PERMISSIONS = [
  'restWebServices',
  'logInUsingAccessTokens',
  'logInUsingOAuth2AccessTokens',
  'suiteAnalyticsWorkbook',
] as const
export type SpecialPermission = (typeof SPECIAL_PERMISSIONS)[number]

export interface Role {
  readonly name: string
  /** An administrator may do everything. */
  readonly isAdministrator: boolean
  /** Whether the role may do this to records of a type. */
  allows(type: RecordType, level: Level): boolean
  /** Whether the role holds a permission that is not about one record type. */
  holds(permission: SpecialPermission, level: Level): boolean
  /** Lower-case names of body fields that the role cannot write. [REC-118] */
  lockedFields(type: RecordType): ReadonlySet<string>
}

export interface Principal {
  readonly integration: string
  /** Whom the token was issued to. */
  readonly user: string
  readonly role: Role
}

const NONE: ReadonlySet<string> = new Set()

/** The role of an account without roles of its own: everything is allowed. */
export const ADMINISTRATOR: Role = {
  name: 'Administrator',
  isAdministrator: true,
  allows: () => true,
  holds: () => true,
  lockedFields: () => NONE,
}
