/**
 * How the product's own clients log in to a simulated account of theirs. The first integration of the profile is the one they
 * stand for; it gets throw-away credentials beside its own, of the kinds that it and the account allow.
 */
import { createPublicKey } from 'node:crypto'
import type { RestrictedRole } from '../conformance/index.ts'
import { AppError } from '../kernel/error.ts'
import type { Rng } from '../kernel/rng.ts'
import type { Credentials } from '../protocol/login.ts'
import { ecKeyOf } from '../simulator/auth/oauth2/keys.ts'
import type { IntegrationSpec } from '../simulator/auth/options.ts'
import { type Profile, profileSchema } from '../simulator/profile.ts'

export const LOGIN_KINDS = ['tba', 'oauth2'] as const
export type LoginKind = (typeof LOGIN_KINDS)[number]

interface OwnLogin {
  readonly credentials: Credentials
  readonly restrictedRole?: RestrictedRole | undefined
}

export interface OwnLogins {
  /** The profile with the credentials in it. */
  readonly profile: Profile
  /** Absent where the account or the integration has none of the kind. */
  readonly tba?: OwnLogin | undefined
  readonly oauth2?: OwnLogin | undefined
}

/** As in Oracle's examples. [AUT-002] */
const SECRET_LENGTH = 64
/** [AUT-066] */
const CERTIFICATES_MAX = 5

/** `withRole`: also credentials of a role that may view customers and no more, for the cases that need one. */
export function withOwnLogins(profile: Profile, rng: Rng, withRole: boolean): OwnLogins {
  const secret = (): string => rng.hex(SECRET_LENGTH)
  const role = { name: `Seatrial ${rng.hex(8)}`, permissions: { customer: 'view' } }
  const second = { tokenId: secret(), tokenSecret: secret() }
  const [first, ...others] = profile.integrations
  const integration: IntegrationSpec = first ?? {
    name: 'seatrial',
    consumerKey: secret(),
    consumerSecret: secret(),
    tokens: [{ tokenId: secret(), tokenSecret: secret() }],
    oauth2: {},
  }
  const { consumerKey, consumerSecret, tokens = [], oauth2 } = integration
  const certificates = [
    certificate(rng.fork('certificate')),
    certificate(rng.fork('certificate of the role')),
  ] as const
  const takesTokens = profile.features.tokenBasedAuthentication && tokens.length > 0
  const takesCertificates = profile.features.oauth2 && hasRoomFor(withRole ? 2 : 1, oauth2)
  const clientId = oauth2?.clientId ?? consumerKey
  const own: IntegrationSpec = {
    ...integration,
    ...(takesTokens && withRole && { tokens: [...tokens, { ...second, role: role.name }] }),
    ...(takesCertificates && {
      oauth2: {
        ...oauth2,
        certificates: [
          ...(oauth2?.certificates ?? []),
          certificates[0].mapped,
          ...(withRole ? [{ ...certificates[1].mapped, role: role.name }] : []),
        ],
      },
    }),
  }
  const roles = withRole ? [...profile.roles, role] : profile.roles
  const { accountId } = profile
  const [{ tokenId, tokenSecret } = second] = tokens
  return {
    profile: profileSchema.parse({ ...profile, roles, integrations: [own, ...others] }),
    ...(takesTokens && {
      tba: {
        credentials: { accountId, consumerKey, consumerSecret, tokenId, tokenSecret },
        restrictedRole: withRole ? second : undefined,
      },
    }),
    ...(takesCertificates && {
      oauth2: {
        credentials: { clientId, ...certificates[0].held },
        restrictedRole: withRole ? certificates[1].held : undefined,
      },
    }),
  }
}

/** The kind asked for, else the first there is. Throws `E_LOGIN_MISSING`. */
export function chooseLogin(own: OwnLogins, asked: LoginKind | undefined): LoginKind {
  const chosen = asked ?? LOGIN_KINDS.find((kind) => own[kind] !== undefined)
  if (chosen !== undefined && own[chosen] !== undefined) return chosen
  const name = own.profile.integrations[0]!.name
  throw new AppError(
    'E_LOGIN_MISSING',
    `nobody can log in as integration "${name}"${asked === undefined ? '' : ` by ${asked}`}`,
    {
      expected: 'a token, or oauth2 with the grant client_credentials and the scope rest_webservices',
      mend: 'add one of them to the first integration of the profile, or leave integrations out',
    },
  )
}

/** Whether an integration takes certificates, and so many more. */
function hasRoomFor(count: number, oauth2: IntegrationSpec['oauth2']): boolean {
  if (oauth2 === undefined) return false
  const { certificates = [], grants = ['client_credentials'], scopes = ['rest_webservices'] } = oauth2
  const active = certificates.filter(({ revoked }) => revoked !== true).length
  return (
    grants.includes('client_credentials') &&
    scopes.includes('rest_webservices') &&
    active + count <= CERTIFICATES_MAX
  )
}

/** A certificate, as the account maps it and as its owner holds it. */
function certificate(rng: Rng) {
  const key = ecKeyOf(rng.fork('key'))
  const certificateId = rng.fork('id').hex(43)
  return {
    mapped: {
      id: certificateId,
      publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
    },
    held: { certificateId, privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string },
  }
}
