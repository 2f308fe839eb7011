/** The long run: npm run test:long. If this fails, one request in many thousands breaks the account, or each costs a little memory for good. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createFuzz } from './drive.ts'

const REQUESTS = 200_000
/** Until caches and compiled code have the size they keep. */
const WARM_UP = 40_000
const FOUND_SHOWN_MAX = 20
/** What a heap of this size breathes between two collections; a leak of 200 bytes a request would show. */
const GROWTH_BYTES_MAX = 32 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapBytes(): number {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe(`${REQUESTS} malformed requests`, () => {
  it('do no harm and leave nothing behind', { timeout: 1_800_000 }, async () => {
    const fuzz = createFuzz(process.env.SEATRIAL_FUZZ ?? 'long')
    const first = await fuzz.drive(1, WARM_UP)
    await fuzz.reset()
    const before = heapBytes()
    const second = await fuzz.drive(WARM_UP + 1, REQUESTS - WARM_UP)
    await fuzz.reset()
    const grown = heapBytes() - before
    fuzz.close()
    const found = [...first.found, ...second.found]
    expect(found.slice(0, FOUND_SHOWN_MAX).join('\n'), `${found.length} found`).toBe('')
    expect(grown, `${before} bytes before`).toBeLessThan(GROWTH_BYTES_MAX)
  })
})
