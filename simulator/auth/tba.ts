/**
 * Token-based authentication, the account's side: OAuth 1.0a with HMAC-SHA256, checked in full. [AUT-020..031]
 * Every failure looks the same on the wire; the reason goes to the Login Audit Trail. [AUT-041, AUT-042]
 */
import type { Clock } from '../../kernel/clock.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { LoginAttempt } from '../api-fault.ts'
import type { Principal } from '../permissions/principal.ts'
import { isRestlet, type LoginFaults, type LoginReason } from './login-fault.ts'
import type { KnownIntegration, KnownToken, Registry } from './registry.ts'
import { parseAuthorization, signatureFits } from './signature.ts'

export interface TbaVerifier {
  /** Checks one request; throws the 401 of AUT-040. A nonce counts as used once its signature was right. */
  verify(request: WireRequest): Principal
  /** The integration a request claims to be from, unchecked: for fault scopes and the journal. */
  claimedIntegration(header: string): string | undefined
  /** Forgets used nonces. */
  reset(): void
}

/** Allowed distance between the client's clock and the account's. [AUT-028] */
export const TIMESTAMP_SKEW_SEC = 300
/** A nonce must be remembered as long as its timestamp could still be accepted: from five minutes ahead to five behind. */
const NONCE_MEMORY_MIN = (2 * TIMESTAMP_SKEW_SEC) / 60 + 1
/** [AUT-027] */
const NONCE_LENGTH_MIN = 6
/** Longer nonces are kept as they came. */
const NONCE_ROOM_BYTES = 256

const CONSUMER_KEY = 'oauth_consumer_key="'

export interface TbaParts {
  readonly clock: Clock
  /** As the realm has it: upper case, underscore. [AUT-008] */
  readonly accountId: string
  readonly registry: Registry
  readonly loginFaults: LoginFaults
  /** Whether the account has the feature Token-based Authentication. [AUT-042] */
  readonly isEnabled: boolean
}

export function createTbaVerifier(parts: TbaParts): TbaVerifier {
  const { clock, accountId, registry, loginFaults, isEnabled } = parts
  const nonces = createNonceMemory()

  const verify = (request: WireRequest): Principal => {
    const fail = (reason: LoginReason, attempt?: LoginAttempt): never => {
      throw loginFaults.refuse(reason, attempt)
    }
    if (!isEnabled) return fail('FeatureDisabled')
    const header = request.headers.authorization
    if (header === undefined) return fail('MissingTokenPassportRequiredFields')
    const oauth = parseAuthorization(header)
    if (typeof oauth === 'string') return fail(oauth)
    const { consumerKey, token: tokenId, nonce, timestamp, signature, version } = oauth
    if (!consumerKey || !tokenId || !nonce || !timestamp || !signature)
      return fail('MissingTokenPassportRequiredFields')
    if (oauth.signatureMethod !== 'HMAC-SHA256') return fail('UnknownAlgorithm')
    if (version !== undefined && version !== '1.0') return fail('VersionRejected')
    const consumer = registry.byConsumerKey(consumerKey)
    if (consumer === undefined) return fail('consumer_key_unknown')
    const token = consumer.tokens.get(tokenId)
    if (token === undefined) return fail('token_rejected', { integration: consumer.name })
    if (oauth.realm !== accountId) return fail('token_rejected', attemptOf(token))
    if (nonce.length < NONCE_LENGTH_MIN)
      return fail(isRestlet(request.url) ? 'nonce_rejected' : 'parameter_rejected', attemptOf(token))
    const sentSec = Number(timestamp)
    const nowMs = clock.now()
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Math.floor(nowMs / 1000) - sentSec) > TIMESTAMP_SKEW_SEC)
      return fail('InvalidTimestamp', attemptOf(token))
    if (!signatureFits(request, oauth, token.key, signature))
      return fail('InvalidSignature', attemptOf(token))
    if (!nonces.use(token.tokenId, sentSec, nonce))
      return fail(isRestlet(request.url) ? 'nonce_used' : 'NonceUsed', attemptOf(token))
    const refusal = refusalOf(consumer, token, nowMs)
    if (refusal !== undefined) return fail(refusal, attemptOf(token))
    return token.principal
  }
  const claimedIntegration = (header: string): string | undefined => {
    const at = header.indexOf(CONSUMER_KEY)
    if (at < 0) return undefined
    const start = at + CONSUMER_KEY.length
    return registry.byConsumerKey(header.slice(start, header.indexOf('"', start)))?.name
  }
  return { verify, claimedIntegration, reset: nonces.reset }
}

/** Why a request that proved its secrets is let in no more. [AUT-004, AUT-042, AUT-043] */
function refusalOf(
  { isBlocked }: KnownIntegration,
  { isRevoked, user, principal }: KnownToken,
  nowMs: number,
): LoginReason | undefined {
  if (isBlocked) return 'consumer_key_refused'
  if (isRevoked) return 'token_rejected'
  if (user.isInactive || !principal.role.holds('logInUsingAccessTokens', 'full')) return 'permission_denied'
  return user.lockedUntilMs > nowMs ? 'temporary_locked' : undefined
}

function attemptOf({ name, principal }: KnownToken): LoginAttempt {
  const { integration, user, role } = principal
  return { integration, token: name, user, role: role.name }
}

/**
 * Remembers used nonces by the minute of their timestamp and by token, and forgets a minute when its timestamps are no longer
 * accepted, so that memory follows the traffic of ten minutes.
 */
function createNonceMemory() {
  const minutes = new Map<number, Map<string, Set<string>>>()
  const scratch = Buffer.alloc(NONCE_ROOM_BYTES)
  let newest = 0
  const minuteOf = (minute: number): Map<string, Set<string>> => {
    let used = minutes.get(minute)
    if (used === undefined) {
      used = new Map()
      minutes.set(minute, used)
      newest = Math.max(newest, minute)
      for (const known of minutes.keys()) if (known < newest - NONCE_MEMORY_MIN) minutes.delete(known)
    }
    return used
  }
  return {
    /** False when this token has used the nonce with this timestamp before. */
    use(tokenId: string, sentSec: number, nonce: string): boolean {
      const byToken = minuteOf(Math.floor(sentSec / 60))
      let used = byToken.get(tokenId)
      if (used === undefined) {
        used = new Set()
        byToken.set(tokenId, used)
      }
      const size = used.size
      // A copy: what is cut out of a header keeps the whole header in memory, eight times as much.
      const text = `${sentSec % 60} ${nonce}`
      const copy = scratch.toString('utf8', 0, scratch.write(text))
      return used.add(copy.length === text.length ? copy : text).size > size
    },
    reset: () => minutes.clear(),
  }
}
