/** If these fail, a neighbour holds its slots for times that no source supports, or is allowed calls that NetSuite refuses. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { neighbourSchema } from '../../protocol/neighbour.ts'
import { createLatencyModel } from '../latency/model.ts'
import { loadProfile, type ProfileInput } from '../profile.ts'
import { loadBundledCatalogue } from '../spec/bundled.ts'
import { callOf, endOf } from './cost.ts'

const MINUTE_MS = 60_000
const QUIET = { inUse: 1, limit: 15 }
const catalogue = loadBundledCatalogue()
const neighbour = (changes: object) =>
  neighbourSchema.parse({ name: 'wms', channel: 'soap', arrival: { everyMs: 60_000 }, ...changes })

/** The median of one call, in an account without chance. */
function callIn(changes: object, preset = 'premium', profile: ProfileInput = {}) {
  const { latency } = loadProfile(preset, { ...profile, latency: { ...profile.latency, sigma: 0 } })
  const model = createLatencyModel(new VirtualClock(), createRng('cost'), latency)
  const call = callOf(neighbour(changes), catalogue, model)
  return { ...call, ms: call.durationMs(QUIET) }
}

describe('SOAP lists', () => {
  it('of 100 transactions take 7 minutes to add [GOV-084]', () => {
    expect(callIn({ operation: 'addList', size: 100 }).ms).toBe(7 * MINUTE_MS)
    expect(callIn({ operation: 'addList', size: 100, recordType: 'invoice' }).ms).toBe(7 * MINUTE_MS)
  })
  it('take up to 10 minutes in a sandbox, which has fewer resources [GOV-084]', () => {
    const { ms } = callIn({ operation: 'addList', size: 100 }, 'sandbox')
    expect(ms / MINUTE_MS).toBeCloseTo(9.8, 3)
  })
  it('read 15,000 records an hour, and few of them in 0.8 to 2.4 seconds [GOV-083, GOV-085]', () => {
    const { ms } = callIn({ operation: 'getList', size: 1000 })
    expect(Math.round(3_600_000 / (ms / 1000))).toBeGreaterThan(14_900)
    expect(Math.round(3_600_000 / (ms / 1000))).toBeLessThan(15_100)
    for (const size of [1, 6]) {
      const small = callIn({ operation: 'getList', size }).ms
      expect(small).toBeGreaterThan(800)
      expect(small).toBeLessThan(2400)
    }
  })
  it.each([
    ['salesOrder', 20],
    ['customer', 50],
    ['inventoryItem', 50],
    ['customrecord_bin_count', 100],
  ])('of %s hold %i records unless told [GOV-053]', (recordType, size) => {
    expect(callIn({ operation: 'updateList', recordType }).size).toBe(size)
  })
  it('as jobs hold a slot for the submit alone, whatever their size [GOV-051]', () => {
    const few = callIn({ operation: 'asyncAddList', size: 2 })
    const many = callIn({ operation: 'asyncAddList', size: 400 })
    expect([few.ms, many.ms]).toEqual([250, 250])
  })
  it('go to the endpoint of 2025.2, the last that there will be [GOV-055]', () => {
    expect(callIn({ operation: 'addList' }).path).toBe('/services/NetSuitePort_2025_2')
  })
})

describe('sizes', () => {
  it.each([
    ['addList', 200],
    ['deleteList', 200],
    ['updateList', 100],
    ['upsertList', 100],
    ['getList', 1000],
    ['getItemAvailability', 10_000],
    ['search', 1000],
  ])('of %s are at most %i [GOV-050]', (operation, most) => {
    expect(neighbourSchema.safeParse(neighbour({ operation, size: most })).success).toBe(true)
    const { error } = neighbourSchema.safeParse({ ...neighbour({ operation }), size: most + 1 })
    // One more than the field itself takes is refused by the field.
    if (most < 10_000)
      expect(error?.issues[0]).toMatchObject({
        path: ['size'],
        message: `${operation} takes at most ${most} records [GOV-050]`,
      })
    else expect(error).toBeDefined()
  })
  it.each([
    ['asyncAddList', 400],
    ['asyncUpdateList', 200],
    ['asyncUpsertList', 200],
    ['asyncDeleteList', 400],
    ['asyncGetList', 2000],
    ['asyncSearch', 2000],
  ])('of %s are at most %i [GOV-051]', (operation, most) => {
    expect(neighbourSchema.safeParse(neighbour({ operation, size: most })).success).toBe(true)
    const { error } = neighbourSchema.safeParse({ ...neighbour({ operation }), size: most + 1 })
    expect(error?.issues[0]?.message).toBe(`${operation} takes at most ${most} records [GOV-051]`)
  })
  it('of an operation that the channel does not have are no question', () => {
    const { error } = neighbourSchema.safeParse({ ...neighbour({ operation: 'add' }), operation: 'addLots' })
    expect(error?.issues[0]?.path).toEqual(['operation'])
    expect(error?.issues[0]?.message).toMatch(/^soap has no addLots; it has get, add, /)
  })
})

describe('calls of 15 minutes and more', () => {
  it('are answered 10 s before if they are lists, and stop after the record they are at [GOV-054]', () => {
    // 200 transactions at 5 s: 1000 s; after 890 s 178 are done, and one is under way.
    expect(endOf('soap', 200, 1_000_000)).toEqual({
      heldMs: 895_000,
      isAnswered: true,
      explanation: 'answered 10 s before 15 minutes: 178 records done, 1 unknown, 21 not processed',
    })
    expect(endOf('soap', 200, 890_000)).toEqual({ heldMs: 890_000, isAnswered: true })
  })
  it('finish without an answer if they are of one record [GOV-054]', () => {
    expect(endOf('soap', 1, 1_000_000)).toMatchObject({ heldMs: 1_000_000, isAnswered: false })
    expect(endOf('soap', 1, 900_000)).toMatchObject({ heldMs: 900_000, isAnswered: true })
  })
  it('are cut off by the platform in other channels [GOV-034]', () => {
    expect(endOf('rest', 1, 900_001)).toMatchObject({ heldMs: 900_000, isAnswered: false })
  })
})

describe('other calls', () => {
  it('over REST take what the latency model says [GOV-086]', () => {
    const rest = { channel: 'rest', recordType: 'vendor' }
    expect(callIn({ ...rest, operation: 'get' })).toMatchObject({ ms: 550, method: 'GET', status: 200 })
    const latency = { medianMs: { '*.get': 689 } }
    expect(callIn({ ...rest, operation: 'get' }, 'premium', { latency }).ms).toBe(689)
  })
  it('take the time the profile gives them', () => {
    const call = callIn({ channel: 'restlet', operation: 'call', workMs: { medianMs: 4000, sigma: 0 } })
    expect(call).toMatchObject({ ms: 4000, path: '/app/site/hosting/restlet.nl' })
  })
})
