/** If these fail, a filter finds other records here than in NetSuite, or accepts what NetSuite refuses. */
import { beforeAll, describe, expect, it } from 'vitest'
import { createCatalogue, type RecordType } from '../../spec/catalogue.ts'
import { createTestAccount, type TestAccount } from '../../test-account.ts'

/** Records a query finds, by external id; or what it was refused with. */
async function found(account: TestAccount, type: string, q: string): Promise<string> {
  const { status, json, error } = await account.send('GET', `${type}?q=${encodeURIComponent(q)}`)
  if (status !== 200)
    return `${status} ${error!['o:errorCode']} ${error!['o:errorQueryParam']}: ${error!.detail}`
  const ids = (json.items as { id: string }[]).map(({ id }) => id)
  expect(json.totalResults).toBe(ids.length)
  const records = await Promise.all(ids.map((id) => account.send('GET', `${type}/${id}`)))
  return records.map((record) => record.json.externalId).join(' ')
}

const INVALID = '400 INVALID_PARAMETER q: Invalid search query. Provide a valid search query.'
const CAUSE =
  '400 INVALID_PARAMETER q: Invalid search query. Detailed unprocessed description follows. Search error occurred:'

describe('a filter on orders', () => {
  let account: TestAccount
  let customers: string[]
  const orders = (q: string): Promise<string> => found(account, 'salesOrder', q)

  // A paid 10, B 20.5, C 30 and approved; one each day from 2026-01-05, 09:00 UTC, which is 01:00 in Los Angeles.
  beforeAll(async () => {
    account = createTestAccount()
    customers = []
    for (const externalId of ['one', 'two'])
      customers.push(await account.create('customer', { companyName: externalId, externalId }))
    await account.create('inventoryItem', { itemId: 'SKU', externalId: 'SKU' })
    const order = async (externalId: string, rate: number, more: object) => {
      const item = { items: [{ item: { externalId: 'SKU' }, quantity: 1, rate }] }
      await account.create('salesOrder', { externalId, item, ...more })
      await account.clock.advance(86_400_000)
    }
    await order('A', 10, {
      entity: { id: customers[0] },
      memo: 'Red Shoes',
      otherRefNum: 'PO-1',
      shipComplete: true,
    })
    await order('B', 20.5, { entity: { id: customers[0] }, memo: 'blue shoes', tranDate: '2026-03-16' })
    await order('C', 30, {
      entity: { id: customers[1] },
      memo: 'Ärmel',
      orderStatus: { id: 'B' },
      email: 'a@x.com',
    })
  })

  it.each([
    ['email EMPTY', 'A B'],
    ['email EMPTY_NOT', 'C'],
    ['department EMPTY', 'A B C'],
    ['total EMPTY_NOT', 'A B C'],
    ['id EMPTY', ''],
    ['externalId EMPTY_NOT', 'A B C'],
    ['lastModifiedDate EMPTY_NOT', 'A B C'],
  ])('knows what is empty: %s [REC-070]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['shipComplete IS true', 'A'],
    ['shipComplete IS "FALSE"', 'B C'],
    ['shipComplete IS_NOT true', 'B C'],
    ['otherRefNum IS PO-1', 'A'],
    ['memo IS_NOT "Red Shoes"', 'B C'],
  ])('compares booleans and strings: %s [REC-071]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['total EQUAL 20.5', 'B'],
    ['total EQUAL_NOT 20.5', 'A C'],
    ['total GREATER 20.5', 'C'],
    ['total GREATER_NOT 20.5', 'A B'],
    ['total GREATER_OR_EQUAL "20.5"', 'B C'],
    ['total GREATER_OR_EQUAL_NOT 20.5', 'A'],
    ['total LESS 20.5', 'A'],
    ['total LESS_NOT 20.5', 'B C'],
    ['total LESS_OR_EQUAL 20.5', 'A B'],
    ['total LESS_OR_EQUAL_NOT 20.5', 'C'],
    ['total GREATER -5', 'A B C'],
  ])('compares numbers: %s [REC-072]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['total BETWEEN [10, 20.5]', 'A B'],
    ['total BETWEEN_NOT [10, 20.5]', 'C'],
    ['total WITHIN ["20.5",100]', 'B C'],
    ['total WITHIN_NOT [20.5, 100]', 'A'],
    ['total BETWEEN [20, 10]', ''],
  ])('takes two numbers as a range: %s [REC-073]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['id ANY_OF [1, 3, 99]', 'A C'],
    ['id ANY_OF_NOT [1, 3]', 'B'],
    ['total ANY_OF [10, 30]', 'A C'],
    ['entity ANY_OF [2]', 'C'],
    ['entity ANY_OF_NOT [2]', 'A B'],
  ])('takes lists: %s [REC-074]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['memo CONTAIN shoe', 'A B'],
    ['memo CONTAIN_NOT shoe', 'C'],
    ['memo START_WITH "red s"', 'A'],
    ['memo START_WITH_NOT red', 'B C'],
    ['memo ENDWITH SHOES', 'A B'],
    ['memo END_WITH shoes', 'A B'],
    ['memo END_WITH_NOT shoes', 'C'],
    ['memo CONTAIN "%"', ''],
    ['memo START_WITH ""', 'A B C'],
    ['memo ENDWITH ""', 'A B C'],
  ])('looks into strings: %s [REC-075]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['tranDate AFTER "1/5/2026"', 'B C'],
    ['tranDate AFTER_NOT "1/5/2026"', 'A'],
    ['tranDate BEFORE 1/7/26', 'A'],
    ['tranDate BEFORE_NOT 1/7/26', 'B C'],
    ['tranDate ON "3/16/26"', 'B'],
    ['tranDate ON_NOT "3/16/26"', 'A C'],
    ['tranDate ON_OR_AFTER "1/7/2026"', 'B C'],
    ['tranDate ON_OR_AFTER_NOT "1/7/2026"', 'A'],
    ['tranDate ON_OR_BEFORE "1/7/2026"', 'A C'],
    ['tranDate ON_OR_BEFORE_NOT "1/7/2026"', 'B'],
  ])('compares dates: %s [REC-076]', async (q, expected) => {
    expect(await orders(q)).toBe(expected)
  })
  it.each([
    ['lastModifiedDate AFTER "1/5/2026"', 'A B C'],
    ['lastModifiedDate AFTER "1/5/2026 1:00 am"', 'B C'],
    ['lastModifiedDate ON_OR_AFTER "1/5/2026 1:00 am"', 'A B C'],
    ['lastModifiedDate ON_OR_AFTER "1/5/2026 1:01 am"', 'B C'],
    ['lastModifiedDate ON_OR_BEFORE "1/6/2026 1:00 am"', 'A B'],
    ['lastModifiedDate BEFORE "1/6/2026 1:00 am"', 'A'],
    ['lastModifiedDate ON "1/6/2026"', 'B'],
    ['lastModifiedDate ON_NOT "1/6/2026"', 'A C'],
    ['lastModifiedDate ON "1/6/2026 1:00 AM"', 'B'],
    ['createdDate AFTER "1/5/2026 1:00 am"', 'B C'],
    ['createdDate AFTER_NOT "1/5/2026 1:00 am"', 'A'],
    ['createdDate ON "1/6/2026"', 'B'],
    ['createdDate ON_OR_BEFORE "1/6/2026"', 'A'],
  ])(
    'reads moments in the account’s zone, a bare date as its midnight: %s [REC-087, REC-088]',
    async (q, expected) => {
      expect(await orders(q)).toBe(expected)
    },
  )
  it('lets AND bind tighter than OR; parentheses override [REC-080]', async () => {
    expect(await orders('total EQUAL 30 OR total EQUAL 10 AND memo CONTAIN blue')).toBe('C')
    expect(await orders('(total EQUAL 30 OR total EQUAL 10) AND memo CONTAIN red')).toBe('A')
    expect(await orders('((total EQUAL 30)) or id equal 1 and shipcomplete is true')).toBe('A C')
  })
  it('wants double quotes around blanks only [REC-081]', async () => {
    expect(await orders('memo IS "Red Shoes"')).toBe('A')
    expect(await orders('memo IS Red Shoes')).toBe(INVALID)
    expect(await orders('entity EQUAL "1"')).toBe('A B')
  })
  it('refuses single quotes [REC-082, REC-E10]', async () => {
    expect(await orders("memo IS 'Red'")).toBe(INVALID)
  })
  it('compares references by internal id with number operators [REC-083]', async () => {
    expect(await orders('entity EQUAL "2"')).toBe('C')
    expect(await orders('entity LESS 2')).toBe('A B')
    expect(await orders('entity EQUAL "-4"')).toBe('')
    expect(await orders('entity IS 2')).toBe(`${CAUSE} Operator 'IS' cannot be used with the field 'entity'.`)
    expect(await orders('entity EQUAL one')).toBe(`${CAUSE} 'one' is no number for the field 'entity'.`)
  })
  it('compares enumerations with string operators, a status by letter or label [REC-084, OPQ-040]', async () => {
    expect(await orders('status IS "Pending Fulfillment"')).toBe('C')
    expect(await orders('status IS B')).toBe('C')
    expect(await orders('orderStatus IS_NOT "pending fulfillment"')).toBe('A B')
    expect(await orders('status START_WITH pending')).toBe('A B C')
    expect(await orders('status EQUAL 2')).toBe(
      `${CAUSE} Operator 'EQUAL' cannot be used with the field 'status'.`,
    )
  })
  it('takes names of fields in any case [REC-085]', async () => {
    expect(await orders('OTHERREFNUM IS PO-1')).toBe('A')
    expect(await orders('otherrefnum IS PO-1')).toBe('A')
  })
  it.each(['item', 'quantity', 'item.quantity', 'entity.email', 'billingAddress', 'nosuch'])(
    'refuses %s: no body field [REC-086, REC-E13]',
    async (name) => {
      expect(await orders(`${name} EMPTY`)).toBe(
        `400 INVALID_PARAMETER q: Unknown field name '${name}' in the search query.`,
      )
    },
  )
  it('refuses dates of other forms in Java’s words [REC-087, REC-088, REC-E11]', async () => {
    const failed = (text: string): string =>
      `400 INVALID_PARAMETER q: Invalid search query. Search error occurred: Parse of date/time "${text}" ` +
      'failed with date format "M/d/yy" in time zone America/Los_Angeles'
    expect(await orders('lastModifiedDate AFTER "8/5/2026 23:53"')).toBe(failed('8/5/2026 23:53'))
    expect(await orders('lastModifiedDate AFTER "2026-08-05T23:53:00Z"')).toBe(failed('2026-08-05T23:53:00Z'))
    expect(await orders('tranDate ON 2026-08-05')).toBe(failed('2026-08-05'))
    expect(await orders('tranDate ON "8/5/2026 1:00 am"')).toBe(failed('8/5/2026 1:00 am'))
  })
  it('finds external ids [REC-091]', async () => {
    expect(await orders('externalId IS "B"')).toBe('B')
    expect(await orders('externalId IS b')).toBe('B')
    expect(await orders('externalId IS_NOT b')).toBe('A C')
    expect(await orders('externalId START_WITH a')).toBe('A')
    expect(await orders('externalId IS one')).toBe('')
  })
  it('takes operators in any case [REC-092]', async () => {
    expect(await orders('otherRefNum is PO-1')).toBe('A')
    expect(await orders('total Between [5, 15]')).toBe('A')
  })
  it('compares strings without case, also beyond ASCII [REC-511]', async () => {
    expect(await orders('memo IS "RED SHOES"')).toBe('A')
    expect(await orders('memo START_WITH är')).toBe('C')
    expect(await orders('memo IS ÄRMEL')).toBe('C')
  })
  it.each([
    '',
    '   ',
    'total',
    'total EQUAL',
    'total EQUALS 5',
    'total LIKE 5',
    'total IN [5]',
    'NOT total EQUAL 5',
    'total EQUAL 5 AND',
    'total EQUAL 5 total EQUAL 6',
    '(total EQUAL 5',
    'total EQUAL 5)',
    'total EQUAL [5]',
    'id ANY_OF 5',
    'id ANY_OF []',
    'id ANY_OF [5',
    'id ANY_OF [5,]',
    'total BETWEEN [5]',
    'total BETWEEN [5, 6, 7]',
    'memo IS "open',
    'memo IS AND',
    '"memo" IS x',
    'memo EMPTY x',
    'memo IS x\0',
  ])('refuses %j [REC-E10]', async (q) => {
    expect(await orders(q)).toBe(INVALID)
  })
  it('names the cause when operator or value do not fit the field [REC-E12]', async () => {
    expect(await orders('total CONTAIN_NOT 5')).toBe(
      `${CAUSE} Operator 'CONTAIN_NOT' cannot be used with the field 'total'.`,
    )
    expect(await orders('memo within_not [1, 2]')).toBe(
      `${CAUSE} Operator 'WITHIN_NOT' cannot be used with the field 'memo'.`,
    )
    expect(await orders('memo EQUAL 5')).toBe(
      `${CAUSE} Operator 'EQUAL' cannot be used with the field 'memo'.`,
    )
    expect(await orders('TOTAL EQUAL five')).toBe(`${CAUSE} 'five' is no number for the field 'total'.`)
    expect(await orders('shipComplete IS T')).toBe(
      `${CAUSE} 'T' is neither true nor false for the field 'shipComplete'.`,
    )
  })
})

