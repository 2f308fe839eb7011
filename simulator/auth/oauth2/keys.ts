/**
 * Key pairs that follow from a seed, so that equal seeds give equal tokens: Node can only make keys from the machine's
 * entropy. They are worth nothing outside one simulated account; never use this for a secret that matters. [AUT-094, AUT-095]
 */
import { checkPrimeSync, createECDH, createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Rng } from '../../../kernel/rng.ts'

const RSA_BITS = 2048
const EXPONENT = 65_537n
/** Trial division first: it spares nine of ten tests of a number of a thousand bits. */
/** Made when a key is first drawn: most runs draw none. */
let smallPrimes: readonly bigint[] | undefined

/** An RSA key of 2048 bits. Takes some hundred milliseconds. */
export function rsaKeyOf(rng: Rng): KeyObject {
  const p = primeOf(rng, RSA_BITS / 2)
  let q = primeOf(rng, RSA_BITS / 2)
  while (q === p) q = primeOf(rng, RSA_BITS / 2)
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n))
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const key = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, base64url(value)]))
  return createPrivateKey({ key: { kty: 'RSA', ...key } as JsonWebKey, format: 'jwk' })
}

/** A key on the curve P-256. */
export function ecKeyOf(rng: Rng): KeyObject {
  // Below 2^255 and above 2^251: always inside the order of the curve.
  const secret = Buffer.from(`7${rng.hex(63)}`, 'hex')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(secret)
  const point = pair.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const key = { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: secret.toString('base64url') }
  return createPrivateKey({ key, format: 'jwk' })
}

/** An odd prime whose two highest bits are set, so that a product of two has all its bits, and that suits the exponent. */
function primeOf(rng: Rng, bits: number): bigint {
  const top = 3n << BigInt(bits - 2)
  smallPrimes ??= primesBelow(2000)
  let candidate = BigInt(`0x${rng.hex(bits / 4)}`) | top | 1n
  for (; ; candidate += 2n) {
    if (smallPrimes.some((prime) => candidate % prime === 0n)) continue
    if (candidate % EXPONENT !== 1n && checkPrimeSync(candidate)) return candidate
  }
}

function primesBelow(limit: number): bigint[] {
  const primes: number[] = []
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes.map(BigInt)
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [oldR, r, oldS, s] = [value % modulus, modulus, 1n, 0n]
  while (r !== 0n) {
    const quotient = oldR / r
    ;[oldR, r] = [r, oldR - quotient * r]
    ;[oldS, s] = [s, oldS - quotient * s]
  }
  return ((oldS % modulus) + modulus) % modulus
}

function base64url(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}
