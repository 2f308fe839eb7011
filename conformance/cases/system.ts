/** The system service, and OPTIONS, which clients use to test a login. */
import type { ConformanceCase } from '../case.ts'

const LIMITS = '/services/rest/system/v1/governanceLimits'

export const systemCases: readonly ConformanceCase[] = [
  {
    id: 'system.options-answers-204',
    title: 'OPTIONS on the record service answers 204 without a body',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-012', says: 'OPTIONS below /services/rest answers 204; clients test logins by it' },
    steps: [{ send: { OPTIONS: '/services/rest/record/v1' }, expect: { status: 204, text: '' } }],
  },
  {
    id: 'system.options-tests-login',
    title: 'OPTIONS with a wrong secret answers 401',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'REC-012', says: 'a login test has to fail when the login does' },
    needs: ['tba'],
    steps: [
      {
        send: { OPTIONS: '/services/rest/record/v1', sign: 'wrong-token-secret' },
        expect: { status: 401 },
      },
    ],
  },
  {
    id: 'system.governance-limits',
    title: 'an administrator is told the limits of the account and of the integration',
    level: 'should',
    evidence: 'documented',
    source: { ref: 'GOV-012', says: 'two integers and integrationLimitType; administrators only' },
    steps: [
      {
        send: { GET: LIMITS },
        expect: {
          status: 200,
          body: {
            accountConcurrencyLimit: { $type: 'integer' },
            accountUnallocatedConcurrencyLimit: { $type: 'integer' },
            integrationLimitType: { $matches: '^(integrationSpecific|accountLimit|internal)$' },
          },
        },
      },
    ],
  },
  {
    id: 'system.governance-limits-refused',
    title: 'a role that is no administrator is not told the limits',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'GOV-012', says: 'the operation answers administrators only' },
    needs: ['restricted-role'],
    steps: [
      {
        send: { GET: LIMITS, sign: 'restricted-role' },
        expect: { status: { $anyOf: [400, 403] }, body: { accountConcurrencyLimit: { $absent: true } } },
      },
    ],
  },
  {
    id: 'system.server-time',
    title: 'serverTime tells the time in UTC',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-401', says: 'serverTime gives UTC to anybody; path and body are our reading' },
    steps: [
      {
        send: { GET: '/services/rest/system/v1/serverTime' },
        expect: {
          status: 200,
          text: { $matches: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z' },
        },
      },
    ],
  },
]
