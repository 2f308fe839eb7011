/** If this fails, a shipped scenario is not found, or a typing mistake is answered with a shrug. */
import { describe, expect, it } from 'vitest'
import { findScenario } from './find-scenario.ts'
import { parseScenario } from './scenario.ts'

const scenarioOf = (id: string) =>
  parseScenario({
    id,
    title: 'a',
    why: 'b',
    load: [{ executor: 'constant-arrival-rate', ratePerSec: 1, durationMs: 1000 }],
  })

describe('findScenario', () => {
  const list = [scenarioOf('order-spike'), scenarioOf('crm-sync')]
  it('finds by id and offers the nearest', () => {
    expect(findScenario(list, 'crm-sync')).toBe(list[1])
    expect(() => findScenario(list, 'order-spke')).toThrowError(
      expect.objectContaining({
        code: 'E_SCENARIO_UNKNOWN',
        details: expect.objectContaining({ mend: 'did you mean order-spike?' }),
      }),
    )
  })
})
