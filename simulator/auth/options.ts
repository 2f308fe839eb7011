/**
 * What an account lets in, as its profile says it: integration records with tokens and certificates, and the choices
 * where the facts are silent. [AUT-002, AUT-042, AUT-061..071, AUT-080..086]
 */
import { z } from 'zod'
import { TOKEN_ERRORS, TOKEN_REASONS } from './oauth2/reasons.ts'

export const SCOPES = ['restlets', 'rest_webservices', 'suite_analytics', 'mcp'] as const
export type Scope = (typeof SCOPES)[number]
export const GRANTS = ['client_credentials', 'authorization_code'] as const
export type Grant = (typeof GRANTS)[number]

const HOUR_SEC = 3600
const DAY_SEC = 24 * HOUR_SEC

const certificateSchema = z.strictObject({
  id: z.string().min(1).describe('certificate id: the `kid` of assertions [AUT-061]'),
  publicKey: z
    .string()
    .includes('-----BEGIN', 'a PEM text')
    .describe(
      'PEM of an X.509 certificate or of its public key: RSA 3072 or 4096, EC 256, 384 or 521 [AUT-067]',
    ),
  user: z
    .string()
    .min(1)
    .describe('entity it is mapped to; default: the name of the integration [AUT-066]')
    .optional(),
  role: z.string().describe('role it is mapped to; without one, Administrator').optional(),
  revoked: z.boolean().default(false).describe('a revoked certificate stays so [AUT-066]'),
  validUntil: z.iso
    .datetime({ offset: true })
    .describe('end of its validity; default: that of the certificate; a bare key has none [AUT-067]')
    .optional(),
})

const oauth2Schema = z.strictObject({
  clientId: z.string().min(8).describe('default: the consumer key').optional(),
  clientSecret: z.string().min(8).describe('secret; default: the consumer secret').optional(),
  public: z.boolean().default(false).describe('a public client: no secret, PKCE mandatory [AUT-081]'),
  grants: z
    .array(z.enum(GRANTS))
    .default([...GRANTS])
    .describe('boxes ticked on the integration record; others: `unsupported_grant_type` [AUT-071]'),
  scopes: z
    .array(z.enum(SCOPES))
    .default(['restlets', 'rest_webservices', 'suite_analytics'])
    .describe('scopes ticked on the integration record [AUT-062]'),
  redirectUris: z.array(z.url()).default([]).describe('compared letter by letter [AUT-080]'),
  certificates: z
    .array(certificateSchema)
    .default([])
    .describe('at most five that are not revoked [AUT-066]'),
})

export const integrationsSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).describe('shown in the journal; faults can be scoped to it'),
      consumerKey: z.string().min(8).describe('of the integration record [AUT-002]'),
      consumerSecret: z.string().min(8).describe('secret'),
      state: z
        .enum(['enabled', 'blocked'])
        .default('enabled')
        .describe('state of the integration record; a blocked one logs nobody in [AUT-042]'),
      concurrencyLimit: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .describe('slots of its own: reserved for it, and no more than these [GOV-009, GOV-010]')
        .optional(),
      tokens: z
        .array(
          z.strictObject({
            tokenId: z.string().min(8).describe('of a user, a role and this integration [AUT-002]'),
            tokenSecret: z.string().min(8).describe('secret'),
            name: z
              .string()
              .min(1)
              .describe('in the Login Audit Trail; default: application - user, role')
              .optional(),
            user: z
              .string()
              .min(1)
              .describe('whom it was issued to; default: the name of the integration')
              .optional(),
            role: z.string().describe('name of its role; without one, Administrator').optional(),
            revoked: z.boolean().default(false).describe('a revoked token is refused [AUT-042]'),
          }),
        )
        .default([])
        .describe(
          'tokens of OAuth 1.0a; none: the integration logs in by OAuth 2.0 only, as new ones must [AUT-001]',
        ),
      oauth2: oauth2Schema.describe('what OAuth 2.0 needs; without it the integration has none').optional(),
    }),
  )
  .default([])
  .describe('integration records; empty: one with generated throw-away credentials')

