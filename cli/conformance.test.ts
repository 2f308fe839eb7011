/** If this fails, a target that can be used is given up, or one that cannot is asked on and on. */
import { describe, expect, it } from 'vitest'
import type { Login } from '../protocol/login.ts'
import { TransportError } from '../protocol/transport.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { knock } from './conformance.ts'

const RESET = new TransportError('E_CONNECTION_RESET', 'unknown', 'the connection was reset')
const OK: WireResponse = { status: 200, headers: {}, body: '{}' }

/** Knocks at a target that answers like this, one after the other: how it ended, and the signatures that were used. */
async function knocking(...answers: (WireResponse | TransportError)[]) {
  const signatures: string[] = []
  const transport = {
    send: async ({ headers }: { headers: Readonly<Record<string, string>> }): Promise<WireResponse> => {
      signatures.push(headers.authorization!)
      const answer = answers.shift()!
      if (answer instanceof Error) throw answer
      return answer
    },
    close: async () => {},
  }
  let signed = 0
  const login: Login = {
    authorize: (request) => ({ ...request, headers: { authorization: `nonce ${++signed}` } }),
    refused: () => false,
  }
  const outcome = await knock(transport, login, 'https://account.example').then(
    () => 'in',
    ({ code }) => code,
  )
  return { outcome, signatures }
}

describe('the first request to a target', () => {
  it('is sent once more, signed anew, after a connection reset', async () => {
    expect(await knocking(RESET, OK)).toEqual({ outcome: 'in', signatures: ['nonce 1', 'nonce 2'] })
  })
  it('is given up after the second', async () => {
    const { outcome, signatures } = await knocking(RESET, RESET, OK)
    expect([outcome, signatures.length]).toEqual(['E_TARGET_UNREACHABLE', 2])
  })
  it.each(['E_CONNECTION_REFUSED', 'E_NAME_NOT_FOUND', 'E_TLS', 'E_TIMEOUT'] as const)(
    'is not sent again after %s',
    async (code) => {
      const { outcome, signatures } = await knocking(new TransportError(code, 'none', 'no'), OK)
      expect([outcome, signatures.length]).toEqual(['E_TARGET_UNREACHABLE', 1])
    },
  )
  it('is not sent again when the login is refused', async () => {
    const { outcome, signatures } = await knocking({ ...OK, status: 401 }, OK)
    expect([outcome, signatures.length]).toEqual(['E_TARGET_REFUSED', 1])
  })
})
