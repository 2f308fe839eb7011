/** If this fails, the suite cannot be run by OAuth 2.0 over real sockets. A minute: cases about jobs poll every three seconds. */
import { expect, it } from 'vitest'
import { conformSimulator } from '../cli/conformance.ts'
import { renderConformanceText } from '../conformance/index.ts'

it('the whole suite by OAuth 2.0 over HTTP passes, but for limits that are never reached without waiting', async () => {
  const result = await conformSimulator({
    account: { latency: 'none' },
    mode: 'wall',
    seed: 7,
    login: 'oauth2',
  })
  const notPassed = result.cases.filter(({ status }) => status !== 'pass')
  expect(
    notPassed.filter(({ reason }) => reason?.includes('too fast') !== true),
    renderConformanceText(result),
  ).toEqual([])
  expect(result.verdict).toBe('pass')
})
