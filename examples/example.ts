/**
 * What the examples share: an account, served or in their own process, for as long as one runs; its output on the terminal,
 * and with --readme in the last block of the README beside it, where test/docs.test.ts compares the two.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SystemClock, VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createInProcessTransport } from '../protocol/in-process-transport.ts'
import { createSigner } from '../protocol/signing.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { createSimulator } from '../simulator/index.ts'
import { loadProfile } from '../simulator/profile.ts'

const clock = new SystemClock()
const WAIT_MS = 50
const WAITS_MAX = 400
const MAIN = resolve(import.meta.dirname, '../cli/start.js')

/** Serves an account with `options`, lets `work` use it by its ready file, and stops it. Exit code 1 unless all went well. */
export async function withAccount(
  options: readonly string[],
  work: (readyFile: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-example-'))
  const readyFile = join(folder, 'ready.json')
  try {
    const args = [MAIN, 'serve', '--port', '0', '--ready-file', readyFile, ...options]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended = once(child, 'exit')
    try {
      await waitFor(readyFile, child)
      await work(readyFile)
    } finally {
      child.kill('SIGINT')
    }
    const [code] = await ended
    process.exitCode = code === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function waitFor(file: string, child: ChildProcess): Promise<void> {
  for (let waits = 0; waits < WAITS_MAX && child.exitCode === null; waits++) {
    if (existsSync(file)) return
    await clock.sleep(WAIT_MS)
  }
  throw new Error('the account did not start')
}

const TIMEOUT_MS = 30_000

/** An account in virtual time, in this process: `send` throws unless it is answered well, `ask` gives a page of a query. */
export function createAccount() {
  const clock = new VirtualClock()
  const simulator = createSimulator({ clock, rng: createRng('account'), profile: loadProfile('premium') })
  const transport = createInProcessTransport(clock, simulator.handle)
  const sign = createSigner(clock, createRng('client'), simulator.credentials)
  const send = async (method: string, path: string, body: object, headers = {}): Promise<WireResponse> => {
    const url = `${simulator.baseUrl}/services/rest/${path}`
    const request = { method, url, headers: { 'content-type': 'application/json', ...headers } }
    const signed = sign({ ...request, body: JSON.stringify(body) })
    const answer = await transport.send(signed, { timeoutMs: TIMEOUT_MS })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.body}`)
    return answer
  }
  const ask = async <Row>(q: string, params: readonly string[], limit: number): Promise<Row[]> => {
    const path = `query/v1/suiteql?limit=${limit}&offset=0`
    const { body } = await send('POST', path, { q, params }, { prefer: 'transient' })
    return (JSON.parse(body) as { items: Row[] }).items
  }
  return { clock, send, ask, close: () => simulator.close() }
}

/** Prints lines; `done` writes them into the README in `folder` when that was asked for. */
export function createPrinter(folder: string): { print(text: string): void; done(): void } {
  const printed: string[] = []
  return {
    print: (text) => {
      printed.push(text)
      process.stdout.write(`${text}\n`)
    },
    done: () => {
      if (!process.argv.includes('--readme')) return
      const file = join(folder, 'README.md')
      const text = readFileSync(file, 'utf8')
      const fence = '```'
      const from = text.lastIndexOf(`${fence}\n`, text.trimEnd().length - fence.length - 1)
      writeFileSync(file, `${text.slice(0, from)}${fence}\n${printed.join('\n')}\n${fence}\n`)
    },
  }
}