describe('a filter', () => {
  it('on an empty field meets no operator but EMPTY, also no negative one [REC-070]', async () => {
    const account = createTestAccount()
    await account.create('customer', { companyName: 'A', externalId: 'A' })
    for (const q of [
      'email IS x',
      'email IS_NOT x',
      'email CONTAIN_NOT x',
      'parent EQUAL_NOT 5',
      'parent ANY_OF_NOT [5]',
    ])
      expect(await found(account, 'customer', q)).toBe('')
    expect(await found(account, 'customer', 'email EMPTY AND parent EMPTY')).toBe('A')
  })
  it('looks into multi-selects with ANY_OF [REC-074]', async () => {
    const account = createTestAccount()
    const item = (externalId: string, ids: string[]) => ({
      itemId: externalId,
      externalId,
      subsidiary: { items: ids.map((id) => ({ id })) },
    })
    await account.create('serviceSaleItem', item('A', ['1']))
    await account.create('serviceSaleItem', item('B', []))
    const items = (q: string): Promise<string> => found(account, 'serviceSaleItem', q)
    expect(await items('subsidiary ANY_OF [1, 2]')).toBe('A')
    expect(await items('subsidiary ANY_OF [2]')).toBe('')
    expect(await items('subsidiary ANY_OF_NOT [2]')).toBe('A')
    expect(await items('subsidiary EMPTY')).toBe('B')
    expect(await items('subsidiary EMPTY_NOT')).toBe('A')
    expect(await items('subsidiary IS 1')).toBe(
      `${CAUSE} Operator 'IS' cannot be used with the field 'subsidiary'.`,
    )
  })
  it('compares strings with regard to case when the profile says so [REC-511]', async () => {
    const account = createTestAccount({ profile: { settings: { filterCase: 'sensitive' } } })
    for (const name of ['abc', 'ABC'])
      await account.create('customer', { companyName: name, externalId: name })
    expect(await found(account, 'customer', 'companyName IS ABC')).toBe('ABC')
    expect(await found(account, 'customer', 'companyName CONTAIN b')).toBe('abc')
    expect(await found(account, 'customer', 'externalId IS abc')).toBe('abc')
  })
  it('names filterable fields only, where the document lists them [REC-086]', async () => {
    const text = (name: string) => ({ name, kind: 'scalar', type: 'string' }) as const
    const type: RecordType = {
      name: 'customrecord_x',
      custom: 'record',
      body: { fields: [text('id'), text('externalId'), text('name'), text('notes')], filterable: ['Name'] },
      transforms: [],
      methods: { collection: ['GET', 'POST'], instance: ['GET'] },
    }
    const account = createTestAccount({ catalogue: createCatalogue([type]) })
    await account.create('customrecord_x', { name: 'n', notes: 'x', externalId: 'A' })
    const records = (q: string): Promise<string> => found(account, 'customrecord_x', q)
    expect(await records('name IS n AND id EQUAL 1 AND externalId IS A')).toBe('A')
    expect(await records('notes IS x')).toBe(
      "400 INVALID_PARAMETER q: Unknown field name 'notes' in the search query.",
    )
  })
  it('follows the formats and the zone of the account [REC-087, REC-088]', async () => {
    const preferences = { dateFormat: 'D.M.YYYY', timeFormat: 'H:mm', timeZone: 'Europe/Berlin' } as const
    const account = createTestAccount({ profile: { preferences } })
    await account.create('customer', { companyName: 'A', externalId: 'A' })
    expect(await found(account, 'customer', 'lastModifiedDate ON "5.1.2026 10:00"')).toBe('A')
    expect(await found(account, 'customer', 'lastModifiedDate AFTER "1/5/2026"')).toContain(
      'date format "d.M.yy" in time zone Europe/Berlin',
    )
  })
})
