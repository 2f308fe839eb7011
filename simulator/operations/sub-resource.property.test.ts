/** If this fails, some record type has a part whose own address does not give what the record shows of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import type { Account } from '../account.ts'
import { planOperation } from '../operations.ts'
import { ADMINISTRATOR } from '../permissions/principal.ts'
import { loadProfile } from '../profile.ts'
import { createBalances } from '../records/balances.ts'
import { createStock } from '../records/stock/stock.ts'
import { createRecordStore, type RecordBody } from '../records/store.ts'
import { sortDeep } from '../records/values.ts'
import { parseRequest } from '../request.ts'
import { loadBundledCatalogue } from '../spec/bundled.ts'
import type { Field, RecordType, Shape } from '../spec/catalogue.ts'
import { isOutOfReach, rulesFor } from '../spec/rules.ts'

type Json = Record<string, unknown>

const BASE = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

type Needed = Pick<Account, 'clock' | 'catalogue' | 'store' | 'stock' | 'balances' | 'profile'>

const store = createRecordStore()

/** Reading asks for neither jobs nor limits. */
const account = {
  clock: new VirtualClock(),
  catalogue: loadBundledCatalogue(),
  store,
  stock: createStock(store),
  balances: createBalances(store),
  profile: loadProfile('premium'),
} satisfies Needed as Needed as Account

function get(url: string): Json {
  const request = parseRequest({ method: 'GET', url, headers: {}, body: undefined })
  const principal = { integration: 'test', user: 'test', role: ADMINISTRATOR }
  return JSON.parse(planOperation({ account, request, principal }).run().body) as Json
}

/** Any stored body of a type: all lists and subrecords, some of the rest, lines with keys of their own. */
function drawBody(
  rng: Rng,
  type: RecordType,
  shape: Shape,
  key: readonly string[] = [],
  line = 0,
): RecordBody {
  const { lineKeys } = rulesFor(type)
  const body: RecordBody = {}
  for (const field of shape.fields.filter((one) => !isOutOfReach(one))) {
    if (field.kind === 'subrecord') body[field.name] = drawBody(rng, type, field.body)
    else if (field.kind === 'sublist') {
      const keys = [lineKeys[field.name.toLowerCase()] ?? []].flat()
      const length = rng.integer(1, 3)
      body[field.name] = Array.from({ length }, (_, index) => drawBody(rng, type, field.line, keys, index))
    } else if (key.includes(field.name)) body[field.name] = drawValue(field, 101 + 7 * line)
    else if (field.name !== 'id' && rng.integer(0, 9) === 0)
      body[field.name] = drawValue(field, rng.integer(1, 9))
  }
  return sortDeep(body)
}

function drawValue(field: Field, n: number): unknown {
  switch (field.kind) {
    case 'reference':
      return { id: String(n), refName: `Record ${n}` }
    case 'multiSelect':
      return [{ id: String(n), refName: `Record ${n}` }]
    case 'enum':
      return field.values[0] ?? 'X'
    default:
      return field.kind === 'scalar' && ['integer', 'double', 'float'].includes(field.type) ? n : `text ${n}`
  }
}

/** Every object in an answer whose `self` lies below the record. */
function* partsOf(value: unknown, below: string): Generator<{ href: string; part: Json }> {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) {
    const { links } = value as { links?: { rel: string; href: string }[] }
    const href = links?.[0]?.href ?? ''
    if (href.startsWith(`${below}/`)) yield { href, part: value as Json }
  }
  for (const inner of Object.values(value)) yield* partsOf(inner, below)
}

function withoutLinks({ links: _, ...rest }: Json): Json {
  return rest
}

describe('the parts of any record', () => {
  it('are at their own address what the expanded record shows of them [REC-160, REC-163]', () => {
    let id = 1_000_000
    let seen = 0
    const check = (seed: number): void => {
      const rng = createRng(`parts ${seed}`)
      for (const type of account.catalogue.types) {
        id++
        const body = { ...drawBody(rng, type, type.body), id: String(id) }
        const record = { type: type.name, id, externalId: undefined, display: 'x', body }
        account.store.insert(rulesFor(type).group, record, 0)
        const whole = get(`${BASE}/${type.name}/${id}?expandSubResources=true`)
        for (const { href, part } of partsOf(whole, `${BASE}/${type.name.toLowerCase()}/${id}`)) {
          seen++
          expect(withoutLinks(get(`${href}?expandSubResources=true`)), href).toEqual(withoutLinks(part))
          expect(get(href).links).toEqual(part.links)
        }
      }
    }
    fc.assert(
      fc.property(fc.nat(), (seed) => check(seed)),
      { seed: 1, numRuns: 3 },
    )
    expect(seen).toBeGreaterThan(2000)
  })
})
