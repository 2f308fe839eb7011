/** Finds a shipped scenario by its id. Takes the list from outside: the harness does not know the scenarios. */
import { closest } from 'fastest-levenshtein'
import { AppError } from '../kernel/error.ts'
import type { Scenario } from './scenario.ts'

/** Throws `E_SCENARIO_UNKNOWN`, with the nearest id, when `scenarios` has none called `id`. */
export function findScenario(scenarios: readonly Scenario[], id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id)
  if (found !== undefined) return found
  const ids = scenarios.map((scenario) => scenario.id)
  throw new AppError('E_SCENARIO_UNKNOWN', `there is no scenario "${id}"`, {
    expected: `one of ${ids.join(', ')}, or the path of a .json or .yaml file`,
    mend: ids.length === 0 ? 'give a file' : `did you mean ${closest(id, ids)}?`,
  })
}
