/**
 * How fast this machine is, by work that no change of ours touches: the library `oauth-1.0a` signs a request. The goals in seconds
 * and calls per second were set on a machine that signs 64,000 of them a second; on another, read them beside this ratio.
 */
import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import { figure, median, type Part } from './part.ts'

const REFERENCE_PER_SEC = 64_000
const ROUNDS = 5
const ROUND_MS = 1000
const CALLS_BETWEEN_LOOKS = 20

interface MachineRow {
  readonly name: string
  readonly perSec: number
  readonly ratio: number
}

/** The median of a few rounds: a shared machine has good and bad seconds. */
async function measureMachine(log: (line: string) => void): Promise<MachineRow[]> {
  const signer = new OAuth({
    consumer: { key: 'c'.repeat(64), secret: 's'.repeat(64) },
    signature_method: 'HMAC-SHA256',
    realm: '1234567_SB1',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  const token = { key: 't'.repeat(64), secret: 'u'.repeat(64) }
  const url = 'http://127.0.0.1:4000/services/rest/record/v1/customer?limit=100&offset=200'
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now()
    let calls = 0
    for (; performance.now() - startedMs < ROUND_MS; calls += CALLS_BETWEEN_LOOKS)
      for (let i = 0; i < CALLS_BETWEEN_LOOKS; i++)
        signer.toHeader(signer.authorize({ url, method: 'GET' }, token))
    rounds.push((calls / (performance.now() - startedMs)) * 1000)
    log(`${figure(rounds.at(-1)!)} signatures a second`)
  }
  const perSec = median(rounds)
  return [{ name: 'signing with oauth-1.0a, one core', perSec, ratio: perSec / REFERENCE_PER_SEC }]
}

export const machine: Part<MachineRow> = {
  name: 'machine',
  measure: measureMachine,
  tables: (rows) => [
    {
      title: 'This machine',
      columns: ['what', 'per second', 'to the machine that the goals were set on'],
      rows: rows.map(({ name, perSec, ratio }) => [name, figure(perSec), figure(ratio, 2)]),
    },
  ],
}
