/**
 * The door of the control API over HTTP: who may come in, and how much they may bring. With a token everybody who has it;
 * without one whoever is on this machine, addresses it by a loopback name, and does not act for a web page from elsewhere,
 * so that no page can reach it by rebinding. Nothing of a body is read before, and never more than the limit.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { CONTROL_BASE_PATH, type WireRequest, type WireResponse } from '../../protocol/wire.ts'
import { CUT_OFF, readBody, TOO_LARGE, toWire, turnAway } from '../http-body.ts'
import { bodyTooLarge, CONTROL_BODY_BYTES_MAX, refusal } from './control.ts'
import { ControlError, notFound } from './route.ts'

export interface DoorOptions {
  readonly scheme: 'http' | 'https'
  /** Secret that callers send as `Authorization: Bearer`. Absent: loopback only. */
  readonly token?: string | undefined
}

type Control = (request: WireRequest) => Promise<WireResponse>

/** Makes the listener of the control API. Hono is loaded with its first request: it would be a tenth of the start. */
export function createDoor(control: Control, options: DoorOptions): RequestListener {
  let opened: Promise<RequestListener> | undefined
  return (incoming, outgoing) => {
    opened ??= openDoor(control, options)
    opened.then(
      (listener) => listener(incoming, outgoing),
      () => outgoing.destroy(),
    )
  }
}

async function openDoor(control: Control, { scheme, token }: DoorOptions): Promise<RequestListener> {
  const [{ getRequestListener }, { RESPONSE_ALREADY_SENT }, { Hono }] = await Promise.all([
    import('@hono/node-server'),
    import('@hono/node-server/utils/response'),
    import('hono'),
  ])
  const isAllowed = token === undefined ? isLoopback : hasToken(token)
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('*', async ({ env: { incoming, outgoing } }) => {
    const turnedAway = (error: ControlError): Response => {
      turnAway(incoming, outgoing as ServerResponse, refusal(error))
      return RESPONSE_ALREADY_SENT
    }
    if (!isAllowed(incoming)) return turnedAway(token === undefined ? LOOPBACK_ONLY : TOKEN_MISSING)
    if (!(incoming.url ?? '').startsWith(`${CONTROL_BASE_PATH}/`)) return turnedAway(ELSEWHERE)
    const body = await readBody(incoming, CONTROL_BODY_BYTES_MAX)
    if (body === CUT_OFF) return RESPONSE_ALREADY_SENT
    if (body === TOO_LARGE) return turnedAway(bodyTooLarge())
    const answer = await control(toWire(incoming, scheme, body))
    return new Response(answer.status === 204 ? null : answer.body, answer)
  })
  return getRequestListener((request, env) => app.fetch(request, env as HttpBindings))
}

const LOOPBACK_ONLY = new ControlError(
  403,
  'E_LOOPBACK_ONLY',
  'without a token the control API answers on loopback only',
  'call it as 127.0.0.1 or localhost, or start the account with --control-token-file',
)
const TOKEN_MISSING = new ControlError(
  401,
  'E_CONTROL_TOKEN',
  'the control API asks for its token',
  'send authorization: Bearer and the content of the file that --control-token-file names; the ready file has its path',
  { 'www-authenticate': 'Bearer realm="seatrial control API"' },
)
const ELSEWHERE = notFound(
  'this port has the control API only',
  `its addresses start with ${CONTROL_BASE_PATH}/; GET ${CONTROL_BASE_PATH}/openapi.json describes them`,
)

/** Digests are compared, in constant time: they have one length, whatever was sent. */
function hasToken(token: string): (incoming: IncomingMessage) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const wanted = digest(token)
  return ({ headers }) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? []
    return given !== undefined && timingSafeEqual(digest(given), wanted)
  }
}

function isLoopback({ socket, headers }: IncomingMessage): boolean {
  const remote = socket.remoteAddress ?? ''
  const byAddress = remote.startsWith('127.') || remote === '::1' || remote.startsWith('::ffff:127.')
  const page = headers.origin?.replace(/^https?:\/\//, '')
  return byAddress && isLoopbackName(headers.host ?? '') && (page === undefined || isLoopbackName(page))
}

/** Of a host, with or without a port. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
}
