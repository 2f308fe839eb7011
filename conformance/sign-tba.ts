/**
 * Signatures of OAuth 1.0a that are wrong in one named way. The signature itself comes from protocol/signing.ts, except
 * HMAC-SHA1, which that module rightly does not offer. [AUT-020..028]
 */
import { createHash, createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import { createSigner, type TbaCredentials } from '../protocol/signing.ts'
import type { WireRequest } from '../protocol/wire.ts'

export const TBA_VARIANTS = [
  'wrong-consumer-secret',
  'wrong-token-secret',
  'unknown-consumer',
  'unknown-token',
  'timestamp-400s-old',
  'timestamp-400s-ahead',
  'timestamp-200s-old',
  'hmac-sha1',
  'query-left-out',
  'replayed',
] as const

type Way = (request: WireRequest) => WireRequest

export function tbaWays(
  clock: Clock,
  rng: Rng,
  credentials: TbaCredentials,
): Record<(typeof TBA_VARIANTS)[number], Way> {
  const by = (changes: Partial<TbaCredentials>, shiftMs = 0) =>
    createSigner(shifted(clock, shiftMs), rng, { ...credentials, ...changes })
  const valid = by({})
  return {
    replayed: (request) => request,
    'wrong-consumer-secret': by({ consumerSecret: altered(credentials.consumerSecret) }),
    'wrong-token-secret': by({ tokenSecret: altered(credentials.tokenSecret) }),
    'unknown-consumer': by({ consumerKey: altered(credentials.consumerKey) }),
    'unknown-token': by({ tokenId: altered(credentials.tokenId) }),
    'timestamp-400s-old': by({}, -400_000),
    'timestamp-400s-ahead': by({}, 400_000),
    'timestamp-200s-old': by({}, -200_000),
    'hmac-sha1': (request) => signSha1(clock, rng, credentials, request),
    'query-left-out': (request) => ({
      ...valid({ ...request, url: withoutQuery(request.url) }),
      url: request.url,
    }),
  }
}

/** A key or secret of the same look that has nothing to do with the given one. [AUT-002] */
function altered(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function withoutQuery(url: string): string {
  const from = url.indexOf('?')
  return from < 0 ? url : url.slice(0, from)
}

function shifted(clock: Clock, shiftMs: number): Clock {
  if (shiftMs === 0) return clock
  return {
    mode: clock.mode,
    now: () => clock.now() + shiftMs,
    sleep: (ms) => clock.sleep(ms),
    schedule: (ms, fn) => clock.schedule(ms, fn),
  }
}

function signSha1(clock: Clock, rng: Rng, credentials: TbaCredentials, request: WireRequest): WireRequest {
  const oauth = new OAuth({
    consumer: { key: credentials.consumerKey, secret: credentials.consumerSecret },
    realm: credentials.accountId,
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  })
  oauth.getNonce = () => rng.hex(20)
  oauth.getTimeStamp = () => Math.floor(clock.now() / 1000)
  const token = { key: credentials.tokenId, secret: credentials.tokenSecret }
  const { Authorization } = oauth.toHeader(
    oauth.authorize({ url: request.url, method: request.method }, token),
  )
  return { ...request, headers: { ...request.headers, authorization: Authorization } }
}
