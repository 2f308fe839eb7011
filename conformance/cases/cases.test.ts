/** If this fails, a case cites nothing, collides with another, or would leave records behind on a sandbox. */
import { describe, expect, it } from 'vitest'
import { areaOf, type ConformanceCase, checkCases, type Send, targetOf } from '../case.ts'
import { GIVEN_NAMES, placeholdersIn } from '../placeholder.ts'
import { sources } from '../sources.ts'
import { allCases } from './index.ts'

const sendsOf = (one: ConformanceCase): Send[] =>
  [...(one.given ?? []), ...one.steps].flatMap((step) => ('send' in step ? [step.send] : []))

/** Placeholders that nothing has filled when they are first used. */
function unfilled(one: ConformanceCase): string[] {
  const known = new Set<string>(GIVEN_NAMES)
  const missing: string[] = []
  for (const step of [...(one.given ?? []), ...one.steps]) {
    const { save: later, ...now } = 'expect' in step ? step.expect : { save: 'save' in step ? step.save : {} }
    const used = placeholdersIn([
      'send' in step ? { ...step.send, text: '' } : '',
      now,
      'outcomes' in step ? step.outcomes : '',
    ])
    missing.push(...used.filter((name) => !known.has(name)))
    for (const name of Object.keys(later ?? {})) known.add(name)
  }
  return missing
}

/** Requests that could make a record which no later run could tell from one of the account's own. */
function untagged(one: ConformanceCase): string[] {
  return sendsOf(one).flatMap((send) => {
    const { method, path } = targetOf(send)
    const items = (send.body as { items?: Record<string, unknown>[] } | undefined)?.items
    const isTagged = (body: Record<string, unknown>) =>
      String(body.externalId ?? body.externalid).startsWith('{unique}')
    if (method !== 'PATCH' && Array.isArray(items)) return items.every(isTagged) ? [] : [path]
    if (method === 'PUT') return path.includes('eid:{unique}') || path.endsWith('{customer}') ? [] : [path]
    if (send.sign?.startsWith('assertion')) return []
    if (method !== 'POST' || send.text !== undefined || /\{[a-z]+\}$/.test(path)) return []
    const bodies = (Array.isArray(send.body) ? send.body : [send.body]) as Record<string, unknown>[]
    return bodies.every(isTagged) ? [] : [path]
  })
}

describe('the cases', () => {
  it('are enough, in all areas, with unique ids', () => {
    expect(allCases.length).toBeGreaterThanOrEqual(180)
    expect(new Set(allCases.map(({ id }) => id)).size).toBe(allCases.length)
    expect([...new Set(allCases.map(areaOf))].sort()).toEqual([
      'async',
      'auth',
      'batch',
      'collections',
      'delete',
      'errors',
      'external-ids',
      'filters',
      'governance',
      'headers',
      'idempotency',
      'metadata',
      'oauth',
      'permissions',
      'records',
      'references',
      'sub-resources',
      'sublists',
      'system',
      'transforms',
      'upsert',
      'writing',
    ])
  })
  it('cite listed facts, and no fact is listed for nothing', () => {
    const cited = [...new Set(allCases.map(({ source }) => source.ref))].sort()
    expect(cited).toEqual(Object.keys(sources).sort())
  })
  it('claim no more than their source does', () => {
    const tooMuch = allCases.filter(
      ({ evidence, source }) =>
        evidence !== 'inferred' && !sources[source.ref]!.confidence.includes(evidence),
    )
    expect(tooMuch.map(({ id }) => id)).toEqual([])
  })
  it('use only placeholders that are filled by then', () => {
    expect(allCases.flatMap((one) => unfilled(one).map((name) => `${one.id} {${name}}`))).toEqual([])
  })
  it('tag what they make', () => {
    expect(allCases.flatMap((one) => untagged(one).map((path) => `${one.id} ${path}`))).toEqual([])
  })
  it('take no expectation from elsewhere in the house', () => {
    // Data survives JSON unchanged: no functions, no undefined, nothing computed at run time.
    expect(JSON.parse(JSON.stringify(allCases))).toEqual(allCases)
  })
})

const GOOD: ConformanceCase = {
  id: 'records.example',
  title: 'an example that holds',
  level: 'must',
  evidence: 'documented',
  source: { ref: 'REC-100', says: 'what the source requires' },
  steps: [{ send: { GET: '/services/rest/record/v1/customer/1' }, expect: { status: 200 } }],
}
const step = GOOD.steps[0]!

/** What is wrong, and the case that has it. */
const BAD: readonly (readonly [string, unknown])[] = [
  ['an id without area', { ...GOOD, id: 'example' }],
  ['no source', { ...GOOD, source: undefined }],
  ['an unknown key', { ...GOOD, note: 'x' }],
  ['an inferred must', { ...GOOD, evidence: 'inferred' }],
  [
    'two methods',
    { ...GOOD, steps: [{ ...step, send: { GET: '/services/rest/a', PUT: '/services/rest/a' } }] },
  ],
  ['a write without the need', { ...GOOD, steps: [{ ...step, send: { DELETE: '/services/rest/a' } }] }],
  [
    'a signature without the need of a token',
    { ...GOOD, steps: [{ ...step, send: { GET: '/services/rest/a', sign: 'hmac-sha1' } }] },
  ],
  [
    'an assertion without the need of a certificate',
    { ...GOOD, steps: [{ ...step, send: { POST: '/services/rest/a', sign: 'assertion' } }] },
  ],
  ['a misspelt operator', { ...GOOD, steps: [{ ...step, expect: { status: 200, body: { $match: 'x' } } }] }],
  ['a repeat of a later step', { ...GOOD, steps: [{ resend: 0, expect: { status: 200 } }] }],
  [
    'a crowd with one expectation',
    { ...GOOD, needs: ['concurrency'], steps: [{ ...step, send: { GET: '/services/rest/a', parallel: 3 } }] },
  ],
]

describe('checking of cases', () => {
  it('lets a good case pass', () => {
    expect(checkCases([GOOD])).toEqual([GOOD])
  })
  it.each(BAD)('refuses %s', (_, bad) => {
    expect(() => checkCases([bad as ConformanceCase])).toThrow('not valid')
  })
  it('refuses a second case of the same id', () => {
    expect(() => checkCases([GOOD, GOOD])).toThrow('the id is taken')
  })
  it('sees placeholders nothing fills and records without a tag', () => {
    const post = { POST: '/services/rest/record/v1/customer', body: { companyName: '{nobody}' } }
    const bad: ConformanceCase = { ...GOOD, steps: [{ send: post, expect: { status: 204 } }] }
    expect(unfilled(bad)).toEqual(['nobody'])
    expect(untagged(bad)).toEqual([post.POST])
  })
})
