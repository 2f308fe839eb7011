/**
 * OAuth 2.0: access tokens for a certificate, and bearer tokens that nobody issued. What the token endpoint says to a wrong
 * assertion is not documented for this grant, so little is asked of it. A request for a token makes nothing that would have to go.
 */
import type { ConformanceCase, Need } from '../case.ts'
import { CUSTOMER, NO_ID } from './given.ts'

const PATH = `${CUSTOMER}/${NO_ID}`
const TOKEN = '/services/rest/auth/oauth2/v1/token'
const needs: Need[] = ['oauth2']
/** As it is for a wrong login, or for a wrong request. */
const REFUSED = { $anyOf: [400, 401] }

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
  {
    id: 'oauth.token-for-assertion',
    title: 'an assertion signed with the key of a mapped certificate is good for an access token of an hour',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-065',
      says: 'success is 200 with access_token, expires_in 3600 and token_type bearer, and no refresh token',
    },
    needs,
    steps: [
      {
        send: { POST: TOKEN, sign: 'assertion' },
        expect: {
          status: 200,
          body: {
            access_token: { $type: 'string' },
            expires_in: 3600,
            token_type: { $matchesAnyCase: '^bearer$' },
            refresh_token: { $absent: true },
          },
        },
      },
    ],
  },
  {
    id: 'oauth.token-logs-in',
    title: 'an access token logs in, until its signature is altered',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-090',
      says: 'a request carries Authorization: Bearer and the access token',
    },
    needs,
    steps: [
      { send: { GET: PATH }, expect: { status: 404 } },
      { send: { GET: PATH, sign: 'altered-token' }, expect: { status: 401 } },
      { send: { GET: PATH }, expect: { status: 404 } },
    ],
  },
  {
    id: 'oauth.assertion-of-whom',
    title: 'an assertion of an unknown client or certificate is good for nothing',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-061',
      says: 'kid is the id of a mapped certificate, and iss the client id of the integration',
    },
    needs,
    steps: [
      { send: { POST: TOKEN, sign: 'assertion-of-unknown-certificate' }, expect: { status: REFUSED } },
      { send: { POST: TOKEN, sign: 'assertion-of-unknown-client' }, expect: { status: REFUSED } },
    ],
  },
  {
    id: 'oauth.refusal-is-invalid-client',
    title: 'an assertion of an unknown certificate is refused with 401 and the error invalid_client',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'AUT-071', says: 'a wrong kid or client id is answered invalid_client' },
    needs,
    steps: [
      {
        send: { POST: TOKEN, sign: 'assertion-of-unknown-certificate' },
        expect: { status: 401, body: { error: 'invalid_client' } },
      },
    ],
  },
  {
    id: 'oauth.assertion-limits',
    title: 'an assertion for hours, or for another audience, is good for nothing',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'AUT-062',
      says: 'aud is the address of the token endpoint; exp is at most an hour after iat',
    },
    needs,
    steps: [
      { send: { POST: TOKEN, sign: 'assertion-for-three-hours' }, expect: { status: REFUSED } },
      { send: { POST: TOKEN, sign: 'assertion-for-another-audience' }, expect: { status: REFUSED } },
    ],
  },
]
