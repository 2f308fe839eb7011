/** If this fails, a simulator that dies in mid-load forgets jobs it had accepted, or does their work twice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Served, serve, until } from './cli.ts'

const JOBS = 60

/** Submits until the account dies; gives the names it accepted. */
async function submitAll(account: Served): Promise<string[]> {
  const submits = Array.from({ length: JOBS }, async (_, n) => {
    const companyName = `Customer ${n}`
    const headers = { prefer: 'respond-async' }
    const answer = await account.call('POST', '/customer', { companyName }, headers).catch(() => undefined)
    return answer?.status === 202 ? companyName : undefined
  })
  return (await Promise.all(submits)).filter((name) => name !== undefined)
}

async function namesIn(account: Served): Promise<string[]> {
  const { items } = (await account.control('GET', '/records/customer')) as {
    items: { body: { companyName: string } }[]
  }
  return items.map(({ body }) => body.companyName)
}

it('kill -9 loses no accepted job and doubles none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-kill-'))
  const profile = join(folder, 'quick.yaml')
  writeFileSync(
    profile,
    'preset: ultimate\nconcurrencyLimit: 100\nasync: { processors: 4 }\n' +
      'latency: { sigma: 0.5, medianMs: { "*.queue": 5, "*.create": 30, "*.submit": 1 } }\n',
  )
  const settings = ['--profile', profile, '--db', join(folder, 'account.db'), '--seed', 'kill']
  const first = await serve(folder, ...settings)
  const submitted = submitAll(first)
  await until('some work to be done', async () => ((await namesIn(first)).length > 5 ? true : undefined))
  await first.kill()
  const accepted = await submitted
  const second = await serve(folder, ...settings)
  const made = await until('every accepted record', async () => {
    const names = await namesIn(second)
    return accepted.every((name) => names.includes(name)) ? names : undefined
  })
  // A submit whose answer was lost may have been accepted too; nothing is made twice.
  expect(new Set(made).size).toBe(made.length)
  await second.stop()
  rmSync(folder, { recursive: true })
})
