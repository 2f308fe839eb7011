/** If this fails, an integration that insists on HTTPS and the real host name cannot be tried on the served account. */
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { Client } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { put, type Served, scratchFolder, seatrial, serve } from './cli.ts'

const cwd = scratchFolder()
let account: Served
beforeAll(async () => {
  account = await serve(cwd, '--tls', '--latency', 'none')
})
afterAll(async () => {
  const { caFile } = account.ready
  expect(await account.stop()).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(caFile!)).toBe(false)
})

describe('seatrial serve --tls', () => {
  it('lets a client through that trusts the CA', async () => {
    expect(account.ready.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(readFileSync(account.ready.caFile!, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect((await account.call('GET', '/currency/1')).status).toBe(200)
  })
  it('is not trusted by one that does not', async () => {
    const transport = createHttpTransport()
    const url = `${account.ready.baseUrl}/`
    const refused = transport.send({ method: 'GET', url, headers: {} }, { timeoutMs: 10_000 })
    await expect(refused).rejects.toMatchObject({ code: 'E_TLS', effect: 'none' })
    await transport.close()
  })
  it('serves the real host name to a client that is led to loopback', async () => {
    const { ready } = account
    const { port } = new URL(ready.baseUrl)
    const origin = 'https://1234567.suitetalk.api.netsuite.com'
    const path = `${RECORD_BASE_PATH}/currency/1`
    const client = new Client(`${origin}:${port}`, {
      connect: {
        ca: readFileSync(ready.caFile!, 'utf8'),
        lookup: (_name, options, found) => {
          if (options.all === true) found(null, [{ address: '127.0.0.1', family: isIP('127.0.0.1') }])
          else found(null, '127.0.0.1', 4)
        },
      },
    })
    const sign = createSigner(new SystemClock(), createRng(entropySeed()), ready)
    const { headers } = sign({ method: 'GET', url: origin + path, headers: { host: new URL(origin).host } })
    const answer = await client.request({ method: 'GET', path, headers })
    expect(answer.statusCode).toBe(200)
    expect(await answer.body.text()).toContain(`${origin}${path}`)
    await client.close()
  })
  it('can be a target of the conformance suite by its ready file', async () => {
    const target = put(cwd, 'target.yaml', {
      name: 'tls',
      accountType: 'simulator',
      allowWrites: true,
      credentials: { fromFile: account.readyFile },
    })
    expect(await seatrial(['conform', '--target', target, '--only', 'records'], cwd)).toMatchObject({
      code: 0,
    })
    const noPem = put(cwd, 'no.pem', 'not a certificate')
    const broken = put(cwd, 'broken.yaml', {
      name: 'tls',
      accountType: 'simulator',
      caFile: noPem,
      credentials: { fromFile: account.readyFile },
    })
    const { code, stderr } = await seatrial(['conform', '--target', broken], cwd)
    expect(code, stderr).toBe(3)
  })
})
