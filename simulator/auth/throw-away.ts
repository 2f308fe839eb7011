/** The integration of an account whose profile names none: credentials that follow from the seed and open nothing else. */
import { createPublicKey } from 'node:crypto'
import type { Rng } from '../../kernel/rng.ts'
import type { OAuth2Credentials } from '../../protocol/assertion.ts'
import { ecKeyOf } from './oauth2/keys.ts'
import type { Integration } from './registry.ts'

/** Secrets in Oracle's examples are 64 hexadecimal characters. [AUT-002] */
const SECRET_LENGTH = 64

export function throwAwayIntegration(rng: Rng): {
  readonly integration: Integration
  readonly oauth2: OAuth2Credentials
} {
  const secret = (): string => rng.hex(SECRET_LENGTH)
  const consumerKey = secret()
  const consumerSecret = secret()
  const tokens = [{ tokenId: secret(), tokenSecret: secret() }]
  const key = ecKeyOf(rng.fork('client key'))
  const certificateId = rng.fork('certificate').hex(43)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
  const certificates = [{ id: certificateId, publicKey }]
  return {
    integration: { name: 'seatrial', consumerKey, consumerSecret, tokens, oauth2: { certificates } },
    oauth2: {
      clientId: consumerKey,
      certificateId,
      privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    },
  }
}
