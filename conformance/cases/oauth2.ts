/** Bearer tokens of OAuth 2.0 that nobody issued. A target has no client of OAuth 2.0 of its own, so good ones are not tried. */
import type { ConformanceCase } from '../case.ts'
import { CUSTOMER, NO_ID } from './given.ts'

const PATH = `${CUSTOMER}/${NO_ID}`

export const oauth2Cases: readonly ConformanceCase[] = [
  {
    id: 'oauth.bad-bearer-401',
    title: 'a bearer token that the account did not issue is refused with 401 invalid_token',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-091',
      says: 'a bad, expired or revoked token answers 401 with a Bearer challenge, invalid_token and a generic description',
    },
    steps: [
      {
        send: {
          GET: PATH,
          sign: 'unsigned',
          headers: { authorization: 'Bearer seatrial.seatrial.seatrial' },
        },
        expect: {
          status: 401,
          header: {
            'www-authenticate': {
              $matches:
                '^Bearer realm="{account}", ?error="invalid_token", ?error_description="Invalid login attempt\\."$',
            },
          },
        },
      },
    ],
  },
  {
    id: 'oauth.malformed-bearer-400',
    title: 'a bearer header without a token is refused with 400 invalid_request',
    level: 'should',
    evidence: 'documented',
    source: {
      ref: 'AUT-092',
      says: 'a malformed header answers 400 with a Bearer challenge and invalid_request',
    },
    steps: [
      {
        send: { GET: PATH, sign: 'unsigned', headers: { authorization: 'Bearer' } },
        expect: {
          status: 400,
          header: { 'www-authenticate': { $matches: '^Bearer realm="{account}", ?error="invalid_request"' } },
        },
      },
    ],
  },
]
