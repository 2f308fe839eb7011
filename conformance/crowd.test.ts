/** If these fail, a target is blamed for a limit that the suite never reached, or is sent more at once than its file allows. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { WireResponse } from '../protocol/wire.ts'
import type { ConformanceCase } from './case.ts'
import { runConformance } from './runner.ts'
import type { Target } from './target.ts'

const secret = (digit: string): string => digit.repeat(64)
const target: Target = {
  name: 'a fake',
  baseUrl: 'https://1234567-sb1.suitetalk.api.netsuite.com',
  accountId: '1234567_SB1',
  accountType: 'sandbox',
  allowWrites: false,
  parallelMax: 100,
  credentials: {
    accountId: '1234567_SB1',
    consumerKey: secret('1'),
    consumerSecret: secret('2'),
    tokenId: secret('3'),
    tokenSecret: secret('4'),
  },
  extraFields: {},
}
const CROWD: ConformanceCase = {
  id: 'governance.example',
  title: 'an example of a crowd',
  level: 'must',
  evidence: 'documented',
  source: { ref: 'GOV-016', says: 'over the limit: 429' },
  needs: ['concurrency'],
  steps: [
    {
      send: { GET: '/services/rest/record/v1/customer/1', parallel: 'over-limit' },
      outcomes: [{ status: 404 }, { status: 429, min: 1 }],
    },
  ],
}

interface Fake {
  /** What `governanceLimits` answers. */
  readonly limits?: WireResponse
  readonly slots: number
  readonly takesMs: number
  readonly parallelMax?: number
  /** Instead of 429. */
  readonly refusal?: number
}

const telling = (body: object): WireResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) })

/** The case on an account with so many slots; gives its row and how many requests the account saw. */
async function run({ limits, slots, takesMs, parallelMax = 100, refusal = 429 }: Fake) {
  const clock = new VirtualClock()
  let [inUse, seen] = [0, 0]
  const transport = {
    async send({ url }: { url: string }): Promise<WireResponse> {
      if (url.endsWith('/governanceLimits')) return limits ?? { status: 403, headers: {}, body: '' }
      seen++
      if (inUse >= slots) return { status: refusal, headers: {}, body: '' }
      inUse++
      await clock.sleep(takesMs)
      inUse--
      return { status: 404, headers: {}, body: '' }
    },
    close: async () => {},
  }
  const asked = { ...target, parallelMax }
  const suite = { clock, rng: createRng(7), transport, target: asked, cases: [CROWD], version: '0.0.0' }
  const [row] = (await clock.run(() => runConformance(suite))).cases
  return { row: row!, seen }
}

describe('a crowd', () => {
  it.each([
    ['the account', { accountConcurrencyLimit: 15, accountUnallocatedConcurrencyLimit: 15 }, 15, 30],
    ['what is left of it', { accountConcurrencyLimit: 15, accountUnallocatedConcurrencyLimit: 9 }, 9, 18],
    ['the integration', { accountConcurrencyLimit: 15, integrationConcurrencyLimit: 2 }, 2, 7],
  ])('is twice the limit of %s, at least five more [GOV-012]', async (_, limits, slots, sent) => {
    const { row, seen } = await run({ limits: telling(limits), slots, takesMs: 100 })
    expect([row.status, seen]).toEqual(['pass', sent])
  })
  it('is sixty where the account does not tell its limit', async () => {
    const { row, seen } = await run({ slots: 15, takesMs: 100 })
    expect([row.status, seen]).toEqual(['pass', 60])
  })
  it('is never more than the target file allows', async () => {
    const limits = telling({ accountConcurrencyLimit: 70 })
    expect(await run({ limits, slots: 70, takesMs: 100 })).toMatchObject({
      row: { status: 'pass' },
      seen: 100,
    })
    const tooFew = await run({ limits, slots: 70, takesMs: 100, parallelMax: 20 })
    expect(tooFew).toMatchObject({
      row: {
        status: 'skip',
        reason: 'needs 75 requests at once; the target file allows 20 (parallelMax)',
      },
      seen: 0,
    })
  })
  it('is no test of an account that answers too fast to fill its slots', async () => {
    const { row } = await run({ slots: Number.POSITIVE_INFINITY, takesMs: 5 })
    expect(row).toMatchObject({
      status: 'skip',
      reason: 'the target answers in 5 ms, too fast for 60 requests to fill its slots',
    })
  })
  it('fails an account that takes its time and refuses nobody, or refuses in another way', async () => {
    expect((await run({ slots: Number.POSITIVE_INFINITY, takesMs: 150 })).row.status).toBe('fail')
    expect((await run({ slots: 15, takesMs: 5, refusal: 503 })).row.status).toBe('fail')
  })
})
