/**
 * The OAuth 2.0 side of an integration record: its client id, what is ticked on it, and the certificates mapped to an
 * entity and a role. Keys are read once, at the start. [AUT-062, AUT-066, AUT-067]
 */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Principal, Role } from '../../permissions/principal.ts'
import type { Grant, IntegrationSpec, Scope } from '../options.ts'
import type { KnownUser } from '../registry.ts'

export interface KnownCertificate {
  readonly id: string
  readonly key: KeyObject
  readonly principal: Principal
  readonly user: KnownUser
  /** Milliseconds since the epoch; infinity for a bare key. */
  readonly validUntilMs: number
  isRevoked: boolean
}

export interface OAuth2Client {
  readonly clientId: string
  readonly clientSecret: string
  readonly isPublic: boolean
  readonly grants: readonly Grant[]
  readonly scopes: readonly Scope[]
  readonly redirectUris: readonly string[]
  readonly certificates: ReadonlyMap<string, KnownCertificate>
}

/** [AUT-066] */
const CERTIFICATES_MAX = 5
/** Bits of RSA keys, names of curves. [AUT-067] */
const RSA_BITS = [3072, 4096]
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']

export function oauth2ClientOf(
  { name, consumerKey, consumerSecret, oauth2 }: IntegrationSpec,
  userNamed: (name: string) => KnownUser,
  roleNamed: (name: string | undefined) => Role,
): OAuth2Client | undefined {
  if (oauth2 === undefined) return undefined
  const certificates = (oauth2.certificates ?? []).map((one): [string, KnownCertificate] => {
    const user = userNamed(one.user ?? name)
    const ends = [endOfCertificate(one.publicKey), Date.parse(one.validUntil ?? '')]
    return [
      one.id,
      {
        id: one.id,
        key: createPublicKey(one.publicKey),
        principal: { integration: name, user: user.name, role: roleNamed(one.role) },
        user,
        validUntilMs: Math.min(...ends.filter((end) => !Number.isNaN(end))),
        isRevoked: one.revoked ?? false,
      },
    ]
  })
  return {
    clientId: oauth2.clientId ?? consumerKey,
    clientSecret: oauth2.clientSecret ?? consumerSecret,
    isPublic: oauth2.public ?? false,
    grants: oauth2.grants ?? ['client_credentials', 'authorization_code'],
    scopes: oauth2.scopes ?? ['restlets', 'rest_webservices', 'suite_analytics'],
    redirectUris: oauth2.redirectUris ?? [],
    certificates: new Map(certificates),
  }
}

function endOfCertificate(pem: string): number {
  return pem.includes('-----BEGIN CERTIFICATE') ? Date.parse(new X509Certificate(pem).validTo) : Number.NaN
}

interface Problem {
  readonly message: string
  readonly pointer: string
  readonly mend: string
}

/** A certificate of the profile that the account would not take, and where; undefined when all is well. [AUT-066, AUT-067] */
export function certificateProblem(integrations: readonly IntegrationSpec[]): Problem | undefined {
  const ids = new Set<string>()
  for (const [at, { oauth2 }] of integrations.entries()) {
    const certificates = oauth2?.certificates ?? []
    const place = `/integrations/${at}/oauth2/certificates`
    if (certificates.filter(({ revoked }) => revoked !== true).length > CERTIFICATES_MAX) {
      const message = `more than ${CERTIFICATES_MAX} active certificates of one integration [AUT-066]`
      return { message, pointer: place, mend: 'revoke some of them' }
    }
    for (const [index, { id, publicKey }] of certificates.entries()) {
      if (ids.has(id)) {
        const message = `certificate id "${id}" is there twice`
        return { message, pointer: `${place}/${index}/id`, mend: 'give it another id' }
      }
      ids.add(id)
      const problem = keyProblem(publicKey)
      if (problem !== undefined)
        return {
          message: problem,
          pointer: `${place}/${index}/publicKey`,
          mend: 'make one with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 700',
        }
    }
  }
  return undefined
}

function keyProblem(pem: string): string | undefined {
  let key: KeyObject
  try {
    if (pem.includes('PRIVATE KEY')) return 'is a private key; the account holds public ones only'
    key = createPublicKey(pem)
  } catch {
    return 'is no PEM of a certificate or public key'
  }
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const fits =
    key.asymmetricKeyType === 'rsa' ? RSA_BITS.includes(modulusLength) : CURVES.includes(namedCurve)
  return fits ? undefined : 'is neither RSA of 3072 or 4096 bits nor EC of 256, 384 or 521 [AUT-067]'
}
