/**
 * What the examples share: a served account for as long as one runs, its output on the terminal, and with --readme in
 * the last block of the README beside it, where test/docs.test.ts compares the two.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SystemClock } from '../kernel/clock.ts'

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
