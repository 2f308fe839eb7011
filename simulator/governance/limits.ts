/** How many requests an account works on at once, by contract. [GOV-002..006] */

export const SERVICE_TIERS = ['standard', 'premium', 'enterprise', 'ultimate'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** [GOV-002] */
const BASE_LIMIT: Readonly<Record<ServiceTier, number>> = {
  standard: 5,
  premium: 15,
  enterprise: 20,
  ultimate: 20,
}
/** [GOV-004] */
export const SUITECLOUD_PLUS_MAX: Readonly<Record<ServiceTier, number>> = {
  standard: 1,
  premium: 3,
  enterprise: 6,
  ultimate: 12,
}
/** [GOV-004] */
const SLOTS_PER_LICENCE = 10
/** Body of one request. [GOV-033, REC-117] */
export const REQUEST_BYTES_MAX = 104 * 1024 * 1024
/** Developer and partner accounts, whatever else they hold. [GOV-006] */
const DEVELOPER_LIMIT = 5

export interface AccountContract {
  readonly accountType: 'production' | 'sandbox' | 'developer'
  readonly serviceTier: ServiceTier
  readonly suiteCloudPlus: number
  /** 1..5: the account is the field report's, not Oracle's. [GOV-007] */
  readonly fieldReportTier?: number | undefined
}

/** 15, 25, 35, 45, 55. [GOV-007] */
const fieldReportBase = (tier: number): number => 5 + 10 * tier

/** The account's concurrency limit. A sandbox has its production account's. [GOV-006] */
export function accountConcurrencyLimit({
  accountType,
  serviceTier,
  suiteCloudPlus,
  fieldReportTier,
}: AccountContract): number {
  if (accountType === 'developer') return DEVELOPER_LIMIT
  const base = fieldReportTier === undefined ? BASE_LIMIT[serviceTier] : fieldReportBase(fieldReportTier)
  return base + SLOTS_PER_LICENCE * suiteCloudPlus
}
