/** What the account says of itself: `governanceLimits`, to administrators, and `serverTime`, to anybody. [GOV-012, REC-401] */
import { ApiFault } from '../api-fault.ts'
import { permitAdministrator } from '../permissions/permit.ts'
import { type Answer, type Call, type Operation, plain } from './operation.ts'

/** `rest` is what follows `/services/rest/system/v1` in the path. */
export function planSystem(call: Call, rest: readonly string[]): Operation {
  const { path, method } = call.request
  const name = rest.length === 1 ? rest[0] : undefined
  if (name !== 'governanceLimits' && name !== 'serverTime') {
    throw new ApiFault(
      'INVALID_URL',
      `Invalid request URL. '${path}' is no operation of the system service.`,
      {
        url: path,
      },
    )
  }
  if (method !== 'GET') {
    throw new ApiFault('INVALID_METHOD', `This operation is not allowed for ${name}. Use GET.`)
  }
  if (name === 'serverTime') return plain('system.serverTime', () => json(serverTime(call)))
  permitAdministrator(call)
  return plain('system.governanceLimits', () => json(governanceLimits(call)))
}

/** As they are now, for the integration that asks. [GOV-009, GOV-010, GOV-012] */
function governanceLimits({ account, principal }: Call): Record<string, unknown> {
  const { concurrencyLimit, allocations } = account.limits()
  const allocated = Object.values(allocations).reduce((sum, slots) => sum + slots, 0)
  const own = Object.hasOwn(allocations, principal.integration)
    ? allocations[principal.integration]
    : undefined
  return {
    accountConcurrencyLimit: concurrencyLimit,
    accountUnallocatedConcurrencyLimit: concurrencyLimit - allocated,
    ...(own !== undefined && { integrationConcurrencyLimit: own }),
    integrationLimitType: own === undefined ? 'accountLimit' : 'integrationSpecific',
  }
}

/** The name of the key is not documented; the time is UTC. [REC-401] */
function serverTime({ account }: Call): Record<string, unknown> {
  return { serverTime: new Date(account.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z') }
}

function json(body: Record<string, unknown>): Answer {
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { status: 200, headers, body: JSON.stringify(body), committed: false }
}
