/** The command line as users start it. If this fails, no test in this folder says anything about the product. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireResponse } from '../../protocol/wire.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'cli', 'start.js')
/** The machine may be busy with other tests; nothing here waits that long when all is well. */
const PATIENCE_MS = 50_000
const POLL_MS = 20

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  /** Without the lines of progress, whose number depends on how fast the machine is. */
  readonly stderr: string
  /** Both, for looking at what a person would have seen. */
  readonly text: string
}

const PROGRESS = /^(\S+, (reference|naive) engine|conformance of .*): .*\n/gm

const running = new Set<ChildProcess>()
const folders: string[] = []

/** A folder of this test file's own; removed, like every process left, when the file is done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-e2e-'))
  folders.push(folder)
  return folder
}

afterAll(async () => {
  await Promise.all([...running].map((child) => end(child, 'SIGKILL')))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const finished = new Promise<Finished>((settle) => {
    child.once('close', (code) => {
      running.delete(child)
      settle({ code, stdout, stderr: stderr.replace(PROGRESS, ''), text: stdout + stderr })
    })
  })
  return { child, finished }
}

/** Runs one command to its end. */
export async function seatrial(
  args: readonly string[],
  cwd: string,
  env?: NodeJS.ProcessEnv,
): Promise<Finished> {
  const { child, finished } = start(args, cwd, env)
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  const result = await finished
  clearTimeout(timer)
  return result
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((settle) => child.once('close', settle))
  child.kill(signal)
  await closed
}

/** Polls until `look` gives something; throws after `PATIENCE_MS`. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const found = await look()
    if (found !== undefined) return found
    await pause(POLL_MS)
  }
  throw new Error(`gave up waiting for ${what}`)
}

export interface Ready extends TbaCredentials {
  readonly baseUrl: string
  readonly controlUrl: string
  readonly controlTokenFile?: string
  readonly caFile?: string
  readonly oauth2?: {
    readonly clientId: string
    readonly certificateId: string
    readonly privateKeyFile: string
  }
}

export interface Served {
  readonly ready: Ready
  readonly readyFile: string
  readonly child: ChildProcess
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Finished>
  /** Ends it at once, as a power cut would. */
  kill(): Promise<Finished>
  /** Calls the account, signed. `path` starts below the record service, e.g. `/customer/1`, or at `/services`. */
  call(
    method: string,
    path: string,
    body?: unknown,
    more?: Readonly<Record<string, string>>,
  ): Promise<WireResponse>
  /** Calls the control API; gives the parsed body. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
}

/** Starts `seatrial serve` on a free port and waits until it says it is ready. */
export async function serve(cwd: string, ...args: string[]): Promise<Served> {
  const readyFile = join(mkdtempSync(join(cwd, 'ready-')), 'ready.json')
  const { child, finished } = start(['serve', '--port', '0', '--ready-file', readyFile, ...args], cwd)
  let over: Finished | undefined
  void finished.then((result) => (over = result))
  await until('the ready file', () => {
    if (over !== undefined) throw new Error(`serve ended with ${over.code}: ${over.text}`)
    return existsSync(readyFile) ? true : undefined
  })
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  const { call, control, close } = clientOf(ready)
  const stop = async (): Promise<Finished> => {
    await close()
    child.kill('SIGTERM')
    return finished
  }
  const kill = async (): Promise<Finished> => {
    child.kill('SIGKILL')
    await close()
    return finished
  }
  return { ready, readyFile, child, stop, kill, call, control }
}

function clientOf(ready: Ready) {
  const transport = createHttpTransport({ caFile: ready.caFile })
  const sign = createSigner(new SystemClock(), createRng(entropySeed()), ready)
  const headers = { 'content-type': 'application/json' }
  const { controlTokenFile: file } = ready
  const authorization =
    file === undefined ? {} : { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` }
  const bodyOf = (body: unknown) => (body === undefined ? {} : { body: JSON.stringify(body) })
  return {
    close: () => transport.close(),
    call: (method: string, path: string, body?: unknown, more = {}): Promise<WireResponse> => {
      const url = ready.baseUrl + (path.startsWith('/services') ? path : RECORD_BASE_PATH + path)
      const request = { method, url, headers: { ...headers, ...more }, ...bodyOf(body) }
      return transport.send(sign(request), { timeoutMs: 30_000 })
    },
    control: async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const url = ready.controlUrl + path
      const request = { method, url, headers: { ...headers, ...authorization }, ...bodyOf(body) }
      const answer = await transport.send(request, { timeoutMs: 30_000 })
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
      return answer.body === '' ? undefined : JSON.parse(answer.body)
    },
  }
}

/** Writes a file into `folder` and gives its path. */
export function put(folder: string, name: string, content: string | object): string {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}
