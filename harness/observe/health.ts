/**
 * What a load balancer, a container platform or a person asks over HTTP: `/metrics` for Prometheus, `/health/live` (the process
 * answers), `/health/ready` (it takes work and its queue answers; 503 with the reason otherwise). Nothing here changes anything.
 */
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { AppError } from '../../kernel/error.ts'
import type { EngineStatus } from '../engine/status.ts'
import type { EngineMetrics } from './metrics.ts'

export interface HealthOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default 127.0.0.1: figures of a business are nobody else's. */
  readonly hostname?: string
}

export interface HealthServer {
  readonly url: string
  close(): Promise<void>
}

/** The routes, without a socket. `status` may fail; the engine is then not ready. */
export function healthApp(status: () => Promise<EngineStatus>, metrics: EngineMetrics): Hono {
  const app = new Hono()
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  )
  app.get('/health/live', (context) => context.json({ status: 'ok' }))
  app.get('/health/ready', async (context) => {
    const problem = await problemOf(status)
    return problem === undefined
      ? context.json({ status: 'ok' })
      : context.json({ status: 'unavailable', problem }, 503)
  })
  app.notFound((context) =>
    context.json({ status: 'unknown', expected: '/metrics, /health/live or /health/ready' }, 404),
  )
  // A scrape must never learn more of a fault of ours than that there is one.
  app.onError((_, context) => context.json({ status: 'unavailable', problem: 'internal error' }, 500))
  return app
}

/** Why no work is done now. An account that fails is none: the work waits safely, and restarting would not help. */
async function problemOf(status: () => Promise<EngineStatus>): Promise<string | undefined> {
  try {
    return (await status()).accepting ? undefined : 'the engine has been stopped'
  } catch {
    return 'the queue does not answer'
  }
}

/** Listens; resolves once requests are accepted. Throws `E_PORT_IN_USE` or `E_LISTEN`. */
export function startHealthServer(
  app: Hono,
  { port, hostname = '127.0.0.1' }: HealthOptions,
): Promise<HealthServer> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, port, hostname }, ({ port: taken }) => {
      const host = hostname.includes(':') ? `[${hostname}]` : hostname
      resolve({ url: `http://${host}:${taken}`, close: () => closeServer(server) })
    })
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)))
  })
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}

function listenError(error: NodeJS.ErrnoException, port: number): AppError {
  return error.code === 'EADDRINUSE'
    ? new AppError('E_PORT_IN_USE', `port ${port} is in use`, {
        mend: 'choose another port, or 0 for a free one',
      })
    : new AppError('E_LISTEN', `cannot listen on port ${port} (${error.code})`, { cause: error })
}
