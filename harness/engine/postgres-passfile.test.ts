/** If these fail, a worker cannot log in with the password file that every other program of its database uses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { withPassfile } from './postgres-passfile.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-passfile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'pgpass')
const put = (text: string, name = file, mode = 0o600) => writeFileSync(name, text, { mode })
const password = (url: string, env: Record<string, string> = {}): string =>
  decodeURIComponent(new URL(withPassfile(url, { PGPASSFILE: file, ...env })).password)

describe('a password file', () => {
  it('gives the password of the first line that fits', () => {
    put(`# ours
other.example:5432:orders:me:wrong
db.example:5432:orders:me:one
db.example:*:orders:*:two
*:*:*:m\\:e:th\\:r\\\\ee\r
`)
    expect(password('postgres://me@db.example/orders')).toBe('one')
    expect(password('postgres://me@db.example:6000/orders')).toBe('two')
    expect(password('postgres://db.example/orders', { PGUSER: 'me' })).toBe('one')
    expect(password('postgres://db.example:6000/orders')).toBe('two')
    expect(password('postgres://m%3Ae@elsewhere/x')).toBe('th:r\\ee')
    expect(password('postgres://me@elsewhere/x')).toBe('')
  })

  it('is passed over where a password is given otherwise, where others may read it, and where there is none', () => {
    put('*:*:*:*:one\n')
    expect(password('postgres://me@db/x')).toBe('one')
    expect(password('postgres://me:own@db/x')).toBe('own')
    expect(password('postgres://me@db/x', { PGPASSWORD: 'other' })).toBe('')
    const open = join(folder, 'open')
    put('*:*:*:*:one\n', open, 0o644)
    expect(password('postgres://me@db/x', { PGPASSFILE: open })).toBe('')
    expect(password('postgres://me@db/x', { PGPASSFILE: folder })).toBe('')
    expect(password('postgres://me@db/x', { PGPASSFILE: join(folder, 'none') })).toBe('')
  })

  it('changes nothing else of the address', () => {
    put('*:*:*:*:p@ss word\n')
    expect(withPassfile('postgres://me@db:1/x?sslmode=require', { PGPASSFILE: file })).toBe(
      'postgres://me:p%40ss%20word@db:1/x?sslmode=require',
    )
  })
})
