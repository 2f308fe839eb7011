/** If this fails, somebody's mistake ends in a riddle, in a stack trace, or in a folder half written. */

import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Finished, put, scratchFolder, seatrial } from './cli.ts'

const cwd = scratchFolder()
const HEADER = 'order_id,order_name,created_at,email,customer_id,sku,quantity,price'
const ROW = '1,#1,2026-01-05T09:00:00Z,a@example.com,1,MUG,1,2.00'
const LOAD = [{ executor: 'constant-arrival-rate', ratePerSec: 1, durationMs: 3000 }]
const SCENARIO = { id: 'mine', title: 'Mine', why: 'Because.', load: LOAD }

put(cwd, 'words.json', 'not json')
put(cwd, 'other.json', { a: 1 })
put(cwd, 'column.csv', `${HEADER.replace('created_at', 'creatd_at')}\n${ROW}\n`)
put(cwd, 'date.csv', `${HEADER}\n${ROW}\n${ROW.replace('01-05', '02-30')}\n`)
put(cwd, 'quantity.csv', `${HEADER}\n${ROW}\n${ROW}\n${ROW.replace('MUG,1', 'MUG,-1')}\n`)
put(cwd, 'empty.csv', '')
put(cwd, 'header.csv', `${HEADER}\n`)
put(cwd, 'broken.ndjson', '{"id":1}\n{"id":\n')
put(cwd, 'key.json', { ...SCENARIO, lod: [] })
put(cwd, 'syntax.yaml', 'id: x\n  title: [\n')
put(cwd, 'threshold.json', { ...SCENARIO, thresholds: { order_latency_ms: ['p(95) << 5'] } })
put(cwd, 'metric.json', { ...SCENARIO, thresholds: { order_latncy_ms: ['p(95) < 5'] } })
put(cwd, 'no-orders.json', { ...SCENARIO, load: [{ ...LOAD[0], ratePerSec: 0.001 }] })
put(cwd, 'preset.yaml', '# mine\npreset: premum\n')
put(cwd, 'profile-key.yaml', 'preset: premium\n\nlatncy: 1\n')
put(cwd, 'profile-value.yaml', 'preset: premium\nlatency:\n  factor: slow\n')
put(cwd, 'file', 'a file')
put(cwd, 'open.token', '0123456789abcdef')
chmodSync(join(cwd, 'open.token'), 0o644)
put(cwd, 'words.token', 'open sesame, please')
chmodSync(join(cwd, 'words.token'), 0o600)
mkdirSync(join(cwd, 'foreign'))
put(join(cwd, 'foreign'), 'result.json', 'not one of ours')
put(join(cwd, 'foreign'), 'diary.txt', 'dear diary')

const busy = createServer()
await new Promise<void>((listening) => busy.listen(0, '127.0.0.1', listening))
const port = String((busy.address() as AddressInfo).port)
afterAll(() => void busy.close())

/** Every file and folder, so that anything added shows. */
const everything = (): string[] => (readdirSync(cwd, { recursive: true }) as string[]).sort()
const before = everything()

