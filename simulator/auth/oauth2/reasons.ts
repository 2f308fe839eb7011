/** Why OAuth 2.0 fails: the audit trail's words, the `error` values of the token endpoint, and which goes with which. */

/** [AUT-093] */
export const TOKEN_REASONS = [
  'AccessTokenExpired',
  'TokenExpired',
  'TokenRejected',
  'TokenBlocked',
  'InvalidTokenType',
  'InvalidSignature',
  'SignatureValidation',
  'UnsupportedAlgo',
  'TokenNotAcceptable',
  'TokenValidityTooBroad',
  'InvalidIssuer',
  'MissingKeyId',
  'MissingKey',
  'InvalidIntegration',
  'IntegrationBlocked',
  'ScopeMismatched',
  'InvalidScope',
  'AuthorizationCodeGrantRequired',
  'ClientIdMismatch',
  'EntityOrRoleDisabled',
  'FeatureDisabled',
] as const
export type TokenReason = (typeof TOKEN_REASONS)[number]

/** [AUT-084] */
export const TOKEN_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
] as const
export type TokenError = (typeof TOKEN_ERRORS)[number]

/**
 * The `error` of a refused assertion. Key, client and signature are the client's fault, entity and role the grant's,
 * everything else the request's, as the set-up guide has it; the help has no list. [AUT-070, AUT-071]
 */
export const ASSERTION_ERRORS: Readonly<Partial<Record<TokenReason, TokenError>>> = {
  MissingKeyId: 'invalid_client',
  MissingKey: 'invalid_client',
  InvalidIssuer: 'invalid_client',
  InvalidIntegration: 'unsupported_grant_type',
  IntegrationBlocked: 'invalid_client',
  InvalidSignature: 'invalid_client',
  EntityOrRoleDisabled: 'invalid_grant',
  InvalidScope: 'invalid_scope',
  ScopeMismatched: 'invalid_scope',
  FeatureDisabled: 'unauthorized_client',
}
