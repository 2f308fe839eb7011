/** If these fail, a run reads half an account and calls the rest lost, or cannot say what is wrong with its target. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../kernel/error.ts'
import { type Transport, TransportError } from '../protocol/transport.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { createControlClient, IMPORT_ITEMS_MAX } from './control-client.ts'
import { FakeControl } from './testing/fake-control.ts'

const answering = (answer: Partial<WireResponse>): Transport => ({
  send: async () => ({ status: 200, headers: {}, body: '', ...answer }),
  close: async () => {},
})
const mistakeOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).code).toBe('E_CONTROL')
  expect((error as AppError).details.mend).toBeTruthy()
  return error as AppError
}

describe('the control client', () => {
  it('follows pages to their end', async () => {
    const control = new FakeControl()
    for (let n = 0; n < 5; n++) {
      control.add('customer', { companyName: `c${n}` })
      control.log(n, n + 1)
    }
    const client = createControlClient(control.transport, control.url)
    expect((await client.exportRecords('customer')).map(({ body }) => body.companyName)).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
      'c4',
    ])
    const { entries, total } = await client.journal()
    expect([entries.length, total]).toEqual([5, 5])
  })
  it('takes the address with or without the base path and a final slash', async () => {
    const control = new FakeControl()
    for (const url of [
      control.url,
      `${control.url}/`,
      `${control.url}/_seatrial`,
      `${control.url}/_seatrial/`,
    ]) {
      expect((await createControlClient(control.transport, url).health()).accountId).toBe('TSTDRV1')
    }
  })
  it('sends the token of an account that asks for one, with every call', async () => {
    const control = new FakeControl()
    const seen: (string | undefined)[] = []
    const transport: Transport = {
      ...control.transport,
      send: (request, options) => {
        seen.push(request.headers.authorization)
        return control.transport.send(request, options)
      },
    }
    const client = createControlClient(transport, control.url, 'open-sesame')
    await client.health()
    await client.importRecords('customer', [{ companyName: 'c' }])
    expect(seen).toEqual(['Bearer open-sesame', 'Bearer open-sesame'])
    await createControlClient(transport, control.url).health()
    expect(seen.at(-1)).toBeUndefined()
  })
  it('imports in bounded calls', async () => {
    const control = new FakeControl()
    const client = createControlClient(control.transport, control.url)
    const ids = await client.importRecords(
      'inventoryItem',
      Array.from({ length: IMPORT_ITEMS_MAX + 1 }, (_, n) => ({ itemId: `S${n}` })),
    )
    expect(ids).toHaveLength(IMPORT_ITEMS_MAX + 1)
    expect(control.calls).toEqual(['POST /records/inventoryItem', 'POST /records/inventoryItem'])
  })
  it('installs and removes faults', async () => {
    const control = new FakeControl()
    const client = createControlClient(control.transport, control.url)
    const { id } = await client.installFault({ fault: 'reset-before', id: 'a b' })
    expect(await client.faults()).toHaveLength(1)
    expect(id).toBe('a b')
    await client.removeFault('reset-before')
    expect(await client.faults()).toHaveLength(1)
  })
  it('passes on what the account says is wrong and how to mend it', async () => {
    const control = new FakeControl()
    const mistake = await mistakeOf(createControlClient(control.transport, control.url).reset())
    expect(mistake.message).toMatch(/POST \/_seatrial\/reset was refused with 404: no POST \/reset/)
    expect(mistake.details.mend).toBe('read the manual')
  })
  it('tells strangers, silence and nonsense apart', async () => {
    const stranger = createControlClient(answering({ body: '<html>' }), 'http://x')
    expect((await mistakeOf(stranger.health())).message).toMatch(/something else/)
    const failing = createControlClient(answering({ status: 502, body: '<html>' }), 'http://x')
    expect((await mistakeOf(failing.slots())).message).toMatch(/502: <html>/)
    const silent: Transport = {
      send: () => Promise.reject(new TransportError('E_CONNECTION_REFUSED', 'none', 'refused')),
      close: async () => {},
    }
    const mistake = await mistakeOf(createControlClient(silent, 'http://x').health())
    expect(mistake.message).toMatch(/GET \/_seatrial\/health got no answer: refused/)
    expect(mistake.details.mend).toMatch(/http:\/\/x/)
    const half = createControlClient(answering({ body: '{"items":[{"id":1}],"hasMore":false}' }), 'http://x')
    await mistakeOf(half.exportRecords('customer'))
  })
  it('does not turn round an empty page for ever', async () => {
    const body = '{"items":[],"hasMore":true,"overwritten":0,"total":9}'
    const client = createControlClient(answering({ body }), 'http://x')
    await mistakeOf(client.journal())
    await mistakeOf(client.exportRecords('customer'))
  })
})
