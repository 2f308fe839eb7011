/** If this fails, a run is not what its seed says, its folder is not what reports and programs rely on, or a verdict lies. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { runResultSchema } from '../../harness/result.ts'
import type { JournalEntry } from '../../protocol/control.ts'
import { type Finished, put, scratchFolder, seatrial } from './cli.ts'

const cwd = scratchFolder()
const ALL = [
  'journal.ndjson.gz',
  'junit.xml',
  'metrics.json',
  'profile.json',
  'report.html',
  'result.json',
  'scenario.json',
  'summary.md',
]
/** metrics.json is about the machine. */
const SAME = ALL.filter((name) => name !== 'metrics.json')
const bytes = (folder: string, name: string): string =>
  readFileSync(join(cwd, folder, name)).toString('base64')
const resultOf = (folder: string) =>
  runResultSchema.parse(JSON.parse(readFileSync(join(cwd, folder, 'result.json'), 'utf8')))

describe('seatrial run order-spike', () => {
  const runs = new Map<string, Finished>()
  beforeAll(async () => {
    const run = async (out: string, ...args: string[]) =>
      runs.set(out, await seatrial(['run', 'order-spike', '--out', out, ...args], cwd))
    await Promise.all([run('a', '--seed', '7'), run('b', '--seed', '7')])
    await Promise.all([run('c', '--seed', '8'), run('naive', '--seed', '7', '--engine', 'naive')])
  })

  it('passes, and says so', () => {
    for (const out of ['a', 'b', 'c']) {
      expect(runs.get(out)).toMatchObject({ code: 0, stderr: '' })
      expect(runs.get(out)!.stdout).toMatch(
        /^PASS {2}All [\d,]+ accepted orders are in the account exactly once/,
      )
      expect(runs.get(out)!.stdout).toContain(`Report: ${out}/report.html`)
    }
  })
  it('leaves all files, and nothing else', () => {
    expect(readdirSync(join(cwd, 'a')).sort()).toEqual(ALL)
    expect(readdirSync(cwd).filter((name) => name.includes('.part'))).toEqual([])
  })
  it.each(SAME)('gives the same %s for the same seed, byte for byte', (name) => {
    expect(bytes('b', name)).toBe(bytes('a', name))
  })
  it.each(['result.json', 'journal.ndjson.gz', 'report.html'])(
    'gives another %s for another seed',
    (name) => {
      expect(bytes('c', name)).not.toBe(bytes('a', name))
    },
  )
  it('leaves a result that keeps its schema', () => {
    const { verdict, seed, engine, mode, totals } = resultOf('a')
    expect({ verdict, seed, engine, mode }).toEqual({
      verdict: 'pass',
      seed: '7',
      engine: 'reference',
      mode: 'virtual',
    })
    expect(totals).toMatchObject({ lost: 0, doubled: 0, droppedStarts: 0 })
    expect(totals.inAccount).toBe(totals.arrivals)
  })
  it('leaves a journal with every call in it', () => {
    const text = gunzipSync(readFileSync(join(cwd, 'a', 'journal.ndjson.gz'))).toString('utf8')
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry)
    expect(entries).toHaveLength(resultOf('a').totals.calls)
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1))
    expect(entries.filter(({ internalError }) => internalError !== undefined)).toEqual([])
  })
  it('tells what the naive engine lost and doubled, and exits 1', () => {
    const { code, stdout } = runs.get('naive')!
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAIL {2}\d+ lost and \d+ in the account more than once/)
    expect(stdout).toMatch(/replay .*run order-spike --seed 7 --engine naive/)
    const { verdict, checks } = resultOf('naive')
    expect(verdict).toBe('fail')
    expect(checks.find(({ id }) => id === 'no-lost-writes')!.evidence.join()).toMatch(/#\d+/)
  })
  it('replaces the folder of an earlier run', async () => {
    const { code } = await seatrial(['run', 'order-spike', '--seed', '7', '--out', 'c'], cwd)
    expect(code).toBe(0)
    expect(bytes('c', 'result.json')).toBe(bytes('a', 'result.json'))
  })
})

describe('secrets', () => {
  it('of a profile are in no file of the run', async () => {
    const secret = (letter: string): string => letter.repeat(40)
    const profile = put(cwd, 'secrets.yaml', {
      preset: 'standard',
      integrations: [
        {
          name: 'shop',
          consumerKey: secret('a'),
          consumerSecret: secret('b'),
          tokens: [{ tokenId: secret('c'), tokenSecret: secret('d') }],
        },
      ],
    })
    const scenario = put(cwd, 'small.json', {
      id: 'small',
      title: 'Small',
      why: 'small',
      load: [{ executor: 'constant-arrival-rate', ratePerSec: 1, durationMs: 5000 }],
    })
    const { code, text } = await seatrial(['run', scenario, '--profile', profile, '--out', 'secret'], cwd)
    expect({ code, text }).toMatchObject({ code: 0 })
    expect(JSON.parse(readFileSync(join(cwd, 'secret', 'profile.json'), 'utf8'))).toMatchObject({
      serviceTier: 'standard',
      integrations: [{ name: 'shop' }],
    })
    const journal = gunzipSync(readFileSync(join(cwd, 'secret', 'journal.ndjson.gz'))).toString('utf8')
    const all =
      text +
      journal +
      readdirSync(join(cwd, 'secret'))
        .map((name) => readFileSync(join(cwd, 'secret', name), 'utf8'))
        .join()
    for (const letter of 'abcd') expect(all).not.toContain(secret(letter))
  })
})
