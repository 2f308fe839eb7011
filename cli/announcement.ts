/** How a served account says that it is there: a ready file for programs, a banner for people. */
import { resolve } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import { entropySeed } from '../kernel/entropy.ts'
import { createRng } from '../kernel/rng.ts'
import type { ServedClock } from '../kernel/served-clock.ts'
import { TOKEN_PATH } from '../protocol/assertion.ts'
import { createSigner, type TbaCredentials } from '../protocol/signing.ts'
import { RECORD_BASE_PATH } from '../protocol/wire.ts'
import { AUTHORIZE_PATH } from '../simulator/auth/oauth2/endpoint.ts'
import type { OAuth2ClientView } from '../simulator/identity.ts'
import type { Simulator } from '../simulator/index.ts'
import { RESTLET_PATH } from '../simulator/restlets/format.ts'
import { writeText } from './files.ts'
import { VERSION } from './product.ts'

export interface Announced {
  readonly baseUrl: string
  readonly controlUrl: string
  /** Absent: the control API asks for no token. */
  readonly controlTokenFile: string | undefined
  readonly simulator: Simulator
  readonly clock: ServedClock
  /** The time that signatures are held against. */
  readonly signingClock: Clock
  /** Absent: plain HTTP. */
  readonly caFile: string | undefined
  readonly oauth2: OAuth2Client | undefined
}

/** What a client of OAuth 2.0 is told; the key is in a file, as a real one would be, and only of a throw-away client. */
export interface OAuth2Client extends OAuth2ClientView {
  readonly privateKeyFile?: string
}

/** Tells programs (ready file, readable by its owner alone), then people (standard output), that the account is there. */
export function announce(readyFile: string | undefined, announced: Announced): void {
  const { baseUrl, controlUrl, controlTokenFile, simulator, oauth2, caFile } = announced
  const ready = {
    baseUrl,
    controlUrl,
    ...(controlTokenFile === undefined ? {} : { controlTokenFile: resolve(controlTokenFile) }),
    restletUrl: baseUrl + RESTLET_PATH,
    accountId: simulator.accountId,
    ...simulator.tba,
    ...(oauth2 === undefined ? {} : { oauth2 }),
    ...(caFile === undefined ? {} : { caFile }),
  }
  if (readyFile !== undefined) writeText(readyFile, `${JSON.stringify(ready, null, 2)}\n`, 0o600)
  for (const warning of simulator.warnings) process.stderr.write(`warning: ${warning}\n`)
  process.stdout.write(banner(announced))
}

function banner(announced: Announced): string {
  const { baseUrl, controlUrl, simulator, clock, signingClock, caFile, oauth2 } = announced
  const { tba, accountId, concurrencyLimit } = simulator
  return `Seatrial ${VERSION}: a NetSuite account that is not one
  base URL         ${baseUrl}
  control API      ${controlUrl}/health
${optional('  control token    in', announced.controlTokenFile)}  account id       ${accountId}
${tba === undefined ? '' : tokenLines(tba)}  concurrency      ${concurrencyLimit} requests at a time
${clockLine(clock)}${oauth2 === undefined ? '' : oauth2Lines(oauth2, baseUrl)}${optional('  CA to trust     ', caFile)}
${tba === undefined ? '' : signedRequest(tba, signingClock, baseUrl, caFile)}Ctrl-C stops it.
`
}

function tokenLines({ consumerKey, consumerSecret, tokenId, tokenSecret }: TbaCredentials): string {
  return `  consumer key     ${consumerKey}
  consumer secret  ${consumerSecret}
  token id         ${tokenId}
  token secret     ${tokenSecret}
`
}

function signedRequest(
  tba: TbaCredentials,
  clock: Clock,
  baseUrl: string,
  caFile: string | undefined,
): string {
  const url = `${baseUrl}${RECORD_BASE_PATH}/currency/1`
  const sign = createSigner(clock, createRng(entropySeed()), tba)
  const { authorization } = sign({ method: 'GET', url, headers: {} }).headers
  return `A signed request (good once, for five minutes):
  curl -s${caFile === undefined ? '' : ` --cacert ${caFile}`} '${url}' \\
    -H '${`Authorization: ${authorization}`}'

`
}

function optional(label: string, value: string | undefined): string {
  return value === undefined ? '' : `${label} ${value}\n`
}

/** Only where it is not the machine's. */
function clockLine({ mode, speed }: ServedClock): string {
  if (mode === 'wall' && speed === 1) return ''
  const how = speed === 0 ? 'held' : `${speed} times as fast as yours`
  return `  clock            ${mode === 'virtual' ? 'virtual: stands still between requests' : how}\n`
}

function oauth2Lines(
  { clientId, certificateId, redirectUri, privateKeyFile }: OAuth2Client,
  baseUrl: string,
): string {
  const lines = [
    ['OAuth 2.0', `client id: ${clientId}`],
    ['certificate id', certificateId],
    ['private key', privateKeyFile && `${privateKeyFile} (ES256)`],
    ['consent page', redirectUri && `${baseUrl}${AUTHORIZE_PATH}, back to ${redirectUri}`],
    ['token endpoint', baseUrl + TOKEN_PATH],
  ]
  const shown = lines.filter(([, text]) => text !== undefined)
  return shown.map(([name, text]) => `  ${name!.padEnd(16)} ${text}\n`).join('')
}