function expectHelp(finished: Finished, words: readonly (string | RegExp)[], code = 2): void {
  expect(finished.code, finished.text).toBe(code)
  expect(finished.stdout).toBe('')
  for (const word of words) expect(finished.stderr).toMatch(word)
  expect(finished.stderr).not.toMatch(/\n\s+at .*\(/)
  expect(finished.stderr).not.toContain('internal error')
}

let runs = 0
/** Each has an `--out` of its own: they run side by side. */
const run = (...args: string[]): string[] => [
  'run',
  'order-spike',
  '--out',
  `new-${runs++}/deep/out`,
  ...args,
]
/** Command → what the message must hold. Errors of our own also say how to mend it. */
type Mistake = readonly [title: string, args: readonly string[], ...words: (string | RegExp)[]]
const MISTAKES: readonly Mistake[] = [
  [
    'a document that is not JSON',
    ['spec', 'check', 'words.json'],
    /^words\.json, line 1: .*not JSON/,
    'mend:',
  ],
  [
    'a document that is not OpenAPI',
    ['spec', 'check', 'other.json'],
    /^other\.json: .*OpenAPI/,
    'expected:',
    'mend:',
  ],
  ['a document that is not there', ['spec', 'check', 'gone.json'], /^gone\.json: no such file/, 'mend:'],
  ['a control port that is none', ['serve', '--control-port', '99999'], '--control-port 99999', 'mend:'],
  [
    'a token that others can read',
    ['serve', '--port', '0', '--control-token-file', 'open.token'],
    /^open\.token: can be read by others/,
    'mend: chmod 600',
  ],
  [
    'a file that holds no token',
    ['serve', '--port', '0', '--control-token-file', 'words.token'],
    /^words\.token: holds no token/,
    'mend:',
  ],
  ['a clock that is none', ['serve', '--clock', 'sundial'], '--clock sundial', 'wall or virtual', 'mend:'],
  ['a speed below zero', ['serve', '--speed=-1'], '--speed -1', 'from 0 to 10000', 'mend:'],
  ['a speed of a clock that stands', ['serve', '--clock', 'virtual', '--speed', '2'], 'leave one out'],
  ['--spec with such a document', ['serve', '--port', '0', '--spec', 'other.json'], /^other\.json/, 'mend:'],
  ['--spec-only without --spec', run('--spec-only'), '--spec-only', 'mend:'],
  [
    'a missing column',
    run('--orders', 'column.csv'),
    /^column\.csv, line 1, \/created_at/,
    /mend: rename column "creatd_at"/,
  ],
  ['a bad date', run('--orders', 'date.csv'), /^date\.csv, line 3, \/created_at/, 'expected:', 'mend:'],
  [
    'a bad quantity',
    run('--orders', 'quantity.csv'),
    /^quantity\.csv, line 4, \/quantity/,
    'a whole number',
    'mend:',
  ],
  ['an empty order file', run('--orders', 'empty.csv'), /^empty\.csv, line 1: .*no orders/, 'mend:'],
  [
    'an order file with a header only',
    run('--orders', 'header.csv'),
    /^header\.csv, line 1: .*no orders/,
    'mend:',
  ],
  ['broken NDJSON', run('--orders', 'broken.ndjson'), /^broken\.ndjson, line \d/, 'mend:'],
  ['an order file that is not there', run('--orders', 'gone.csv'), /^gone\.csv: no such file/, 'mend:'],
  ['an order file that is a folder', run('--orders', 'foreign'), /^foreign: is a folder/, 'mend:'],
  ['a bad --speed', run('--orders', 'date.csv', '--speed', 'fast'), '--speed fast', 'expected:', 'mend:'],
  ['a --speed of 0', run('--orders', 'date.csv', '--speed', '0'), '--speed 0', 'expected:', 'mend:'],
  ['--speed without orders', run('--speed', '2'), '--speed needs --orders', 'mend:'],
  ['a bad --latency', run('--latency', 'slow'), '--latency slow', 'lean, heavy or none', 'mend:'],
  ['a bad --engine', run('--engine', 'best'), "'best' is invalid", 'reference, naive'],
  ['a bad --clock', run('--clock', 'sand'), "'sand' is invalid", 'virtual, wall'],
  ['an unknown option', run('--sped', '2'), "unknown option '--sped'", /Did you mean .*--speed/],
  ['an unknown command', ['rnu'], "unknown command 'rnu'", 'Did you mean run'],
  ['a missing argument', ['run'], "missing required argument 'scenario'"],
  ['an argument too many', run('another'), 'too many arguments'],
  ['an unknown preset', run('--profile', 'premum'), 'unknown preset "premum"', 'did you mean "premium"'],
  [
    'an unknown preset in a file',
    run('--profile', 'preset.yaml'),
    /^preset\.yaml, line 2/,
    'did you mean "premium"',
  ],
  [
    'an unknown profile key',
    run('--profile', 'profile-key.yaml'),
    /^profile-key\.yaml, line 3, \/latncy/,
    'mend:',
  ],
  [
    'a bad profile value',
    run('--profile', 'profile-value.yaml'),
    /^profile-value\.yaml, line 3, \/latency\/factor/,
    'mend:',
  ],
  ['a profile that is not there', run('--profile', './gone.yaml'), /^\.\/gone\.yaml: no such file/, 'mend:'],
  [
    'an unknown scenario',
    ['run', 'order-spiek', '--out', 'out-1'],
    '"order-spiek"',
    'did you mean order-spike?',
  ],
  [
    'an unknown scenario for the gate',
    ['gate', 'order-spiek', '--out', 'out-2'],
    'did you mean order-spike?',
  ],
  [
    'a scenario that is not there',
    ['run', 'gone.yaml', '--out', 'out-3'],
    /^gone\.yaml: no such file/,
    'mend:',
  ],
  ['a scenario with an unknown key', ['run', 'key.json', '--out', 'out-4'], /^key\.json/, '"lod"', 'mend:'],
  [
    'a scenario that is not YAML',
    ['run', 'syntax.yaml', '--out', 'out-5'],
    /^syntax\.yaml, line \d/,
    'mend:',
  ],
  [
    'a scenario without an order',
    ['run', 'no-orders.json', '--out', 'out-6'],
    '/load',
    'at least one arrival',
    'mend:',
  ],
  [
    'a bad threshold',
    ['run', 'threshold.json', '--out', 'out-7'],
    /^threshold\.json, \/thresholds\/order_latency_ms\/0/,
    'mend:',
  ],
  [
    'a threshold on no metric',
    ['gate', 'metric.json', '--out', 'out-8'],
    /^metric\.json, \/thresholds\//,
    'nearest is order_latency_ms',
  ],
  [
    '--out below a file',
    ['run', 'order-spike', '--out', 'file/out'],
    /^file\/out: cannot be written/,
    'mend:',
  ],
  ['--out on a file', ['run', 'order-spike', '--out', 'file'], /^file: exists and is not a folder/, 'mend:'],
  [
    '--out on a folder of others',
    ['run', 'order-spike', '--out', 'foreign'],
    /^foreign: .*diary\.txt/,
    'mend:',
  ],
  ['the same for the gate', ['gate', '--out', 'foreign'], /^foreign: .*diary\.txt/, 'mend:'],
  ['a port in use', ['serve', '--port', port], `port ${port}`, 'in use', /mend: .*--port 0/],
  ['a bad --port', ['serve', '--port', '65536'], '--port 65536', '0 to 65535', 'mend:'],
  ['an address that is none', ['serve', '--port', '0', '--host', '256.1.1.1'], '256.1.1.1', 'mend:'],
  [
    'a ready file below a file',
    ['serve', '--port', '0', '--ready-file', 'file/r.json'],
    /^file\/r\.json: cannot be written/,
    'mend:',
  ],
  ['a database below a file', ['serve', '--port', '0', '--db', 'file/a.db'], /^file\/a\.db/, 'mend:'],
  [
    'a database that is none',
    ['serve', '--port', '0', '--db', 'words.json'],
    /^words\.json: .*not a database/,
    'mend:',
  ],
  ['an unknown conformance case', ['conform', '--only', 'nothing'], 'called nothing', 'an area', 'mend:'],
]

describe('a mistake is told with its place and its mend, exit code 2', () => {
  for (const [title, args, ...words] of MISTAKES)
    it.concurrent(title, async () => expectHelp(await seatrial(args, cwd), words))
})

describe('afterwards', () => {
  it('nothing was written, and nothing of others touched', () => {
    expect(everything()).toEqual(before)
    expect(readFileSync(join(cwd, 'foreign', 'result.json'), 'utf8')).toBe('not one of ours')
    expect(readFileSync(join(cwd, 'words.json'), 'utf8')).toBe('not json')
  })
})
