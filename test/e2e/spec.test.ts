/** If this fails, an account's own metadata document cannot be looked into, or the account built on it does not know its fields. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import { toOpenApi } from '../../simulator/spec/write.ts'
import { put, ROOT, scratchFolder, seatrial, serve } from './cli.ts'

const cwd = scratchFolder()
/** Published by others under their own terms, so beside the repository, not in it. */
const documents = resolve(ROOT, '..', 'shared', 'openapi')
const customer = join(documents, 'ledger_sync-netsuite', 'customer_metadata.json')
const customRecord = join(documents, 'sophie-jentic-openapi-specs', 'openapi.json')

/** What an account with a field of its own would answer for customers. */
function ownDocument(): object {
  const { components, ...rest } = toOpenApi([loadBundledCatalogue().find('customer')!], {
    server: 'https://1234567.suitetalk.api.netsuite.com',
  }) as { components: { schemas: { customer: { properties: object } } } }
  const { customer } = components.schemas
  const properties = { ...customer.properties, custentity_shop_tier: { type: 'string', title: 'Shop tier' } }
  const schemas = { ...components.schemas, customer: { ...customer, properties } }
  return { ...rest, components: { ...components, schemas } }
}

describe('a document of one’s own', () => {
  it('is described, and served with its custom field', async () => {
    const file = put(cwd, 'own.json', ownDocument())
    const { code, stdout } = await seatrial(['spec', 'check', file], cwd)
    expect(code).toBe(0)
    expect(stdout).toContain('custentity_shop_tier')
    const account = await serve(cwd, '--latency', 'none', '--spec', file)
    const body = { companyName: 'Own', custentity_shop_tier: 'gold', externalId: 'own' }
    expect((await account.call('POST', '/customer', body)).status).toBe(204)
    expect(JSON.parse((await account.call('GET', '/customer/eid:own')).body)).toMatchObject(body)
    expect((await account.call('GET', '/salesOrder')).status).toBe(200)
    await account.stop()
    const alone = await serve(cwd, '--latency', 'none', '--spec', file, '--spec-only')
    expect(await alone.control('GET', '/health')).toMatchObject({ recordTypes: 1 })
    expect((await alone.call('GET', '/customer')).status).toBe(200)
    expect((await alone.call('GET', '/salesOrder')).status).toBe(404)
    await alone.stop()
  })
})

describe.skipIf(!existsSync(customer))('a real partial document', () => {
  it.each([
    [customer, /^customer: 102 fields/m, /custom fields: custentity_link_lsa, .*custentity_esc_industry/],
    [
      customRecord,
      /^customrecord_\w+ \(custom record\): 19 fields/m,
      /custom fields: custrecord_awl_prod_review_name, /,
    ],
  ])('%s is described with its custom fields', async (file, type, fields) => {
    const { code, stdout, stderr } = await seatrial(['spec', 'check', file], cwd)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(type)
    expect(stdout).toMatch(fields)
  })
  it('is served: a customer keeps its custom fields', async () => {
    const account = await serve(cwd, '--latency', 'none', '--spec', customer)
    const body = { companyName: 'Partial', externalId: 'partial', custentity_esc_annual_revenue: 12.5 }
    expect(await account.call('POST', '/customer', body)).toMatchObject({ status: 204 })
    expect(JSON.parse((await account.call('GET', '/customer/eid:partial')).body)).toMatchObject(body)
    await account.stop()
  })
  it('is served: so is a record type of the account’s own', async () => {
    const account = await serve(cwd, '--latency', 'none', '--spec', customRecord)
    const path = '/customrecord_awl_product_review'
    const body = { custrecord_awl_prod_review_name: 'Ada', externalId: 'r1' }
    expect(await account.call('POST', path, body)).toMatchObject({ status: 204 })
    expect(JSON.parse((await account.call('GET', `${path}/eid:r1`)).body)).toMatchObject(body)
    await account.stop()
  })
})
