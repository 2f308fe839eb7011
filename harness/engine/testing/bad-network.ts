/** For tests: a way to a server on this machine that can be cut, or that swallows what is sent without a word. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface BadNetwork {
  readonly port: number
  /** Connections end, and new ones are ended at once. */
  cut(): void
  /** Nothing gets through and nothing ends, as behind a firewall that drops packets; new connections are taken all the same. */
  swallow(): void
  /** Works again. What was swallowed arrives now, as it does where TCP sends it again. */
  mend(): void
  close(): void
}

/** A network to `port` of 127.0.0.1. */
export async function badNetwork(port: number): Promise<BadNetwork> {
  let state: 'up' | 'cut' | 'swallowing' = 'up'
  const ways = new Set<readonly [from: Socket, to: Socket]>()
  const join = ([from, to]: readonly [Socket, Socket]): void => {
    if (state === 'up') from.pipe(to)
    else {
      from.unpipe(to)
      from.pause()
    }
  }
  const proxy = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    for (const way of [[near, far] as const, [far, near] as const]) {
      const [from, to] = way
      ways.add(way)
      from.on('error', () => {})
      from.on('close', () => {
        ways.delete(way)
        if (state !== 'swallowing') to.destroy()
      })
      join(way)
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const sockets = (): Socket[] => [...ways].map(([from]) => from)
  return {
    port: (proxy.address() as AddressInfo).port,
    cut: () => {
      state = 'cut'
      for (const socket of sockets()) socket.destroy()
    },
    swallow: () => {
      state = 'swallowing'
      for (const way of ways) join(way)
    },
    mend: () => {
      state = 'up'
      for (const way of ways) join(way)
    },
    close: () => {
      for (const socket of sockets()) socket.destroy()
      proxy.close()
    },
  }
}
