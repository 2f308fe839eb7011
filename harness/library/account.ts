/** What the library's client and engine are told of an account, and the parts they are built from. */
import { type Clock, SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import type { OAuth2Credentials } from '../../protocol/assertion.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import type { TbaCredentials } from '../../protocol/signing.ts'
import type { Transport } from '../../protocol/transport.ts'
import type { EngineDeps, EngineObserver } from '../engine/engine.ts'
import { NOBODY } from '../observe/observers.ts'

export interface AccountOptions {
  /** Account id as NetSuite shows it, e.g. `1234567` or `1234567_SB1`. [AUT-008] */
  readonly account: string
  /** Tokens of OAuth 1.0a, or a certificate of OAuth 2.0. Take them from a file or the environment; they are never logged. */
  readonly credentials: Omit<TbaCredentials, 'accountId'> | OAuth2Credentials
  /** Origin of the account. Default: the account's own host [REC-001, REC-002]; a simulated account has another. */
  readonly baseUrl?: string | undefined
  /** PEM file of a CA to trust in addition, e.g. that of `seatrial serve --tls`. */
  readonly caFile?: string | undefined
  /** Told of what is done, all of it (`createMonitor`) or a part, e.g. `{ attempt: (event) => … }`. Default: nobody. */
  readonly observer?: Partial<EngineObserver> | undefined
  /** Default: the machine's clock. Virtual time needs a transport in process. */
  readonly clock?: Clock | undefined
  /** Of nonces and jitter. Default: chosen by the machine. */
  readonly seed?: string | number | undefined
  /** Default: HTTP over connections that are kept alive; closed with the client or engine. */
  readonly transport?: Transport | undefined
}

/** Parts for an engine or a client, and what closes those that were made here. */
export function partsOf(options: AccountOptions): { deps: EngineDeps; close: () => Promise<void> } {
  const { account, credentials, baseUrl = hostOf(account), caFile } = options
  const own = options.transport === undefined ? createHttpTransport({ caFile }) : undefined
  const deps: EngineDeps = {
    clock: options.clock ?? new SystemClock(),
    rng: createRng(options.seed ?? entropySeed()),
    transport: options.transport ?? own!,
    baseUrl,
    credentials: 'certificateId' in credentials ? credentials : { ...credentials, accountId: account },
    observer: { ...NOBODY, ...options.observer },
  }
  return { deps, close: async () => own?.close?.() }
}

/** Lower case with a hyphen, where the id has an underscore. [REC-001, REC-002] */
function hostOf(account: string): string {
  return `https://${account.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`
}
