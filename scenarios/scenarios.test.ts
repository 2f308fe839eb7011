/** If these fail, a shipped scenario would not load, or its faults outlast its load and `converged` means nothing. */
import { describe, expect, it } from 'vitest'
import { type Load, parseScenario } from '../harness/scenario.ts'
import { scenarios } from './index.ts'

const endMs = (load: Load): number =>
  load.startMs +
  (load.executor === 'constant-arrival-rate'
    ? load.durationMs
    : load.stages.reduce((sum, { durationMs }) => sum + durationMs, 0))

describe('the shipped scenarios', () => {
  it('have ids of their own', () => {
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length)
  })
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s is plain, complete data',
    (_, scenario) => {
      expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
    },
  )
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s ends its faults before its load',
    (_, scenario) => {
      const loadEndMs = Math.max(...scenario.load.map(endMs))
      for (const { untilMs } of scenario.faults) expect(untilMs).toBeLessThan(loadEndMs)
    },
  )
})
