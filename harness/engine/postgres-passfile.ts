/**
 * The password file of libpq: PGPASSFILE, or `.pgpass` at home; a line is `host:port:database:user:password`, `*` stands for any, and
 * `\` before a `:` or a `\` of a field. The driver would read it as well, but says on every start that it will soon not.
 */
import { readFileSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** As libpq: a file that others may read is passed over. */
const OTHERS = 0o077

/** `url` with the password of the file, where neither it nor PGPASSWORD has one. A file that cannot be read counts as none. */
export function withPassfile(url: string, env: Environment = process.env): string {
  if (!URL.canParse(url)) return url
  const address = new URL(url)
  if (address.password !== '' || address.searchParams.has('password') || env.PGPASSWORD) return url
  const text = readPassfile(env.PGPASSFILE ?? join(homedir(), '.pgpass'))
  const password = text === undefined ? undefined : passwordOf(text, fieldsOf(address, env))
  if (password === undefined) return url
  address.username ||= encodeURIComponent(userOf(env))
  address.password = encodeURIComponent(password)
  return address.href
}

function readPassfile(file: string): string | undefined {
  try {
    const stats = statSync(file)
    return stats.isFile() && (stats.mode & OTHERS) === 0 ? readFileSync(file, 'utf8') : undefined
  } catch {
    return undefined
  }
}

/** Host, port, database and user, as the driver fills them in. */
function fieldsOf({ hostname, port, pathname, username, searchParams }: URL, env: Environment): string[] {
  const user = decodeURIComponent(username) || userOf(env)
  const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || env.PGHOST || 'localhost')
  const database = decodeURIComponent(pathname.slice(1)) || env.PGDATABASE || user
  return [host.startsWith('/') ? 'localhost' : host, port || env.PGPORT || '5432', database, user]
}

function userOf(env: Environment): string {
  return env.PGUSER || userInfo().username
}

/** The password of the first line that fits. */
function passwordOf(text: string, wanted: readonly string[]): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = [...line.matchAll(/(?:\\.|[^:\\])*(?::|$)/g)].map(([field]) => field.replace(/:$/, ''))
    const plain = fields.map((field) => field.replace(/\\(.)/g, '$1'))
    const isFit = wanted.every((value, n) => fields[n] === '*' || plain[n] === value)
    if (isFit && plain[4]) return plain[4]
  }
  return undefined
}
