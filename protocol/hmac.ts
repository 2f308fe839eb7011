/**
 * HMAC-SHA256 [RFC 2104] over one-shot hashes, for signatures of OAuth 1.0a on both sides. A native Hmac object per request
 * would cost more to make and to collect than to compute. Checked against Node's own in hmac.test.ts.
 */
import { hash } from 'node:crypto'

/** Both halves of a key, padded and masked once, each with room behind it for what is hashed. */
export interface HmacKey {
  readonly inner: Buffer
  readonly outer: Buffer
}

const SHA256_BLOCK_BYTES = 64
const SHA256_BYTES = 32
/** A base string is under a kilobyte unless the query is long; longer ones get a buffer of their own. */
const MESSAGE_ROOM_BYTES = 4096

export function hmacKeyOf(secret: string): HmacKey {
  const bytes = Buffer.from(secret, 'utf8')
  const block = Buffer.alloc(SHA256_BLOCK_BYTES)
  const short = bytes.length > SHA256_BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes
  short.copy(block)
  const masked = (mask: number, room: number): Buffer =>
    Buffer.concat([block.map((byte) => byte ^ mask), Buffer.alloc(room)])
  return { inner: masked(0x36, MESSAGE_ROOM_BYTES), outer: masked(0x5c, SHA256_BYTES) }
}

/** The code of a text of one byte a character, as percent-encoded text is; in Base64. */
export function hmacBase64({ inner, outer }: HmacKey, text: string): string {
  const length = SHA256_BLOCK_BYTES + text.length
  const message = length <= inner.length ? inner : Buffer.concat([inner, Buffer.alloc(text.length)])
  message.write(text, SHA256_BLOCK_BYTES, 'latin1')
  // As text: a digest in a buffer of its own costs more than the hash.
  outer.write(hash('sha256', message.subarray(0, length), 'binary'), SHA256_BLOCK_BYTES, 'latin1')
  return hash('sha256', outer, 'base64')
}
