/** If this fails, what queries say of rates, subsidiaries, fiscal years or the one who asks is not what the records say. */
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { type Body, createTestAccount, type TestAccount } from '../test-account.ts'

const ref = (id: string): Body => ({ id })
/** Monday, 2026-01-05, noon in Los Angeles. */
const startMs = Date.UTC(2026, 0, 5, 20)

async function rows({ send }: Pick<TestAccount, 'send'>, q: string): Promise<unknown> {
  const { json, error } = await send(
    'POST',
    '/services/rest/query/v1/suiteql',
    { q },
    { prefer: 'transient' },
  )
  return error?.detail ?? (json.items as Body[]).map(({ links: _, ...row }) => row)
}
const REFUSED =
  'Invalid search query. Detailed unprocessed description follows. Search error occurred: Invalid or unsupported search.'

/** An American parent (1) and a European subsidiary (2), with a customer and an invoice of 100 euros each. */
async function group(): Promise<TestAccount> {
  const account = createTestAccount({ startMs, profile: { features: { oneWorld: true } } })
  const { create, send } = account
  await create('subsidiary', { name: 'Europe', currency: ref('4'), parent: ref('1') })
  await create('currencyRate', {
    baseCurrency: ref('1'),
    transactionCurrency: ref('4'),
    effectiveDate: '2025-01-01',
    exchangeRate: 1.25,
  })
  await send('PATCH', 'currency/2', { exchangeRate: 2 })
  await create('customer', { companyName: 'Acme', subsidiary: ref('1') })
  await create('customer', { companyName: 'Brot', subsidiary: ref('2'), currency: ref('4') })
  await create('serviceSaleItem', { itemId: 'HOUR', subsidiary: { items: [ref('1'), ref('2')] } })
  const line = { item: ref('1'), quantity: 1, rate: 100 }
  for (const id of ['1', '2'])
    await create('invoice', {
      entity: ref(id),
      subsidiary: ref(id),
      currency: ref('4'),
      // The European one is in the currency of its own books.
      exchangeRate: id === '1' ? 1.2 : 1,
      item: { items: [line] },
    })
  return account
}

const consolidated = (amount: string, view: string, kind: string, target: string, period: string): string =>
  `BUILTIN.CONSOLIDATE(${amount}, '${view}', 'DEFAULT', '${kind}', ${target}, ${period}, 'DEFAULT')`

describe('the books of a OneWorld account', () => {
  it('consolidates by the rates of a period, and by currency rates where it has none [SQL-057]', async () => {
    const account = await group()
    // Period 20 is January 2025; each subsidiary's receivable is in its own currency.
    const q = (view: string, kind: string): string => `SELECT t.subsidiary, a.amount,
      ${consolidated('a.amount', view, kind, '1', '20')} AS usd, ${consolidated('a.amount', view, kind, '2', '20')} AS eur
      FROM transaction t, transactionaccountingline a WHERE a.transaction = t.id AND a.amount > 0 ORDER BY t.id`
    const byCurrency = [
      { subsidiary: '1', amount: '120', usd: '120', eur: '96' },
      { subsidiary: '2', amount: '100', usd: '125', eur: '100' },
    ]
    expect(await rows(account, q('LEDGER', 'DEFAULT'))).toEqual(byCurrency)
    const rate = {
      fromSubsidiary: ref('2'),
      toSubsidiary: ref('1'),
      postingPeriod: ref('20'),
      currentRate: 1.5,
      averageRate: 1.4,
      historicalRate: 1.1,
    }
    expect((await account.send('PUT', 'consolidatedExchangeRate/eid:r', rate)).status).toBe(204)
    const usd = async (view: string, kind: string) =>
      ((await rows(account, q(view, kind))) as { usd: string }[])[1]!.usd
    expect(await usd('LEDGER', 'DEFAULT')).toBe('150')
    expect(await usd('INCOME', 'DEFAULT')).toBe('140')
    expect(await usd('LEDGER', 'HISTORICAL')).toBe('110')
    expect(await usd('INCOME', 'CURRENT')).toBe('150')
  })

  it('knows what each amount is in: converted, consolidated, as it is [SQL-057]', async () => {
    const account = await group()
    const q = `SELECT id, BUILTIN.CURRENCY(foreigntotal) AS own, BUILTIN.CURRENCY_CONVERT(foreigntotal) AS usd,
      BUILTIN.CURRENCY_CONVERT(foreigntotal, 2) AS gbp,
      BUILTIN.CURRENCY(${consolidated('foreigntotal', 'LEDGER', 'DEFAULT', '2', '0')}) AS consolidated FROM transaction ORDER BY id`
    expect(await rows(account, q)).toEqual(
      ['1', '2'].map((id) => ({ id, own: 'EUR', usd: '125', gbp: '62.5', consolidated: 'EUR' })),
    )
    const books = 'SELECT BUILTIN.CURRENCY(amount) AS c FROM transactionaccountingline WHERE amount > 0'
    expect(await rows(account, `${books} ORDER BY transaction`)).toEqual([{ c: 'USD' }, { c: 'EUR' }])
  })

  it('takes no consolidation, the present period and the topmost subsidiary by default [SQL-057]', async () => {
    const account = await group()
    const q = `SELECT ${consolidated('foreigntotal', 'LEDGER', 'DEFAULT', "'DEFAULT'", "'DEFAULT'")} AS usd,
      BUILTIN.CONSOLIDATE(foreigntotal, 'LEDGER', 'NONE', 'DEFAULT', 1, 1, 'DEFAULT') AS own FROM transaction WHERE id = 2`
    expect(await rows(account, q)).toEqual([{ usd: '125', own: '100' }])
  })

  it.each([
    ['a subsidiary', '9', '20'],
    ['a period', '1', '999'],
    ['a period that is no month', '1', '18'],
  ])('refuses %s that is not there [SQL-034]', async (_, target, period) => {
    const q = `SELECT ${consolidated('foreigntotal', 'LEDGER', 'DEFAULT', target, period)} AS x FROM transaction`
    expect(await rows(await group(), q)).toBe(REFUSED)
  })
})

