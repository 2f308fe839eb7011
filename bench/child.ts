/** Starts the servers under test as processes of their own and reads what the system says of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TbaCredentials } from '../protocol/signing.ts'

const root = join(import.meta.dirname, '..')
const READY_TIMEOUT_MS = 20_000

export interface Served extends TbaCredentials {
  readonly baseUrl: string
  readonly controlUrl: string
  readonly readyMs: number
  /** Resident memory in megabytes. */
  rssMb(): number
  /** Processor time used so far, in microseconds, of all threads. */
  cpuUs(): number
  stop(): Promise<void>
}

/** `seatrial serve`, with a profile file of the given text or without any; resolves when its ready file is there. */
export async function startSeatrial(profile?: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-bench-'))
  const readyFile = join(folder, 'ready.json')
  const profileFile = join(folder, 'bench.yaml')
  if (profile !== undefined) writeFileSync(profileFile, profile)
  const startedMs = performance.now()
  const args = [
    'cli/start.js',
    'serve',
    '--port',
    '0',
    '--ready-file',
    readyFile,
    '--seed',
    'bench',
    ...(profile === undefined ? [] : ['--profile', profileFile]),
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || performance.now() - startedMs > READY_TIMEOUT_MS)
      throw new Error('seatrial serve did not start')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const readyMs = performance.now() - startedMs
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Omit<Served, 'readyMs'>
  return {
    ...ready,
    readyMs,
    ...probesOf(child),
    stop: async () => {
      await stop(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The raw server, answering `record` to every GET. */
export async function startRaw(record: string) {
  const child = spawn(process.execPath, [join('bench', 'raw-server.ts'), record], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (data: Buffer) => resolve(String(data).trim())),
  )
  return { baseUrl: `http://127.0.0.1:${port}`, ...probesOf(child), stop: () => stop(child) }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** Linux only, as the machines that run the bench are. */
function probesOf({ pid }: ChildProcess) {
  const TICKS_PER_SEC = 100
  return {
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024,
    cpuUs: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SEC) * 1e6
    },
  }
}
