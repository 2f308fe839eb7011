/** Takes secrets out of what a run reports, should a target echo them. Nothing else of the report is touched. */
import type { TbaCredentials } from '../protocol/signing.ts'

const HIDDEN = '(hidden)'

/** Signatures differ with every request, so they are known by their name, not by their value. */
const SIGNATURE = /oauth_signature=(\\?")[^"\\]*\1/g

/** A function that copies any value and hides keys, secrets and signatures in all its texts. */
export function createRedactor(credentials: TbaCredentials): <T>(value: T) => T {
  const { consumerKey, consumerSecret, tokenId, tokenSecret } = credentials
  const secrets = [consumerKey, consumerSecret, tokenId, tokenSecret].filter((secret) => secret !== '')
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(value, secrets)
    if (Array.isArray(value)) return value.map(redact)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner)]))
  }
  return (value) => redact(value) as typeof value
}

function redactText(text: string, secrets: readonly string[]): string {
  const plain = secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text)
  return plain.replace(SIGNATURE, `oauth_signature=${HIDDEN}`)
}
