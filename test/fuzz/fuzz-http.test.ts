/** If this fails, a malformed request that the account survives in process brings down its HTTP server, or changes its answer. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner } from '../../protocol/signing.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import { type Served, scratchFolder, serve } from '../e2e/cli.ts'
import { complaint } from './drive.ts'
import { drawRequest } from './requests.ts'

const REQUESTS = 400
const TIMEOUT_MS = 20_000
/** Set by the client itself, or refused by it before anything is sent. */
const CLIENTS_OWN = ['content-length', 'content-encoding']

let account: Served
beforeAll(async () => {
  account = await serve(scratchFolder(), '--latency', 'none')
})
afterAll(async () => {
  expect(await account.stop()).toMatchObject({ code: 0, stderr: '' })
})

it(`${REQUESTS} malformed requests over HTTP get what they get in process [REC-250, REC-251]`, async () => {
  const catalogue = loadBundledCatalogue()
  const transport = createHttpTransport()
  const rng = createRng('http')
  const sign = createSigner(new SystemClock(), rng.fork('client'), account.ready)
  let sent = 0
  for (let number = 0; number < REQUESTS; number++) {
    const { method, path, headers, body } = drawRequest(rng.fork(String(number)), catalogue)
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !CLIENTS_OWN.includes(name)))
    let request: Parameters<typeof transport.send>[0]
    try {
      request = sign({ method, url: account.ready.baseUrl + path, headers: kept, body })
    } catch {
      continue
    }
    const answer = await transport.send(request, { timeoutMs: TIMEOUT_MS }).catch((error: Error) => error)
    // What the client refuses to send, such as an unknown method, proves nothing of the account.
    if (answer instanceof Error) continue
    sent++
    // HEAD and OPTIONS have no body to look at.
    if (method === 'HEAD') continue
    expect(
      complaint(path, answer),
      `${number}: ${method} ${path} ${body}\n${answer.status} ${answer.body}`,
    ).toBeUndefined()
  }
  await transport.close()
  expect(sent).toBeGreaterThan(REQUESTS / 2)
  expect(await account.control('GET', '/health')).toMatchObject({ status: 'ready' })
})
