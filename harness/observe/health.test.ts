/** If this fails, a platform restarts a healthy worker, keeps a dead one, or Prometheus reads nothing. */
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import type { EngineStatus } from '../engine/status.ts'
import { healthApp, startHealthServer } from './health.ts'
import { createMetrics } from './metrics.ts'
import { statusOf } from './testing/status.ts'

async function get(
  path: string,
  status: () => Promise<EngineStatus>,
): Promise<{ status: number; body: string }> {
  const answer = await healthApp(status, createMetrics(status)).request(path)
  return { status: answer.status, body: await answer.text() }
}

describe('the health routes', () => {
  it('are live and ready while work is taken', async () => {
    const well = async () => statusOf({ paused: true })
    expect(await get('/health/live', well)).toEqual({ status: 200, body: '{"status":"ok"}' })
    // An account that fails is no reason to restart a worker.
    expect(await get('/health/ready', well)).toEqual({ status: 200, body: '{"status":"ok"}' })
  })
  it('are live, but not ready, when stopped or without a queue', async () => {
    const stopped = async () => statusOf({ accepting: false })
    expect(await get('/health/ready', stopped)).toMatchObject({ status: 503, body: /stopped/ })
    const lost = () => Promise.reject(new Error('password authentication failed for user "ada"'))
    const { status, body } = await get('/health/ready', lost)
    expect(status).toBe(503)
    expect(body).toBe('{"status":"unavailable","problem":"the queue does not answer"}')
    expect((await get('/health/live', lost)).status).toBe(200)
  })
  it('give the metrics as text, and say what there is to an unknown path', async () => {
    const { status, body } = await get('/metrics', async () => statusOf())
    expect(status).toBe(200)
    expect(body).toContain('# TYPE seatrial_orders_total counter')
    expect(await get('/', async () => statusOf())).toMatchObject({ status: 404, body: /\/health\/ready/ })
  })
})

it('a health server listens on loopback, says when its port is taken, and ends', async () => {
  const status = async () => statusOf()
  const app = healthApp(status, createMetrics(status))
  const server = await startHealthServer(app, { port: 0 })
  const port = Number(new URL(server.url).port)
  const answer = await request(`${server.url}/health/live`)
  expect(await answer.body.json()).toEqual({ status: 'ok' })
  await expect(startHealthServer(app, { port })).rejects.toMatchObject({ code: 'E_PORT_IN_USE' })
  await server.close()
  await expect(request(`${server.url}/health/live`)).rejects.toThrow()
})
