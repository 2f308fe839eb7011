/**
 * What a login costs: the check of a signature of OAuth 1.0a and of a bearer token. Every request has a header of its own, as
 * on the wire; one core, no sockets. The median of the rounds counts.
 */
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { tokenRequest } from '../protocol/assertion.ts'
import { createSigner } from '../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireRequest } from '../protocol/wire.ts'
import { createAuthentication } from '../simulator/auth/index.ts'
import { throwAwayIntegration } from '../simulator/auth/throw-away.ts'
import { ADMINISTRATOR } from '../simulator/permissions/principal.ts'
import { loadProfile } from '../simulator/profile.ts'
import { parseRequest } from '../simulator/request.ts'
import { figure, type Part, verdict } from './part.ts'

export interface AuthRow {
  readonly name: string
  readonly us: number
  readonly goal: number
}

const GOAL_US = 12
const REQUESTS = 20_000
const ROUNDS = 7

async function benchAuth(log: (line: string) => void): Promise<AuthRow[]> {
  const clock = new VirtualClock()
  const profile = loadProfile('premium')
  const { integration, oauth2 } = throwAwayIntegration(createRng('bench'))
  const rng = createRng('account')
  const { accountId } = profile
  const roleNamed = () => ADMINISTRATOR
  const account = createAuthentication({ clock, rng, profile, integrations: [integration], roleNamed })
  const baseUrl = `https://${accountId}.suitetalk.api.netsuite.com`
  const url = `${baseUrl}${RECORD_BASE_PATH}/salesOrder/4711?expandSubResources=true`
  const sign = createSigner(clock, createRng('client'), {
    accountId,
    ...integration,
    ...integration.tokens![0]!,
  })
  const asked = tokenRequest(clock, createRng('client'), oauth2, { baseUrl })
  const { access_token: token } = JSON.parse(account.oauth2.plan(parseRequest(asked))!.run().body)
  // A fresh string for each request, as a server would read it.
  const bearer = (): WireRequest => ({
    method: 'GET',
    url,
    headers: { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') },
  })
  const rows = [
    { name: 'OAuth 1.0a signature (TBA)', request: () => sign({ method: 'GET', url, headers: {} }) },
    { name: 'OAuth 2.0 bearer token', request: bearer },
  ]
  return rows.map(({ name, request }) => {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const requests = Array.from({ length: REQUESTS }, request)
      const started = process.cpuUsage()
      for (const one of requests) account.login.verify(one)
      return process.cpuUsage(started).user / REQUESTS
    })
    const us = rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!
    log(`${name}: ${us.toFixed(2)} µs`)
    return { name, us, goal: GOAL_US }
  })
}

export const auth: Part<AuthRow> = {
  name: 'auth',
  measure: benchAuth,
  tables: (rows) => [
    {
      title: 'Checking a login, one core, processor time',
      columns: ['login', 'time', 'per second', 'goal', ''],
      rows: rows.map(({ name, us, goal }) => [
        name,
        `${figure(us, 1)} µs`,
        figure(1_000_000 / us),
        `≤ ${goal} µs`,
        verdict(us <= goal),
      ]),
    },
  ],
}
