/** If this fails, queries of clients that still wait are ended, or those of clients that are gone run on. */
import { describe, expect, it } from 'vitest'
import { isGone } from './hang-up.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
/** The server has port 8080, the client 54321. */
const LISTENING =
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1\n'
const line = (state: string, remote = '0100007F:D431'): string =>
  `   1: 0100007F:1F90 ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 2\n`
/** The client's own end of the same connection, where both are on one machine. */
const OTHER_END =
  '   2: 0100007F:D431 0100007F:1F90 05 00000000:00000000 00:00000000 00000000  1000        0 3\n'
const OVER_IPV6 =
  '   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:D431 01 00000000:00000000 00:00000000\n'

describe('a connection in the tables of the kernel', () => {
  it.each([
    ['is there', HEAD + LISTENING + line('01'), false],
    ['is there over IPv6', HEAD + LISTENING + OVER_IPV6, false],
    ['was closed by the client', HEAD + LISTENING + line('08') + OTHER_END, true],
    ['was reset', HEAD + LISTENING, true],
    [
      'was reset, and another one has the same remote port',
      HEAD + LISTENING + line('01', '0200007F:D431'),
      false,
    ],
    ['is not listed, nor is the port that took it', HEAD, false],
    ['is in no table, as on other systems', '', false],
  ])('%s', (_, tables, gone) => {
    expect(isGone(tables, 8080, 54321)).toBe(gone)
  })
})
