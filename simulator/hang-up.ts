/**
 * Whether a client has hung up, asked by a thread that is too busy to hear it: the kernel knows. Linux says so in a file;
 * elsewhere it is known only what the thread heard before it was busy.
 */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Tables of all connections, one line each: number, local and remote address in hexadecimal, state. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6']
const ESTABLISHED = '01'

/** Makes the question for one connection. A client that half-closes counts as gone, as it does for Node's HTTP. */
export function hangUpOf(socket: Socket): () => boolean {
  return () => {
    if (socket.destroyed) return true
    const ports = `:${hexOf(socket.localPort)} [0-9A-F]+:${hexOf(socket.remotePort)} `
    return isClosed(new RegExp(`${ports}([0-9A-F]{2})`, 'g'))
  }
}

const hexOf = (port = 0): string => port.toString(16).toUpperCase().padStart(4, '0')

/** Of several connections with these two ports one is enough to go on. */
function isClosed(line: RegExp): boolean {
  let isListed = false
  for (const table of TABLES) {
    let text: string
    try {
      text = readFileSync(table, 'latin1')
    } catch {
      continue
    }
    isListed = true
    for (const [, state] of text.matchAll(line)) if (state === ESTABLISHED) return false
  }
  return isListed
}
