/**
 * Compact JWS as the account reads and writes it: strict parsing, and signatures at once, without promises, so that
 * virtual time stands while they are checked. Clients sign with `jose`; two implementations check each other. [AUT-061, AUT-094]
 */
import { constants, type KeyObject, sign, verify } from 'node:crypto'

export interface Jws {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What the signature is over. */
  readonly signed: string
  readonly signature: Buffer
}

interface Algorithm {
  readonly hash: string
  /** Curve of an EC key; without one, RSA with PSS. */
  readonly curve?: string
}

/** What assertions may be signed with. [AUT-061] */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  PS256: { hash: 'sha256' },
  PS384: { hash: 'sha384' },
  PS512: { hash: 'sha512' },
  ES256: { hash: 'sha256', curve: 'prime256v1' },
  ES384: { hash: 'sha384', curve: 'secp384r1' },
  ES512: { hash: 'sha512', curve: 'secp521r1' },
}

export function isAssertionAlgorithm(name: unknown): name is string {
  return typeof name === 'string' && Object.hasOwn(ALGORITHMS, name)
}

/** Takes a compact JWS apart; undefined where it is none. Of each part only the canonical encoding is taken. */
export function parseJws(text: string): Jws | undefined {
  const parts = text.split('.')
  if (parts.length !== 3) return undefined
  const header = jsonObject(parts[0]!)
  const claims = jsonObject(parts[1]!)
  const signature = bytesOf(parts[2]!)
  if (header === undefined || claims === undefined || signature === undefined) return undefined
  return { header, claims, signed: `${parts[0]}.${parts[1]}`, signature }
}

/** Whether the signature is that of the key, by an algorithm that fits the key. */
export function jwsFits({ signed, signature }: Jws, name: string, key: KeyObject): boolean {
  const { hash, curve } = ALGORITHMS[name]!
  const data = Buffer.from(signed)
  if (curve !== undefined) {
    if (key.asymmetricKeyDetails?.namedCurve !== curve) return false
    return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }
  if (key.asymmetricKeyType !== 'rsa') return false
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify(hash, data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature)
}

/** Signs with RS256, as the samples of access tokens are; its signatures follow from the key. [AUT-094] */
export function signRs256(header: object, claims: object, key: KeyObject): string {
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

export function rs256Fits({ signed, signature }: Jws, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(signed), key, signature)
}

function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytesOf(text)?.toString('utf8') ?? '')
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
