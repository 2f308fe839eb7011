/** If these fail, a mistyped profile is run as if it were right, or the error does not say where it is. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../kernel/error.ts'
import { concurrencyLimitOf, hostOf, loadProfile, parseProfile } from './profile.ts'

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
  it.each([
    ['an unknown key', 'preset: premium\n\nserviceTeir: standard\n', 3, 'serviceTier'],
    ['an unknown setting', 'settings:\n  statusId: label\n  lastlink: correct\n', 3, 'lastLink'],
    ['a bad value', 'suiteCloudPlus: many\n', 1, 'correct'],
    ['too many licences', 'serviceTier: standard\nsuiteCloudPlus: 2\n', 2, 'lower'],
    ['an unknown preset', '# hello\npreset: gold\n', 2, 'did you mean'],
    ['a fault that is none', 'faults:\n  - fault: explode\n', 2, 'correct'],
    ['broken YAML', 'a: [1\nb: 2\n', 2, 'YAML'],
  ])('refuse %s with its line', (_, text, line, mend) => {
    const error = errorOf(() => parseProfile(text, 'acme.yaml'))
    expect(error.code).toBe('E_PROFILE_INVALID')
    expect(error.details).toMatchObject({ file: 'acme.yaml', line })
    expect(error.details.mend).toContain(mend)
  })
})
