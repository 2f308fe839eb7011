/** If this fails, somebody who asks the command line what it can do is not told. */
import { describe, expect, it } from 'vitest'
import { scratchFolder, seatrial, start } from './cli.ts'

const cwd = scratchFolder()

describe('--help', () => {
  it.concurrent.each([
    [[], ['gate', 'run', 'serve', 'conform', 'spec', 'Exit codes', '70 internal error']],
    [['gate'], ['--seed', '--out', '--no-contrast', '--profile', '--latency', 'junit.xml']],
    [['run'], ['--engine', '--clock', '--orders', '--speed', '--out', 'Examples:']],
    [['serve'], ['--port', '--db', '--ready-file', '--tls', '--spec', 'Examples:']],
    [['conform'], ['--target', '--only', '--json', '--plant', 'allowWrites', 'Examples:']],
    [['work'], ['--queue', '--target', '--until-empty', '--health-port', 'PGPASSFILE', 'Examples:']],
    [['enqueue'], ['--queue', '--orders', 'Examples:']],
    [['queue'], ['stats', 'dead', 'redrive', 'Examples:']],
    [['spec'], ['check']],
    [
      ['spec', 'check'],
      ['metadata-catalog', '--json', 'Examples:'],
    ],
  ])('seatrial %j says what it takes', async (command, words) => {
    const { code, stdout, stderr } = await seatrial([...command, '--help'], cwd)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const word of words) expect(stdout).toContain(word)
  })
  it.concurrent('prints the version', async () => {
    const { code, stdout } = await seatrial(['--version'], cwd)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
  it.concurrent('does not mind a reader that stops early', async () => {
    const { child, finished } = start(['conform', '--help'], cwd)
    child.stdout.destroy()
    expect(await finished).toMatchObject({ code: 0, stderr: '' })
  })
})