export type IntegrationSpec = NonNullable<z.input<typeof integrationsSchema>>[number]
export type OAuth2Spec = z.output<typeof oauth2Schema>

const seconds = (min: number, max: number) => z.number().int().min(min).max(max)

const oauth2Options = z
  .strictObject({
    accessTokenSec: seconds(1, DAY_SEC)
      .default(HOUR_SEC)
      .describe('life of an access token, seconds [AUT-065]'),
    refreshTokenSec: seconds(1, 365 * DAY_SEC)
      .default(7 * DAY_SEC)
      .describe('life of a refresh token, seconds [AUT-083]'),
    publicRefreshTokenSec: seconds(HOUR_SEC, 720 * HOUR_SEC)
      .default(48 * HOUR_SEC)
      .describe('the same for public clients: 1 to 720 hours [AUT-083]'),
    codeSec: seconds(1, HOUR_SEC).default(600).describe('life of an authorization code, seconds; guess'),
    tokensMax: z
      .number()
      .int()
      .min(10)
      .max(1_000_000)
      .default(10_000)
      .describe('access tokens kept; the oldest give way; guess'),
    assertionSec: seconds(1, 2 * HOUR_SEC)
      .default(HOUR_SEC)
      .describe('longest life of an assertion; the audit trail’s words say two hours [AUT-063, AUT-064]'),
    clockSkewSec: seconds(0, 600)
      .default(300)
      .describe(
        'how far ahead of the account an assertion may be issued; as for tokens of OAuth 1.0a [AUT-028]',
      ),
    assertionReplay: z
      .enum(['accept', 'refuse'])
      .default('accept')
      .describe('the same assertion a second time; `jti` is optional [AUT-063]'),
    rs256: z
      .enum(['refuse', '500'])
      .default('refuse')
      .describe(
        'an assertion signed with RS256: `invalid_request`, or the 500 that one project met [AUT-069]',
      ),
    errors: z
      .partialRecord(z.enum(TOKEN_REASONS), z.enum(TOKEN_ERRORS))
      .default({})
      .describe(
        '`error` of the token endpoint by audit reason, in place of the default [AUT-070, AUT-071, AUT-093]',
      ),
    insufficientScope: z
      .enum(['401', '400'])
      .default('401')
      .describe('access token without the scope: 401, or 400 `INVALID_LOGIN_ATTEMPT` [AUT-096, OPQ-072]'),
    pkce: z
      .enum(['public', 'all'])
      .default('public')
      .describe('who must send a code challenge; all, as new integrations from 2027.1 on [AUT-081]'),
    consent: z
      .enum(['approve', 'deny'])
      .default('approve')
      .describe('what the user answers to the consent page, at once [AUT-082]'),
    consentUser: z.string().min(1).describe('who consents; default: the name of the integration').optional(),
    consentRole: z.string().describe('role they choose; without one, Administrator').optional(),
  })
  .prefault({})

export const authSchema = z
  .strictObject({
    clock: z
      .enum(['machine', 'account'])
      .default('machine')
      .describe(
        'whose time timestamps and lives of tokens are held against where the account has a time of its own: ' +
          'that of the machine, as clients know it, or the account’s',
      ),
    wireError: z
      .enum(['token_rejected', 'reason'])
      .default('token_rejected')
      .describe('`error` in `WWW-Authenticate` of a failed login: as captured, or a coarse reason [AUT-041]'),
    badRequestStatus: z
      .enum(['401', '400'])
      .default('401')
      .describe('REST answer to a bad timestamp, algorithm, version or parameter [AUT-042]'),
    inactiveUsers: z.array(z.string().min(1)).default([]).describe('users who cannot log in [AUT-042]'),
    auditCapacity: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(1000)
      .describe('failed logins kept in the Login Audit Trail; older ones are counted'),
    oauth2: oauth2Options,
  })
  .prefault({})

export type AuthOptions = z.output<typeof authSchema>
export type OAuth2Options = AuthOptions['oauth2']
