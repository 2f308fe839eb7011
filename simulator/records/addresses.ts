/**
 * Addresses: the text that the account makes of one, the text twins of address subrecords, and the default lines of an
 * address book. [REC-333, REC-346, OPQ-027]
 */
import { findField, type RecordType, type Shape, type SubrecordField } from '../spec/catalogue.ts'
import type { RecordBody } from './store.ts'

interface AddressField {
  readonly name: string
  /** The field beside it that repeats it as text. */
  readonly twin: string | undefined
}

interface AddressPlan {
  readonly fields: readonly AddressField[]
  readonly lists: readonly { readonly name: string; readonly fields: readonly AddressField[] }[]
}

const known = new WeakMap<RecordType, AddressPlan>()

function planOf(type: RecordType): AddressPlan {
  let plan = known.get(type)
  if (plan === undefined) {
    const lists = type.body.fields.flatMap((field) => {
      const fields = field.kind === 'sublist' ? addressFields(field.line) : []
      return fields.length > 0 ? [{ name: field.name, fields }] : []
    })
    plan = { fields: addressFields(type.body), lists }
    known.set(type, plan)
  }
  return plan
}

function addressFields(shape: Shape): AddressField[] {
  return shape.fields.flatMap((field) =>
    field.kind === 'subrecord' && isAddress(field)
      ? [{ name: field.name, twin: findField(shape, `${field.name}_text`)?.name }]
      : [],
  )
}

function isAddress({ body }: SubrecordField): boolean {
  return findField(body, 'addrText') !== undefined && findField(body, 'addr1') !== undefined
}

/** Sets `addrText` and the text twins of every address, and the addresses that stand for a whole address book. */
export function writeAddressTexts(type: RecordType, body: RecordBody): void {
  const { fields, lists } = planOf(type)
  writeTexts(fields, body)
  for (const { name, fields: columns } of lists) {
    const lines = body[name] as RecordBody[] | undefined
    if (lines === undefined) {
      if (name === 'addressBook') writeDefaults(type, body, [])
      continue
    }
    const written = lines.map((line) => {
      const copy = { ...line }
      writeTexts(columns, copy)
      return copy
    })
    body[name] = written
    if (name === 'addressBook') writeDefaults(type, body, written)
  }
}

function writeTexts(fields: readonly AddressField[], body: RecordBody): void {
  for (const { name, twin } of fields) {
    const address = body[name] as RecordBody | undefined
    const text = address === undefined ? undefined : addressText(address)
    if (address !== undefined && text !== undefined && address.addrText !== text)
      body[name] = { ...address, addrText: text }
    if (twin === undefined) continue
    if (text === undefined) delete body[twin]
    else body[twin] = text
  }
}

/** [REC-331] */
function writeDefaults(type: RecordType, body: RecordBody, lines: readonly RecordBody[]): void {
  const textOf = (flag: string): unknown =>
    lines.find((line) => line[flag] === true)?.addressBookAddress_text ?? undefined
  for (const [name, flag] of [
    ['defaultAddress', 'defaultBilling'],
    ['defaultBillingAddress', 'defaultBilling'],
    ['defaultShippingAddress', 'defaultShipping'],
  ] as const) {
    if (findField(type.body, name)?.kind !== 'scalar') continue
    const text = textOf(flag)
    if (text === undefined) delete body[name]
    else body[name] = text
  }
}

/** One line each for the person, the street, the town and the country; the text itself where it overrides its parts. */
function addressText(address: RecordBody): string | undefined {
  const part = (name: string): string => (typeof address[name] === 'string' ? (address[name] as string) : '')
  if (address.override === true && part('addrText') !== '') return part('addrText')
  const town = [part('city'), part('state'), part('zip')].filter((text) => text !== '').join(' ')
  const country = part('country')
  const rows = [part('attention'), part('addressee'), part('addr1'), part('addr2'), part('addr3'), town]
  const text = [...rows, country === '' ? '' : countryName(country)].filter((row) => row !== '').join('\n')
  return text === '' ? undefined : text
}

/** Made when first needed: loading names takes longer than all else that an account does at its start. */
let countryNames: Intl.DisplayNames | undefined
const knownCountries = new Map<string, string>()

/** `US` → `United States`. What is no code stays as it is. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  let name = knownCountries.get(code)
  if (name === undefined) {
    countryNames ??= new Intl.DisplayNames('en', { type: 'region' })
    name = countryNames.of(code) ?? code
    knownCountries.set(code, name)
  }
  return name
}

/** Of several lines that claim to be the default, one that this request made it stays it. [REC-332] */
export function keepOneDefault(before: RecordBody | undefined, body: RecordBody): void {
  const old = before?.addressBook as RecordBody[] | undefined
  const lines = body.addressBook as RecordBody[] | undefined
  if (lines === undefined || lines === old) return
  for (const flag of ['defaultBilling', 'defaultShipping']) {
    const claims = (body.addressBook as RecordBody[]).filter((line) => line[flag] === true)
    if (claims.length < 2) continue
    const wasIt = new Set(old?.filter((line) => line[flag] === true).map(({ id }) => id))
    const winner = claims.findLast(({ id }) => id === undefined || !wasIt.has(id)) ?? claims.at(-1)
    body.addressBook = (body.addressBook as RecordBody[]).map((line) =>
      line[flag] === true && line !== winner ? { ...line, [flag]: false } : line,
    )
  }
}
