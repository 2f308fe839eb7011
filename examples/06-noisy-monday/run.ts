/**
 * Lives through noisy-monday.yaml in virtual time: from 06:00 to 20:00 a client reads a record every 30 seconds, and a table by
 * the hour tells what it and the neighbours met. Run: node examples/06-noisy-monday/run.ts
 * With --readme it also writes the table into the README beside it; test/docs.test.ts compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { JournalEntry, JournalPage } from '../../protocol/control.ts'
import { createSigner } from '../../protocol/signing.ts'
import { createSimulator } from '../../simulator/index.ts'
import { parseProfile } from '../../simulator/profile-file.ts'

const MONDAY_6_MS = Date.UTC(2026, 0, 5, 6)
const HOURS = 14
const HOUR_MS = 3_600_000
const EVERY_MS = 30_000
const PAGE = 10_000

const file = join(import.meta.dirname, 'noisy-monday.yaml')
const clock = new VirtualClock(MONDAY_6_MS)
const profile = parseProfile(readFileSync(file, 'utf8'), file)
const simulator = createSimulator({ clock, rng: createRng('monday'), profile })
const sign = createSigner(clock, createRng('client'), simulator.credentials)

async function get(path: string): Promise<string> {
  const request = { method: 'GET', url: simulator.baseUrl + path, headers: {}, body: undefined }
  const answer = await simulator.handle(path.startsWith('/services') ? sign(request) : request)
  if (typeof answer === 'string') throw new Error(`${path}: ${answer}`)
  return answer.body
}

async function liveThroughTheDay(): Promise<void> {
  for (let call = 0; call < (HOURS * HOUR_MS) / EVERY_MS; call++) {
    void get('/services/rest/record/v1/currency/1')
    await clock.sleep(EVERY_MS)
  }
}

async function journal(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (;;) {
    const text = await get(`/_seatrial/journal?after=${entries.at(-1)?.sequence ?? 0}&limit=${PAGE}`)
    const { items, hasMore } = JSON.parse(text) as JournalPage
    entries.push(...items)
    if (!hasMore) return entries
  }
}

const isNeighbour = ({ operation }: JournalEntry): boolean => operation.startsWith('neighbour.')

/** One line of the table. */
function rowOf(hour: number, entries: readonly JournalEntry[]): string {
  const of = entries.filter(({ receivedMs }) => Math.floor((receivedMs - MONDAY_6_MS) / HOUR_MS) === hour)
  const own = of.filter((entry) => !isNeighbour(entry))
  const others = of.filter(isNeighbour)
  const done = own.filter(({ status }) => status === 200).map((entry) => entry.endedMs - entry.receivedMs)
  const median = done.sort((a, b) => a - b)[Math.floor(done.length / 2)] ?? 0
  const with429 = own.filter(({ status }) => status === 429).length
  const with503 = own.filter(({ status }) => status === 503).length
  const refused = others.filter(({ errorCode }) => errorCode !== undefined).length
  const cells = [own.length, Math.round(median), with429, with503, others.length, refused]
  return [`${String(6 + hour).padStart(2, '0')}:00`, ...cells]
    .map((cell) => String(cell).padStart(9))
    .join('')
}

await clock.run(liveThroughTheDay)
const entries = await journal()
simulator.close()
const heads = ['hour', 'calls', 'p50 ms', '429', '503', 'others', 'refused']
const names = [...new Set(entries.filter(isNeighbour).map(({ integration = '' }) => integration))].sort()
const lines = [
  heads.map((head) => head.padStart(9)).join(''),
  ...Array.from({ length: HOURS }, (_, hour) => rowOf(hour, entries)),
  '',
  ...names.map((name) => {
    const calls = entries.filter(({ integration }) => integration === name)
    const answered = calls.filter(({ status }) => status === 200)
    const heldMs = answered.reduce((sum, entry) => sum + entry.slotUntilMs! - entry.slotFromMs!, 0)
    const mean = (heldMs / answered.length / 1000).toFixed(1)
    return `${name.padEnd(11)}${String(calls.length).padStart(6)} requests, ${answered.length} answered, a slot held for ${mean} s on average`
  }),
]
process.stdout.write(`${lines.join('\n')}\n`)
if (process.argv.includes('--readme')) {
  const readme = join(import.meta.dirname, 'README.md')
  const fence = '```'
  const text = readFileSync(readme, 'utf8')
  writeFileSync(readme, text.replace(/```\n {5}hour[\s\S]*?```/, `${fence}\n${lines.join('\n')}\n${fence}`))
}
