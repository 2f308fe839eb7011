/** What the operations of one account share: its clock, its record types, its records and stock, its jobs, its profile. */
import type { Clock } from '../kernel/clock.ts'
import type { Jobs } from './async/jobs.ts'
import type { Profile } from './profile.ts'
import type { Balances } from './records/balances.ts'
import type { Stock } from './records/stock/stock.ts'
import type { RecordStore } from './records/store.ts'
import type { Restlets } from './restlets/restlets.ts'
import type { AccountScripts } from './scripts/scripts.ts'
import type { Catalogue } from './spec/catalogue.ts'

export interface Account {
  readonly clock: Clock
  readonly catalogue: Catalogue
  readonly store: RecordStore
  readonly stock: Stock
  readonly balances: Balances
  readonly jobs: Jobs
  readonly profile: Profile
  /** Undefined where the profile names none. */
  readonly scripts: AccountScripts | undefined
  readonly restlets: Restlets
  /** Concurrency limits as they are now. [GOV-009, GOV-012] */
  limits(): {
    readonly concurrencyLimit: number
    /** Integration → slots that are its own. */
    readonly allocations: Readonly<Record<string, number>>
  }
}
