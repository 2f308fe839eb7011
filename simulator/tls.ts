/** A throw-away certificate authority and a server certificate signed by it, for `serve --tls`. Nothing is kept. */

import { generate } from 'selfsigned'
import type { Clock } from '../kernel/clock.ts'

export interface ThrowAwayTls {
  /** PEM: what clients must trust. */
  readonly ca: string
  /** PEM of the server. */
  readonly key: string
  readonly cert: string
}

const LIFETIME_MS = 30 * 24 * 3_600_000
/** Clients whose clock is a little behind must not find the certificate not yet valid. */
const BACKDATE_MS = 3_600_000

/** Makes both certificates; the server's is valid for `names` (DNS) and the loopback addresses. */
export async function createThrowAwayTls(clock: Clock, names: readonly string[]): Promise<ThrowAwayTls> {
  const dates = {
    notBeforeDate: new Date(clock.now() - BACKDATE_MS),
    notAfterDate: new Date(clock.now() + LIFETIME_MS),
  }
  const ca = await generate([{ name: 'commonName', value: 'Seatrial throw-away CA' }], {
    ...dates,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const altNames = [
    ...['localhost', ...names].map((value) => ({ type: 2 as const, value })),
    { type: 7 as const, ip: '127.0.0.1' },
    { type: 7 as const, ip: '::1' },
  ]
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...dates,
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { ca: ca.cert, key: server.private, cert: server.cert }
}
