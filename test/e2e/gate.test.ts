/** If this fails, what a CI server calls gives it the wrong answer, or a scenario of one's own cannot be run. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { conformanceResultSchema } from '../../conformance/result.ts'
import { runResultSchema } from '../../harness/result.ts'
import { put, scratchFolder, seatrial } from './cli.ts'

const cwd = scratchFolder()
const read = (folder: string, name: string): string => readFileSync(join(cwd, folder, name), 'utf8')
const resultOf = (folder: string) => runResultSchema.parse(JSON.parse(read(folder, 'result.json')))

const CALM = `
# A scenario as somebody would write it.
id: calm-hour
title: A calm hour
why: The plainest thing must work.
account: { preset: standard }
load:
  - { executor: constant-arrival-rate, ratePerSec: 1, durationMs: 60000 }
thresholds:
  order_latency_ms: ['p(95) < 30000']
`

describe('seatrial gate', () => {
  it('exits 0 with the bundled demo, and leaves report, JUnit and summary', async () => {
    const { code, stdout, stderr } = await seatrial(['gate', '--out', 'demo'], cwd)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Report: ${join('demo', 'report.html')}`)
    expect(read('demo', 'junit.xml')).toMatch(/<testsuites[^>]* failures="0"/)
    expect(read('demo', 'report.html')).toMatch(/^<!doctype html>/i)
    expect(read('demo', 'summary.md')).toContain('order')
    expect(resultOf('demo').verdict).toBe('pass')
    expect(runResultSchema.parse(JSON.parse(read('demo', 'contrast.json'))).verdict).toBe('fail')
    expect(conformanceResultSchema.parse(JSON.parse(read('demo', 'conformance.json'))).verdict).toBe('pass')
  })
  it('exits 1 when a threshold of a scenario file is missed, and names it everywhere', async () => {
    const file = put(cwd, 'strict.yaml', CALM.replace('30000', '1'))
    const { code, stdout } = await seatrial(['gate', file, '--out', 'strict', '--no-contrast'], cwd)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAIL/)
    expect(stdout).toContain('order_latency_ms: p(95) < 1')
    expect(read('strict', 'junit.xml')).toMatch(/<failure/)
    expect(read('strict', 'summary.md')).toContain('order_latency_ms')
    expect(existsSync(join(cwd, 'strict', 'contrast.json'))).toBe(false)
  })
  it('logs in as it is told', async () => {
    const file = put(cwd, 'oauth.yaml', CALM)
    const { code } = await seatrial(
      ['gate', file, '--out', 'oauth', '--login', 'oauth2', '--no-contrast'],
      cwd,
    )
    expect(code).toBe(0)
    const journal = gunzipSync(readFileSync(join(cwd, 'oauth', 'journal.ndjson.gz'))).toString('utf8')
    expect(journal).toContain('/oauth2/v1/token')
  })
})

describe('a scenario of one’s own', () => {
  it('runs from YAML, and from the same as JSON', async () => {
    const yaml = put(cwd, 'calm.yaml', CALM)
    const [first] = await Promise.all([seatrial(['run', yaml, '--out', 'yaml'], cwd)])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(resultOf('yaml')).toMatchObject({
      scenario: { id: 'calm-hour' },
      seed: '7',
      totals: { arrivals: 60, inAccount: 60 },
      account: { concurrencyLimit: 5 },
    })
    const json = put(cwd, 'calm.json', read('yaml', 'scenario.json'))
    expect(await seatrial(['run', json, '--out', 'json'], cwd)).toMatchObject({ code: 0 })
    expect(read('json', 'result.json')).toBe(read('yaml', 'result.json'))
  })
  it('names its run folder after itself when not told otherwise', async () => {
    const file = put(cwd, 'named.yaml', CALM)
    const { stdout } = await seatrial(['run', file, '--seed', 'my seed/1'], cwd)
    expect(stdout).toContain(join('reports', 'runs', 'calm-hour-reference-my_seed_1', 'report.html'))
    expect(resultOf(join('reports', 'runs', 'calm-hour-reference-my_seed_1')).seed).toBe('my seed/1')
  })
  it('passes in wall time, over real sockets', async () => {
    const scenario = put(
      cwd,
      'wall.yaml',
      CALM.replace('ratePerSec: 1, durationMs: 60000', 'ratePerSec: 6, durationMs: 4000'),
    )
    const profile = put(cwd, 'fast.yaml', 'preset: standard\nlatency: { factor: 0.1 }\n')
    const { code, stdout } = await seatrial(
      ['run', scenario, '--clock', 'wall', '--profile', profile, '--out', 'wall'],
      cwd,
    )
    expect(code, stdout).toBe(0)
    expect(resultOf('wall')).toMatchObject({
      mode: 'wall',
      verdict: 'pass',
      totals: { arrivals: 24, inAccount: 24 },
    })
  })
})
