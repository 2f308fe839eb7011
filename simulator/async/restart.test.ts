/** If these fail, a stop of a file-backed account loses accepted work, or does it twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const JOB = '/services/rest/async/v1/job'
const ASYNC = { prefer: 'respond-async' }
const COLLECTION = 'application/vnd.oracle.resource+json; type=collection'
const TIMED = {
  latency: {
    sigma: 0.5,
    medianMs: { '*.queue': 300, '*.create': 700, '*.submit': 0, '*.poll': 0, '*.get': 0 },
  },
} as const

const folder = mkdtempSync(join(tmpdir(), 'seatrial-async-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** An account in a file that can be killed: the next one opens the file as the last commit left it. */
function mortalAccount() {
  const dbFile = join(folder, `${++files}.db`)
  const lives = [createTestAccount({ profile: TIMED, dbFile })]
  const alive = (): TestAccount => lives.at(-1)!
  return {
    alive,
    /** Nothing is closed or told: the old account's time just never goes on. */
    kill: () => void lives.push(createTestAccount({ profile: TIMED, dbFile, startMs: alive().clock.now() })),
    close() {
      for (const { simulator } of lives) simulator.close()
    },
  }
}

const namesOf = ({ items }: { items?: unknown }): string[] =>
  (items as { body: { companyName: string } }[]).map(({ body }) => body.companyName)

describe('after a stop', () => {
  it('a pending and a running job are taken up again, and a finished one keeps its result', async () => {
    const account = mortalAccount()
    const submit = (companyName: string) => account.alive().send('POST', 'customer', { companyName }, ASYNC)
    await submit('first')
    await account.alive().clock.advance(60_000)
    const before = await account.alive().send('GET', `${JOB}/1/task/1/result`)
    const shown = (await account.alive().send('GET', `${JOB}/1`)).body
    for (const name of ['second', 'third', 'fourth']) await submit(name)
    await account.alive().clock.advance(500)
    const progress = async (id: number) => (await account.alive().send('GET', `${JOB}/${id}`)).json.progress
    expect([await progress(2), await progress(4)]).toEqual(['processing', 'pending'])
    account.kill()
    expect((await account.alive().send('GET', `${JOB}/1`)).body).toBe(shown)
    const after = await account.alive().send('GET', `${JOB}/1/task/1/result`)
    expect([after.status, after.headers.location]).toEqual([204, before.headers.location])
    await account.alive().clock.advance(60_000)
    expect(await Promise.all([2, 3, 4].map(progress))).toEqual(['succeeded', 'succeeded', 'succeeded'])
    account.close()
  })
  it('a key still leads to its job [ASY-074]', async () => {
    const account = mortalAccount()
    const headers = { ...ASYNC, 'x-netsuite-idempotency-key': 'once' }
    const submit = () => account.alive().send('POST', 'customer', { companyName: 'A' }, headers)
    const first = await submit()
    account.kill()
    const again = await account.alive().clock.run(submit)
    expect([again.status, again.headers.location]).toEqual([400, first.headers.location])
    account.close()
  })
  it('a job runs by the role of whoever sent it', async () => {
    const services = { restWebServices: 'full', logInUsingAccessTokens: 'full' } as const
    const token = { tokenId: 'shop-token', tokenSecret: 'shop-token-secret', role: 'clerk' }
    const shop = { name: 'shop', consumerKey: 'shop-key-1', consumerSecret: 'shop-secret', tokens: [token] }
    const profileWith = (permissions: Record<string, 'full' | 'create'>): ProfileInput => ({
      ...TIMED,
      roles: [{ name: 'clerk', permissions }],
      integrations: [shop],
    })
    const dbFile = join(folder, `${++files}.db`)
    const before = createTestAccount({ profile: profileWith({ ...services, customer: 'create' }), dbFile })
    expect((await before.send('POST', 'customer', { companyName: 'A' }, ASYNC)).status).toBe(202)
    const after = createTestAccount({ profile: profileWith(services), dbFile })
    await after.clock.advance(60_000)
    const { status, error } = await after.send('GET', `${JOB}/1/task/1/result`)
    expect([status, error?.['o:errorCode']]).toEqual([403, 'INSUFFICIENT_PERMISSION'])
    before.simulator.close()
    after.simulator.close()
  })
})

describe('whenever an account is killed', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('single' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('batch' as const),
        items: fc.integer({ min: 1, max: 6 }),
        isParallel: fc.boolean(),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('kill' as const) }) },
  )
  it('every accepted record is made exactly once, and every job ends [REC-217, REC-218]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const account = mortalAccount()
        const accepted: string[] = []
        let jobs = 0
        for (const one of steps) {
          const { send, clock } = account.alive()
          if (one.do === 'wait') await clock.advance(one.ms)
          else if (one.do === 'kill') account.kill()
          else {
            const names = Array.from(
              { length: one.do === 'single' ? 1 : one.items },
              (_, n) => `J${jobs}-${n}`,
            )
            const items = names.map((companyName) => ({ companyName }))
            const prefer = `respond-async${one.do === 'batch' && one.isParallel ? ', batch-processing="parallel"' : ''}`
            const { status } =
              one.do === 'single'
                ? await send('POST', 'customer', items[0], { prefer })
                : await send('POST', 'customer', { items }, { prefer, 'content-type': COLLECTION })
            expect(status).toBe(202)
            jobs++
            accepted.push(...names)
          }
        }
        const { send, clock } = account.alive()
        await clock.advance(3_600_000)
        expect(namesOf((await send('GET', '/_seatrial/records/customer')).json).sort()).toEqual(
          accepted.sort(),
        )
        for (let job = 1; job <= jobs; job++) {
          const { completed, progress } = (await send('GET', `${JOB}/${job}`)).json
          expect([completed, progress]).toEqual([true, 'succeeded'])
        }
        account.close()
      }),
      { seed: 1, numRuns: 30 },
    )
  })
})
