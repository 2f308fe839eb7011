/** If this fails, a mistake in a profile's roles goes unnoticed and a run tests the wrong rights. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/error.ts'
import { loadProfile, type ProfileInput } from '../profile.ts'
import { createTestAccount } from '../test-account.ts'

function refusal(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const integrations = (role: string): NonNullable<ProfileInput['integrations']> => [
  {
    name: 'sync',
    consumerKey: 'k'.repeat(8),
    consumerSecret: 's'.repeat(8),
    tokens: [{ tokenId: 't'.repeat(8), tokenSecret: 's'.repeat(8), role }],
  },
]

describe('a profile', () => {
  it('refuses a token of an unknown role, and names the nearest [AUT-002]', () => {
    const error = refusal(() =>
      loadProfile('premium', {
        roles: [{ name: 'Sales Clerk' }, { name: 'Warehouse' }],
        integrations: integrations('Sale Clerk'),
      }),
    )
    expect(error).toMatchObject({ code: 'E_PROFILE_INVALID', message: 'unknown role "Sale Clerk"' })
    expect(error.details).toMatchObject({
      pointer: '/integrations/0/tokens/0/role',
      mend: 'did you mean "Sales Clerk"?',
    })
  })
  it('accepts Administrator, which every account has, and refuses a second one [AUT-002]', () => {
    expect(loadProfile('premium', { integrations: integrations('Administrator') }).roles).toEqual([])
    const error = refusal(() => loadProfile('premium', { roles: [{ name: 'Administrator' }] }))
    expect(error.details.pointer).toBe('/roles/0/name')
  })
  it('refuses a permission on what the account does not have, and names the nearest [AUT-004]', () => {
    const start = (permissions: Record<string, 'view'>) =>
      createTestAccount({ profile: { roles: [{ name: 'Clerk', permissions }] } })
    const error = refusal(() => start({ salesOrders: 'view' }))
    expect(error.details).toMatchObject({
      pointer: '/roles/0/permissions/salesOrders',
      mend: 'did you mean "salesOrder"?',
    })
    expect(() =>
      start({ SALESORDER: 'view', transactions: 'view', SuiteAnalyticsWorkbook: 'view' }),
    ).not.toThrow()
  })
  it('refuses locked fields of an unknown type [REC-118]', () => {
    const roles = [{ name: 'Clerk', lockedFields: { custmer: ['email'] } }]
    expect(refusal(() => createTestAccount({ profile: { roles } })).details.mend).toBe(
      'did you mean "customer"?',
    )
  })
})
