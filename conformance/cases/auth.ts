/**
 * Logging in by token (OAuth 1.0a). All requests read, so these cases run on read-only targets; a login that is right
 * is known by the 404 of a record that does not exist. How each refusal looks is mostly not documented: see the levels.
 */
import type { ConformanceCase, Need } from '../case.ts'
import { CUSTOMER, NO_ID } from './given.ts'

const PATH = `${CUSTOMER}/${NO_ID}`
const needs: Need[] = ['tba']
/** Refused, one way or the other: which of the two it is on REST is not documented for every reason. */
const REFUSED = { $anyOf: [400, 401] }
const LOGIN_SENTENCE =
  'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.'

export const authCases: readonly ConformanceCase[] = [
  {
    id: 'auth.wrong-secret-401',
    title: 'a signature made with a wrong secret is refused with 401',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-040',
      says: 'a bad login answers 401 with title Unauthorized and code INVALID_LOGIN',
    },
    needs,
    steps: [
      {
        send: { GET: PATH, sign: 'wrong-consumer-secret' },
        expect: { status: 401, errorCode: 'INVALID_LOGIN', body: { title: 'Unauthorized', status: 401 } },
      },
      {
        send: { GET: PATH, sign: 'wrong-token-secret' },
        expect: { status: 401, errorCode: 'INVALID_LOGIN', body: { title: 'Unauthorized', status: 401 } },
      },
    ],
  },
  {
    id: 'auth.unknown-token-401',
    title: 'a token the account does not know is refused with 401',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-E01', says: 'a bad token answers 401 INVALID_LOGIN' },
    needs,
    steps: [
      {
        send: { GET: PATH, sign: 'unknown-token' },
        expect: { status: 401, errorCode: 'INVALID_LOGIN' },
      },
    ],
  },
  {
    id: 'auth.login-sentence',
    title: 'the refusal of a login points at the Login Audit Trail in fixed words',
    level: 'should',
    evidence: 'documented',
    source: { ref: 'REC-E01', says: 'the detail is one generic sentence that names the Login Audit Trail' },
    needs,
    steps: [
      {
        send: { GET: PATH, sign: 'unknown-token' },
        expect: { status: 401, body: { 'o:errorDetails': [{ detail: LOGIN_SENTENCE }] } },
      },
    ],
  },
  {
    id: 'auth.www-authenticate',
    title: 'a refused login carries WWW-Authenticate with the realm and a coarse reason',
    level: 'must',
    evidence: 'observed',
    source: {
      ref: 'AUT-041',
      says: 'WWW-Authenticate is OAuth with the account as realm, an error, and a generic description',
    },
    needs,
    steps: [
      {
        send: { GET: PATH, sign: 'wrong-token-secret' },
        expect: {
          status: 401,
          header: {
            'www-authenticate': {
              $matches:
                '^OAuth realm="{account}", ?error="[a-z_]+", ?error_description="Invalid login attempt\\."$',
            },
          },
        },
      },
    ],
  },
  {
    id: 'auth.token-rejected',
    title: 'the coarse reason of a refused login is token_rejected',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'AUT-041', says: 'the only value seen on the wire is error="token_rejected"' },
    needs,
    steps: [
      {
        send: { GET: PATH, sign: 'unknown-token' },
        expect: { status: 401, header: { 'www-authenticate': { $matches: 'error="token_rejected"' } } },
      },
    ],
  },
  {
    id: 'auth.timestamp-window',
    title: 'a timestamp is good within five minutes of the server time, on either side',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'AUT-028', says: 'the timestamp must be within five minutes of the server time' },
    needs,
    steps: [
      { send: { GET: PATH, sign: 'timestamp-400s-old' }, expect: { status: REFUSED } },
      { send: { GET: PATH, sign: 'timestamp-400s-ahead' }, expect: { status: REFUSED } },
      { send: { GET: PATH, sign: 'timestamp-200s-old' }, expect: { status: 404 } },
    ],
  },
  {
    id: 'auth.nonce-only-once',
    title: 'the same nonce and timestamp are good for one request only',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'AUT-027', says: 'a pair of nonce and timestamp may be used once per user' },
    needs,
    steps: [
      { send: { GET: PATH }, expect: { status: 404 } },
      { resend: 0, sign: 'replayed', expect: { status: REFUSED } },
      { resend: 0, expect: { status: 404 } },
    ],
  },
  {
    id: 'auth.hmac-sha1-refused',
    title: 'a signature by HMAC-SHA1 is refused although it is right',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'AUT-020', says: 'HMAC-SHA256 is the only signature method; HMAC-SHA1 ended with 2023.1' },
    needs,
    steps: [{ send: { GET: PATH, sign: 'hmac-sha1' }, expect: { status: REFUSED } }],
  },
  {
    id: 'auth.query-is-signed',
    title: 'parameters of the query belong to what is signed',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'AUT-022', says: 'the base string holds the query parameters along with the oauth ones' },
    needs,
    steps: [
      { send: { GET: `${PATH}?fields=companyName,email` }, expect: { status: 404 } },
      {
        send: { GET: `${PATH}?fields=companyName,email`, sign: 'query-left-out' },
        expect: { status: REFUSED },
      },
    ],
  },
  {
    id: 'auth.login-comes-first',
    title: 'nothing is told about a path before the login is right',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'AUT-040', says: 'a bad login answers 401, whatever is asked for' },
    needs,
    steps: [
      {
        send: { GET: '/services/rest/record/v1/seatrialnosuchtype/1', sign: 'wrong-token-secret' },
        expect: { status: 401, errorCode: 'INVALID_LOGIN' },
      },
    ],
  },
  {
    id: 'auth.refusals-look-alike',
    title:
      'missing header, unknown key, timestamp, nonce and algorithm are all refused with 401 INVALID_LOGIN',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'AUT-042',
      says: 'the reason of a refused login is told in the Login Audit Trail only, not on the wire',
    },
    needs,
    steps: [
      { send: { GET: PATH, sign: 'unsigned' }, expect: { status: 401, errorCode: 'INVALID_LOGIN' } },
      { send: { GET: PATH, sign: 'unknown-consumer' }, expect: { status: 401, errorCode: 'INVALID_LOGIN' } },
      {
        send: { GET: PATH, sign: 'timestamp-400s-old' },
        expect: { status: 401, errorCode: 'INVALID_LOGIN' },
      },
      { send: { GET: PATH, sign: 'hmac-sha1' }, expect: { status: 401, errorCode: 'INVALID_LOGIN' } },
      { send: { GET: PATH }, expect: { status: 404 } },
      { resend: 4, sign: 'replayed', expect: { status: 401, errorCode: 'INVALID_LOGIN' } },
    ],
  },
]
