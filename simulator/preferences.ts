/** Preferences and features of an account that change what records look like and need. */
import { z } from 'zod'

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const preferencesSchema = z
  .strictObject({
    dateFormat: z
      .enum(['M/D/YYYY', 'D/M/YYYY', 'D-Mon-YYYY', 'D.M.YYYY', 'YYYY/M/D', 'YYYY-M-D'])
      .default('M/D/YYYY')
      .describe('how dates are written in filters and SuiteQL [REC-087, REC-088]'),
    timeFormat: z
      .enum(['h:mm a', 'H:mm'])
      .default('h:mm a')
      .describe('how times are written in filters [REC-088]'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'not a name of the IANA time zone database')
      .default('America/Los_Angeles')
      .describe('IANA name of the account’s time zone [REC-087]'),
    firstFiscalMonth: z
      .number()
      .int()
      .min(1)
      .max(12)
      .default(1)
      .describe('month that fiscal years begin with: of accounting periods, and of ranges in SuiteQL'),
  })
  .prefault({})

export const featuresSchema = z
  .strictObject({
    oneWorld: z.boolean().default(false).describe('subsidiaries: mandatory on entities [REC-330]'),
    accountsReceivable: z
      .boolean()
      .default(true)
      .describe(
        'without it there are no invoices and cash sales: 403 `INSUFFICIENT_PERMISSION` [REC-350, REC-E24]',
      ),
    suiteAnalyticsConnect: z
      .boolean()
      .default(false)
      .describe('lists and SuiteQL reach 1,000,000 results; without it 100,000 [REC-055]'),
    tokenBasedAuthentication: z
      .boolean()
      .default(true)
      .describe('tokens of OAuth 1.0a; without it `FeatureDisabled` in the audit trail [AUT-042]'),
    oauth2: z
      .boolean()
      .default(true)
      .describe('OAuth 2.0; without it `FeatureDisabled` in the audit trail [AUT-093]'),
    multiLocationInventory: z
      .boolean()
      .default(true)
      .describe('stock is kept per location; a fulfilment line needs one [OPQ-019]'),
  })
  .prefault({})

export type Preferences = z.output<typeof preferencesSchema>
export type Features = z.output<typeof featuresSchema>
