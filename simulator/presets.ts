/** Shipped profiles: what kinds of account there are. Data only; profile.ts says what each key means. */
import type { ProfileInput } from './profile.ts'

/** Shipped presets: Oracle's tiers and the two small account types. [GOV-002..006] */
export const PRESETS: Readonly<Record<string, ProfileInput>> = {
  standard: { serviceTier: 'standard' },
  premium: { serviceTier: 'premium' },
  enterprise: { serviceTier: 'enterprise' },
  ultimate: { serviceTier: 'ultimate' },
  sandbox: {
    accountType: 'sandbox',
    accountId: '1234567_SB1',
    serviceTier: 'premium',
    latency: { factor: 1.4 },
  },
  developer: { accountType: 'developer', serviceTier: 'standard' },
  ...fieldReportPresets(),
}

/**
 * The account as the field report tells it: five tiers, 10 slots a licence, both frequency windows, requests queued or
 * dropped, five RESTlet calls a user. The help contradicts much of it [GOV-007, GOV-008, GOV-030..032]; the report names no
 * figures for its windows beyond "a few thousand" a minute and "a few hundred thousand" a day, so these are guesses.
 */
function fieldReportPresets(): Readonly<Record<string, ProfileInput>> {
  return Object.fromEntries(
    [1, 2, 3, 4, 5].map((tier): [string, ProfileInput] => [
      `field-report-tier${tier}`,
      {
        serviceTier: 'premium',
        fieldReportTier: tier,
        governance: {
          overLimit: 'queue',
          retryAfter: 'windows',
          restletPerUserLimit: 5,
          windows: { per60s: 1000 * tier, per24h: 100_000 * tier },
        },
      },
    ]),
  )
}

export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS)
