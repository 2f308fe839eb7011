/** If these fail, an integration sends or reads a field that the bundled record types do not know. */
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from './bundled.ts'
import { type Field, findField, type Shape } from './catalogue.ts'

const catalogue = loadBundledCatalogue()
const bodyOf = (type: string): Shape => catalogue.find(type)!.body
const kinds = (shape: Shape, names: string): (string | undefined)[] =>
  [...new Set(names.split(' ').map((name) => findField(shape, name)))].map((field) =>
    field?.kind === 'scalar' ? field.type : field?.kind,
  )
const onlyKinds = (shape: Shape, names: string): string[] => {
  const missing = names.split(' ').filter((name) => findField(shape, name)?.name !== name)
  return [...new Set([...kinds(shape, names).map(String), ...missing.map((name) => `no ${name}`)])]
}
const columnsOf = (shape: Shape, sublist: string): Shape => {
  const field = findField(shape, sublist) as Field & { kind: 'sublist' }
  return field.line
}
const inside = (shape: Shape, subrecord: string): Shape => {
  const field = findField(shape, subrecord) as Field & { kind: 'subrecord' }
  return field.body
}
const valuesOf = (shape: Shape, name: string): string[] => {
  const field = findField(shape, name) as Field & { kind: 'enum' }
  return [...field.values].sort()
}

describe('a customer', () => {
  const customer = bodyOf('customer')
  it('has the fields of the API browser [REC-331]', () => {
    expect(onlyKinds(customer, 'companyName entityId email phone fax firstName lastName')).toEqual(['string'])
    expect(onlyKinds(customer, 'isPerson isInactive autoName taxable shipComplete')).toEqual(['boolean'])
    expect(onlyKinds(customer, 'creditLimit balance overdueBalance depositBalance aging')).toEqual(['double'])
    expect(onlyKinds(customer, 'daysOverdue')).toEqual(['integer'])
    expect(
      onlyKinds(
        customer,
        'parent salesRep terms priceLevel entityStatus category currency subsidiary receivablesAccount',
      ),
    ).toEqual(['reference'])
    expect(valuesOf(customer, 'globalSubscriptionStatus')).toEqual(['1', '2', '3', '4'])
    expect(valuesOf(customer, 'emailPreference')).toEqual(['DEFAULT', 'HTML', 'PDF'])
    expect(valuesOf(customer, 'creditHoldOverride')).toEqual(['AUTO', 'OFF', 'ON'])
    expect(onlyKinds(customer, 'language monthlyClosing alcoholRecipientType')).toEqual(['enum'])
  })
  it('has its sublists, and its contacts as a list of records [REC-332]', () => {
    expect(
      onlyKinds(
        customer,
        'addressBook contactRoles currencyList groupPricing itemPricing partners salesTeam subscriptions subscriptionMessageHistory campaigns taxRegistration',
      ),
    ).toEqual(['sublist'])
    expect(onlyKinds(customer, 'contactList')).toEqual(['multiSelect'])
    const line = columnsOf(customer, 'addressBook')
    expect(onlyKinds(line, 'defaultBilling defaultShipping isResidential')).toEqual(['boolean'])
    expect(onlyKinds(line, 'id internalId')).toEqual(['integer'])
    expect(onlyKinds(line, 'label addressId')).toEqual(['string'])
    const address = inside(line, 'addressBookAddress')
    expect(
      onlyKinds(address, 'addr1 addr2 addr3 addrPhone addrText addressee attention city state zip'),
    ).toEqual(['string'])
    expect(onlyKinds(address, 'country')).toEqual(['enum'])
    expect(onlyKinds(address, 'override')).toEqual(['boolean'])
  })
})

describe('a contact', () => {
  it('has the fields of the API browser [REC-334]', () => {
    const contact = bodyOf('contact')
    expect(onlyKinds(contact, 'firstName lastName entityId email phone title')).toEqual(['string'])
    expect(onlyKinds(contact, 'company subsidiary supervisor assistant')).toEqual(['reference'])
    expect(onlyKinds(contact, 'isPrivate isInactive')).toEqual(['boolean'])
    expect(onlyKinds(contact, 'category')).toEqual(['multiSelect'])
    expect(onlyKinds(contact, 'addressBook')).toEqual(['sublist'])
  })
})

describe('money and goods', () => {
  it('a payment has its states and sublists [REC-354]', () => {
    const payment = bodyOf('customerPayment')
    expect(valuesOf(payment, 'status')).toEqual(['A', 'B', 'C', 'R'])
    expect(onlyKinds(payment, 'apply credit deposit')).toEqual(['sublist'])
    expect(columnsOf(payment, 'apply').fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['doc', 'line', 'amount', 'due', 'total', 'refNum', 'type', 'applyDate']),
    )
  })
  it('sales have the letters of the API browser [REC-342, REC-351]', () => {
    expect(valuesOf(bodyOf('salesOrder'), 'status').join('')).toBe('ABCDEFGH')
    expect(valuesOf(bodyOf('cashSale'), 'status').join('')).toBe('ABC')
    expect(valuesOf(bodyOf('invoice'), 'status').join('')).toBe('ABDEV')
  })
  it('a fulfilment has its lines, packages and dates [REC-360, REC-361]', () => {
    const fulfilment = bodyOf('itemFulfillment')
    expect(valuesOf(fulfilment, 'shipStatus').join('')).toBe('ABC')
    expect(valuesOf(fulfilment, 'status').join('')).toBe('ABC')
    expect(onlyKinds(fulfilment, 'package packageFedex packageUps packageUsps shipmentPackage')).toEqual([
      'sublist',
    ])
    expect(onlyKinds(columnsOf(fulfilment, 'package'), 'packageTrackingNumber packageDescr')).toEqual([
      'string',
    ])
    expect(onlyKinds(fulfilment, 'pickedDate packedDate shippedDate')).toEqual(['date'])
    const line = columnsOf(fulfilment, 'item')
    expect(onlyKinds(line, 'itemReceive')).toEqual(['boolean'])
    expect(onlyKinds(line, 'location')).toEqual(['reference'])
    expect(onlyKinds(line, 'inventoryDetail')).toEqual(['subrecord'])
    expect(
      onlyKinds(line, 'orderLine quantity quantityRemaining onHand itemName kitMemberOf line'),
    ).not.toContain('undefined')
  })
  it('inventory detail names lots, bins and states [REC-365]', () => {
    const detail = inside(columnsOf(bodyOf('inventoryAdjustment'), 'inventory'), 'inventoryDetail')
    const assignment = columnsOf(detail, 'inventoryAssignment')
    expect(onlyKinds(assignment, 'issueInventoryNumber binNumber inventoryStatus')).toEqual(['reference'])
    expect(onlyKinds(assignment, 'receiptInventoryNumber')).toEqual(['string'])
    expect(onlyKinds(assignment, 'quantity')).toEqual(['float'])
    expect(onlyKinds(assignment, 'expirationDate')).toEqual(['date'])
  })
})
