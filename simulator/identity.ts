/** What an account tells of itself to who started it: where it is, and how to log in as its first integration. */
import { invariant } from '../kernel/invariant.ts'
import type { OAuth2Credentials } from '../protocol/assertion.ts'
import type { TbaCredentials } from '../protocol/signing.ts'
import type { Integration } from './auth/registry.ts'
import { concurrencyLimitOf, hostOf, type Profile } from './profile.ts'

export interface Identity {
  /** As the realm has it. [AUT-008] */
  readonly accountId: string
  /** The first token of the first integration. Secrets. Throws where it has none: see `tba`. */
  readonly credentials: TbaCredentials
  /** The same, or undefined where that integration logs in by OAuth 2.0 only. */
  readonly tba: TbaCredentials | undefined
  /** Name of that integration. */
  readonly integration: string
  /** The same integration's for OAuth 2.0; only where it is a throw-away one, for of others the account holds no private key. */
  readonly oauth2: OAuth2Credentials | undefined
  /** What its clients of OAuth 2.0 are told of it; undefined where it has none. No secrets. */
  readonly oauth2Client: OAuth2ClientView | undefined
  /** The account's own address, `https://<account>.suitetalk.api.netsuite.com`. */
  readonly baseUrl: string
  readonly concurrencyLimit: number
}

export function identityOf(
  profile: Profile,
  integration: Integration,
  oauth2: OAuth2Credentials | undefined,
): Identity {
  const tba = credentialsOf(profile.accountId, integration)
  return {
    accountId: profile.accountId,
    get credentials() {
      invariant(tba !== undefined, `integration ${integration.name} has no tokens`)
      return tba
    },
    tba,
    integration: integration.name,
    oauth2,
    oauth2Client: oauth2ClientView(integration),
    baseUrl: `https://${hostOf(profile)}`,
    concurrencyLimit: concurrencyLimitOf(profile),
  }
}

function credentialsOf(
  accountId: string,
  { consumerKey, consumerSecret, tokens: [first] = [] }: Integration,
): TbaCredentials | undefined {
  if (first === undefined) return undefined
  return { accountId, consumerKey, consumerSecret, tokenId: first.tokenId, tokenSecret: first.tokenSecret }
}

/** An integration record as its owner reads it off the page. */
export interface OAuth2ClientView {
  readonly clientId: string
  /** Of the first certificate that is not revoked. */
  readonly certificateId?: string
  /** The first one. */
  readonly redirectUri?: string
}

function oauth2ClientView({ consumerKey, oauth2 }: Integration): OAuth2ClientView | undefined {
  if (oauth2 === undefined) return undefined
  const certificateId = oauth2.certificates?.find(({ revoked }) => revoked !== true)?.id
  const redirectUri = oauth2.redirectUris?.[0]
  return {
    clientId: oauth2.clientId ?? consumerKey,
    ...(certificateId !== undefined && { certificateId }),
    ...(redirectUri !== undefined && { redirectUri }),
  }
}
