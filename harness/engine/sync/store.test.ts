/** If these fail, a bookmark is lost in a crash, or half of what belongs together is kept. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { describeStore } from '../testing/store-contract.ts'
import { MemorySyncStore, type SyncStore } from './store.ts'
import { SqliteSyncStore } from './store-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-sync-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const fresh = (): string => join(folder, `${files++}.sync`)

const STORES: Record<string, () => SyncStore> = {
  memory: () => new MemorySyncStore(),
  sqlite: () => new SqliteSyncStore(fresh()),
}

for (const [name, open] of Object.entries(STORES)) describeStore(name, async () => open())

describe('the store in a file', () => {
  it('holds what a process that was killed had written', async () => {
    const file = fresh()
    const first = new SqliteSyncStore(file)
    await first.write({ a: 1 })
    // Never closed: the other process reads the log that this one left.
    const second = new SqliteSyncStore(file)
    expect(await second.get('a')).toBe(1)
    await second.close()
    await first.close()
  })
  it('is all or nothing', async () => {
    const store = new SqliteSyncStore(fresh())
    await store.write({ a: 1 })
    await expect(store.write({ a: 2, b: 1n as unknown as number })).rejects.toThrow()
    expect(await store.get('a')).toBe(1)
    await store.close()
  })
  it('refuses the database of another program and what is none, and leaves both as they are', () => {
    const foreign = fresh()
    const db = new DatabaseSync(foreign)
    db.exec('CREATE TABLE theirs (x)')
    db.close()
    const text = fresh()
    writeFileSync(text, 'a letter, and long enough to be looked at as a database'.repeat(20))
    for (const file of [foreign, text]) {
      const before = readFileSync(file)
      expect(() => new SqliteSyncStore(file)).toThrow(/E_SYNC_FILE|another program|cannot be opened/)
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })
})
