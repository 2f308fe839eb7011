/**
 * Whether a client has hung up, asked by a thread that is too busy to hear it: the kernel knows. Linux says so in a file;
 * elsewhere it is known only what the thread heard before it was busy.
 */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Tables of all connections, one line each: number, local and remote address in hexadecimal, state. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6']

/** Makes the question for one connection. A client that half-closes counts as gone, as it does for Node's HTTP. */
export function hangUpOf(socket: Socket): () => boolean {
  return () => {
    const { destroyed, localPort = 0, remotePort = 0 } = socket
    return destroyed || isGone(TABLES.map(contentOf).join(''), localPort, remotePort)
  }
}

function contentOf(table: string): string {
  try {
    return readFileSync(table, 'latin1')
  } catch {
    return ''
  }
}

const ESTABLISHED = '01'
const hexOf = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

/**
 * Whether the tables show that a connection between two ports is over: closed by the other side, or no longer there though
 * the port that took it is. Of several with the same ports one is enough to go on.
 */
export function isGone(tables: string, localPort: number, remotePort: number): boolean {
  const local = `:${hexOf(localPort)} [0-9A-F]+`
  const lines = tables.matchAll(new RegExp(`${local}:${hexOf(remotePort)} ([0-9A-F]{2})`, 'g'))
  const states = [...lines].map(([, state]) => state)
  if (states.length > 0) return !states.includes(ESTABLISHED)
  return new RegExp(`${local}:0000 0A`).test(tables)
}
