/** If this fails, a program that uses the library's client doubles records, loses them, or runs an account over its limit. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type AccountOptions, type Client, createClient, type Outcome } from '../../harness/index.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import type { ProfileInput } from '../../simulator/profile.ts'
import { createTestAccount } from '../../simulator/test-account.ts'

/** Runs `work` with a client on a simulated account; gives what it gave and what the account was asked. */
async function withClient<T>(
  profile: ProfileInput,
  work: (client: Client) => Promise<T>,
): Promise<{ value: T; asked: string[]; counts: Record<string, number> }> {
  const account = createTestAccount({ profile })
  const { clock, simulator } = account
  const inner = createInProcessTransport(clock, simulator.handle)
  const asked: string[] = []
  const { accountId, ...credentials } = simulator.credentials
  const client = createClient({
    account: accountId,
    credentials,
    clock,
    seed: 1,
    transport: {
      ...inner,
      send: (request, options) => {
        asked.push(`${request.method} ${request.url.replace(/.*\/record\/v1/, '')}`)
        return inner.send(request, options)
      },
    },
  })
  try {
    const value = await clock.run(() => work(client))
    const counts: Record<string, number> = {}
    for (const type of ['customer', 'salesOrder', 'inventoryItem']) {
      const { json } = await clock.run(() => account.send('GET', type))
      counts[type] = Number(json.totalResults)
    }
    return { value, asked, counts }
  } finally {
    simulator.close()
  }
}

const once = (fault: Partial<FaultInput> & { fault: 'drop-response' | 'reject' }): ProfileInput => ({
  faults: [{ countMax: 1, ...fault } as FaultInput],
})
const LOST_POST = once({ fault: 'drop-response', match: { methods: ['POST'] } })

describe('the client', () => {
  it('creates a record with an external ID once, though the answer was lost', async () => {
    const { value, asked, counts } = await withClient(LOST_POST, (client) =>
      client.create('customer', { externalId: 'C1', companyName: 'Ada Ltd' }),
    )
    expect(value).toEqual({ kind: 'done', value: { id: expect.stringMatching(/^\d+$/) } })
    expect(asked).toEqual(['POST /customer', 'GET /customer/eid:C1'])
    expect(counts.customer).toBe(1)
  })
  it('never repeats a create without one, and says that it does not know', async () => {
    const { value, asked } = await withClient(LOST_POST, (client) =>
      client.create('customer', { companyName: 'Ada Ltd' }),
    )
    expect(value.kind).toBe('unknown')
    expect(asked).toEqual(['POST /customer'])
  })
  it('repeats a change of fields whose answer was lost, but not one that adds lines', async () => {
    const lost = once({ fault: 'drop-response', match: { methods: ['PATCH'] } })
    const change = async (client: Client, body: object): Promise<Outcome<unknown>> => {
      await client.create('customer', { externalId: 'C1', companyName: 'Ada Ltd' })
      return client.update('customer', 'eid:C1', body)
    }
    const fields = await withClient(lost, (client) => change(client, { comments: 'x' }))
    expect([fields.value.kind, fields.asked.length]).toEqual(['done', 3])
    const line = { addressBook: { items: [{ label: 'quay' }] } }
    const lines = await withClient(lost, (client) => change(client, line))
    expect([lines.value.kind, lines.asked.length]).toEqual(['unknown', 2])
  })
  it('finds out what the account lets it do at once, and everything is done', async () => {
    const profile = { concurrencyLimit: 5, latency: { model: 'lean' as const } }
    const { value, counts } = await withClient(profile, async (client) => {
      const all = Array.from({ length: 200 }, (_, n) =>
        client.create('customer', { externalId: `C${n}`, companyName: `Company ${n}` }),
      )
      const kinds = new Set((await Promise.all(all)).map(({ kind }) => kind))
      return { kinds: [...kinds], limit: client.throttle.limit }
    })
    expect(value.kinds).toEqual(['done'])
    expect(value.limit).toBeGreaterThanOrEqual(4)
    expect(value.limit).toBeLessThanOrEqual(6)
    expect(counts.customer).toBe(200)
  })
  it('tries again while the account is away, waits as long as it is told, and gives up in the end', async () => {
    const away = { fault: 'reject', status: 503, retryAfterSec: 7 } as const
    const passing = await withClient(once(away), (client) => client.get('customer', '999999'))
    expect(passing.value).toMatchObject({ kind: 'refused', cause: 'missing', status: 404 })
    expect(passing.asked).toHaveLength(2)
    const forGood = await withClient({ faults: [{ fault: 'reject', status: 503 }] }, (client) =>
      client.upsert('customer', 'C1', { companyName: 'Ada Ltd' }),
    )
    expect(forGood.value.kind).toBe('unknown')
    expect(forGood.asked.length).toBeGreaterThan(5)
  })
  it('refuses at once what the account refuses for good, in its words', async () => {
    const { value, asked } = await withClient({}, (client) => client.create('customer', {}))
    expect(value).toMatchObject({
      kind: 'refused',
      retry: 'never',
      status: 400,
      detail: expect.stringContaining('Company Name'),
    })
    expect(asked).toHaveLength(1)
  })
  it('finds a record by its external ID, and knows when there is none', async () => {
    const { value } = await withClient({}, async (client) => {
      await client.upsert('customer', 'C1', { companyName: 'Ada Ltd' })
      return [await client.find('customer', 'C1'), await client.find('customer', 'C2')]
    })
    expect(value).toEqual([
      { kind: 'done', value: { id: expect.any(String) } },
      { kind: 'done', value: undefined },
    ])
  })
})

it('addresses the account’s own host, sandboxes too [REC-001, REC-002]', async () => {
  const hosts: string[] = []
  const transport = {
    send: async ({ url }: { url: string }) => {
      hosts.push(new URL(url).host)
      return { status: 200, headers: {}, body: '{"id":"1"}' }
    },
    close: async () => {},
  }
  const credentials = { consumerKey: 'a', consumerSecret: 'b', tokenId: 'c', tokenSecret: 'd' }
  for (const account of ['1234567', '1234567_SB1'])
    await createClient({ account, credentials, transport, seed: 1 }).get('customer', '1')
  expect(hosts).toEqual(['1234567.suitetalk.api.netsuite.com', '1234567-sb1.suitetalk.api.netsuite.com'])
})

it('types calls by record type', () => {
  interface Records {
    customer: { companyName?: string; custentity_tier?: '1' | '2' }
  }
  const typed = (client: Client<Records>): void => {
    client.create('customer', { companyName: 'Ada Ltd', custentity_tier: '2' })
    // @ts-expect-error there is no such tier
    client.create('customer', { custentity_tier: '3' })
    // @ts-expect-error there is no such type
    client.get('invoice', '1')
  }
  expectTypeOf(typed).toBeFunction()
  expectTypeOf<AccountOptions>().toHaveProperty('account')
})
