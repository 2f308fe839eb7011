/** If these fail, a mistyped profile is run as if it were right, or the error does not say where it is. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../kernel/error.ts'
import { concurrencyLimitOf, hostOf, loadProfile } from './profile.ts'
import { parseProfile } from './profile-file.ts'

const errorOf = (run: () => unknown): AppError => {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('expected an AppError')
}

describe('profiles', () => {
  it('give limit and host by preset', () => {
    expect(concurrencyLimitOf(loadProfile('premium'))).toBe(15)
    expect(concurrencyLimitOf(loadProfile('premium', { suiteCloudPlus: 2 }))).toBe(35)
    expect(concurrencyLimitOf(loadProfile('developer'))).toBe(5)
    expect(hostOf(loadProfile('sandbox'))).toBe('1234567-sb1.suitetalk.api.netsuite.com')
  })
  it('name the nearest preset', () => {
    expect(errorOf(() => loadProfile('premum')).details.mend).toContain('premium')
  })
  it('read YAML over a preset', () => {
    const profile = parseProfile(
      'preset: standard\nsuiteCloudPlus: 1\nlatency: { model: none }\n',
      'my/acme.yaml',
    )
    expect(profile).toMatchObject({
      name: 'acme',
      serviceTier: 'standard',
      suiteCloudPlus: 1,
      latency: { model: 'none' },
    })
  })
  it('change single keys of a section and keep what the preset says of the others', () => {
    const { latency, governance } = loadProfile('sandbox', { latency: { model: 'heavy' } })
    expect(latency).toMatchObject({ model: 'heavy', factor: 1.4 })
    expect(governance.windows).toEqual({ warnRatio: 0.8 })
  })
  it('give the account of the field report: tiers, windows, a queue, RESTlets per user [GOV-007, GOV-008, GOV-031]', () => {
    const profile = loadProfile('field-report-tier3', { suiteCloudPlus: 1 })
    expect(concurrencyLimitOf(profile)).toBe(45)
    expect(profile.governance).toMatchObject({
      overLimit: 'queue',
      restletPerUserLimit: 5,
      windows: { per60s: 3000, per24h: 300_000 },
    })
    expect(loadProfile('premium').governance).toMatchObject({ overLimit: 'reject', windows: {} })
  })
  it('refuse allocations that leave no slot to others, with the line [GOV-009]', () => {
    const integration = (name: string, slots: number) =>
      [
        `  - name: ${name}`,
        '    consumerKey: "12345678"',
        '    consumerSecret: "12345678"',
        `    concurrencyLimit: ${slots}`,
        '    tokens: [{ tokenId: "12345678", tokenSecret: "12345678" }]\n',
      ].join('\n')
    const text = `serviceTier: standard\nintegrations:\n${integration('shop', 3)}${integration('wms', 2)}`
    const error = errorOf(() => parseProfile(text, 'acme.yaml'))
    expect(error.message).toContain('5 of 5 slots')
    expect(error.details).toMatchObject({ line: 11, mend: 'lower it to at most 1' })
  })
  it.each([
    ['an unknown key', 'preset: premium\n\nserviceTeir: standard\n', 3, 'serviceTier'],
    ['an unknown setting', 'settings:\n  statusId: label\n  lastlink: correct\n', 3, 'lastLink'],
    ['a bad value', 'suiteCloudPlus: many\n', 1, 'correct'],
    ['too many licences', 'serviceTier: standard\nsuiteCloudPlus: 2\n', 2, 'lower'],
    ['an unknown preset', '# hello\npreset: gold\n', 2, 'did you mean'],
    ['a price of no script call', 'scripting:\n  units:\n    save.order: 5\n', 3, 'correct'],
    ['a fault that is none', 'faults:\n  - fault: explode\n', 2, 'correct'],
    ['broken YAML', 'a: [1\nb: 2\n', 2, 'YAML'],
  ])('refuse %s with its line', (_, text, line, mend) => {
    const error = errorOf(() => parseProfile(text, 'acme.yaml'))
    expect(error.code).toBe('E_PROFILE_INVALID')
    expect(error.details).toMatchObject({ file: 'acme.yaml', line })
    expect(error.details.mend).toContain(mend)
  })
})
