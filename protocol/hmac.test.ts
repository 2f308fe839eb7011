/** If this fails, no signature of ours is one. */
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { hmacBase64, hmacKeyOf } from './hmac.ts'

it.each([0, 1, 63, 64, 65, 129])(
  'is what Node computes, for a key of %d bytes and texts of any length',
  (bytes) => {
    const secret = 'k'.repeat(bytes)
    const key = hmacKeyOf(secret)
    // Long and short in turn: they share a buffer.
    for (const length of [0, 1, 500, 4095, 4096, 4097, 20_000, 3]) {
      const text = 'GET&x%3D'.repeat(2500).slice(0, length)
      expect(hmacBase64(key, text)).toBe(createHmac('sha256', secret).update(text).digest('base64'))
    }
  },
)
