/** If these fail, a client reads errors of another shape here than from NetSuite. Bodies to the letter. */
import { describe, expect, it } from 'vitest'
import { createTestAccount } from '../test-account.ts'

const HEAD_400 =
  '{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1","title":"Bad Request","status":400,"o:errorDetails":'
const HEAD_404 =
  '{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5","title":"Not Found","status":404,"o:errorDetails":'

const orderOf = (item: string, customer: string) => ({
  entity: { id: customer },
  item: { items: [{ item: { id: item }, quantity: 1 }] },
})

describe('a reference to nothing', () => {
  it('is refused in the words of real answers, with the line as its place [REC-E17, REC-253, GOV-018]', async () => {
    const { send, create } = createTestAccount()
    const customer = await create('customer', { companyName: 'Acme' })
    expect((await send('POST', 'salesOrder', orderOf('9999', customer))).body).toBe(
      HEAD_400 +
        '[{"detail":"Error while accessing a resource. You have entered an Invalid Field Value 9999 for the following field: item.",' +
        '"o:errorCode":"USER_ERROR","o:errorPath":"item.items[0]"}]}',
    )
  })
  it('or in those of the help, with the field as its place, as the profile says [REC-E16]', async () => {
    const { send, create } = createTestAccount({
      profile: { settings: { invalidReference: 'documented' } },
    })
    const customer = await create('customer', { companyName: 'Acme' })
    expect((await send('POST', 'salesOrder', orderOf('9999', customer))).body).toBe(
      HEAD_400 +
        '[{"detail":"Error while accessing resource: You have entered an Invalid Field Value 9999 for the following field: item",' +
        '"o:errorCode":"INVALID_CONTENT","o:errorPath":"item.items[0].item"}]}',
    )
  })
})

describe('an id', () => {
  it('of nothing, and one that is none [REC-E02, REC-E05, REC-253]', async () => {
    const { send } = createTestAccount()
    expect((await send('GET', 'customer/7')).body).toBe(
      HEAD_404 +
        '[{"detail":"The record instance does not exist. Provide a valid record instance ID.",' +
        '"o:errorCode":"NONEXISTENT_ID"}]}',
    )
    expect((await send('GET', 'customer/000')).body).toBe(
      HEAD_400 +
        `[{"detail":"Invalid record instance identifier '000'. Provide a valid record instance ID.",` +
        '"o:errorUrl":"/services/rest/record/v1/customer/000","o:errorCode":"INVALID_ID"}]}',
    )
  })
  it('may be negative [REC-007]', async () => {
    const { send } = createTestAccount()
    expect((await send('GET', 'contactRole/-10')).json).toMatchObject({ id: '-10', name: 'Primary Contact' })
  })
})

describe('a fault of the system', () => {
  it('is 500 with an error id of twenty letters and digits [REC-E40]', async () => {
    const faults = [{ fault: 'reject', status: 500 }] as const
    const { send } = createTestAccount({ profile: { faults: [...faults] } })
    const { status, json, error } = await send('GET', 'currency/1')
    expect([status, json.type, json.title, error?.['o:errorCode']]).toEqual([
      500,
      'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.1',
      'Internal Server Error',
      'UNEXPECTED_ERROR',
    ])
    expect(error?.detail).toMatch(/^An unexpected error occurred\. Error ID: [0-9a-z]{20}$/)
  })
})

describe('the connection', () => {
  const framing = ({ connection, 'content-length': length }: Readonly<Record<string, string>>) => [
    connection,
    length !== undefined,
  ]
  it('stays open after every answer, which tells its length [OPQ-016]', async () => {
    const { send } = createTestAccount()
    for (const path of ['currency/1', 'currency/000', 'currency/99'])
      expect(framing((await send('GET', path)).headers), path).toEqual([undefined, true])
  })
  it('ends after a 400 without a length, and after nothing else, as the profile says [OPQ-016]', async () => {
    const { send } = createTestAccount({ profile: { settings: { badRequestConnection: 'close' } } })
    expect(framing((await send('GET', 'currency/000')).headers)).toEqual(['close', false])
    for (const path of ['currency/1', 'currency/99'])
      expect(framing((await send('GET', path)).headers), path).toEqual([undefined, true])
    expect(framing((await send('POST', 'customer', { companyName: 'A' })).headers)).toEqual([
      undefined,
      false,
    ])
  })
})