describe('fiscal years', () => {
  it('begin with the month of the profile: periods, their codes, and ranges of days [SQL-057, SQL-058]', async () => {
    const account = createTestAccount({ startMs, profile: { preferences: { firstFiscalMonth: 4 } } })
    const years = `SELECT periodname, startdate, enddate FROM accountingperiod WHERE isyear = 'T' ORDER BY startdate`
    expect(((await rows(account, years)) as unknown[])[2]).toEqual({
      periodname: 'FY 2026',
      startdate: '4/1/2025',
      enddate: '3/31/2026',
    })
    const q = (code: string) =>
      `SELECT MIN(startdate) AS a, MAX(enddate) AS b FROM accountingperiod WHERE id IN (BUILTIN.PERIOD('${code}', 'START', 'ALL', 'BETWEEN'))`
    expect(await rows(account, q('TFY'))).toEqual([{ a: '4/1/2025', b: '3/31/2026' }])
    expect(await rows(account, q('LFYTP'))).toEqual([{ a: '4/1/2024', b: '1/31/2025' }])
    expect(await rows(account, q('Q1LFY'))).toEqual([{ a: '4/1/2024', b: '6/30/2024' }])
    const range = (id: string, edge: string) => `BUILTIN.RELATIVE_RANGES('${id}', '${edge}')`
    const days = `SELECT ${range('TFY', 'START')} AS fy, ${range('LFQ', 'END')} AS lfq, ${range('TFH', 'START')} AS h, ${range('TY', 'START')} AS y FROM dual`
    expect(await rows(account, days)).toEqual([
      { fy: '4/1/2025', lfq: '12/31/2025', h: '10/1/2025', y: '1/1/2026' },
    ])
  })

  it('an adjustment period is one of BUILTIN.PERIOD only when all are asked for [SQL-057]', async () => {
    const account = createTestAccount({ startMs })
    await account.create('accountingPeriod', {
      periodName: 'Adjust 2025',
      startDate: '2025-12-31',
      endDate: '2025-12-31',
      isAdjust: true,
      isPosting: true,
    })
    const count = (adjustment: string) =>
      `SELECT COUNT(*) AS n FROM accountingperiod WHERE id IN (BUILTIN.PERIOD('LP', 'START', '${adjustment}', 'BETWEEN'))`
    expect(await rows(account, count('NOT_LAST'))).toEqual([{ n: '1' }])
    expect(await rows(account, count('ALL'))).toEqual([{ n: '2' }])
  })
})

describe('BUILTIN.NAMED_GROUP', () => {
  const secret = (digit: string): string => digit.repeat(64)
  const profile: ProfileInput = {
    integrations: [
      {
        name: 'sync',
        consumerKey: secret('a'),
        consumerSecret: secret('b'),
        tokens: [{ tokenId: secret('1'), tokenSecret: secret('2'), user: 'ann@acme.test' }],
      },
    ],
  }
  const asked = async (employee: Body | undefined, q: string): Promise<unknown> => {
    const account = createTestAccount({ startMs, profile })
    await account.create('employee', { firstName: 'Bob', lastName: 'Other' })
    if (employee !== undefined) await account.create('employee', employee)
    return rows(account, q)
  }
  const ANN = { firstName: 'Ann', lastName: 'Own', email: 'ann@acme.test', department: ref('2') }
  const me = "SELECT id FROM employee WHERE id IN BUILTIN.NAMED_GROUP('employee', 'me')"

  it('me: the employee whose e-mail or external id the login has [SQL-057]', async () => {
    expect(await asked(ANN, me)).toEqual([{ id: '2' }])
    expect(await asked({ ...ANN, email: 'x@acme.test', externalId: 'ann@acme.test' }, me)).toEqual([
      { id: '2' },
    ])
    expect(await asked(undefined, me)).toEqual([])
    expect(
      await asked(ANN, "SELECT id FROM vendor WHERE id IN (BUILTIN.NAMED_GROUP('vendor', 'me'))"),
    ).toEqual([])
  })

  it('mine: what the employee belongs to, as a value too [SQL-057]', async () => {
    const mine = "SELECT id FROM department WHERE BUILTIN.NAMED_GROUP('department', 'mine') = id"
    expect(await asked(ANN, mine)).toEqual([{ id: '2' }])
    expect(await asked({ ...ANN, department: undefined }, mine)).toEqual([])
  })
})
