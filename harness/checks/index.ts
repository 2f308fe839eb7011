/** All checks by id, in the order in which a report shows them. */
import type { CheckResult } from '../result.ts'
import { type CheckId, checkIds } from '../scenario.ts'
import type { CheckInput } from './check.ts'
import { checkConverged } from './converged.ts'
import { checkLimitRespected } from './limit-respected.ts'
import { checkNoDuplicates } from './no-duplicates.ts'
import { checkNoLostWrites } from './no-lost-writes.ts'

const CHECKS: Readonly<Record<CheckId, (input: CheckInput) => CheckResult>> = {
  'no-lost-writes': checkNoLostWrites,
  'no-duplicates': checkNoDuplicates,
  'limit-respected': (input) => checkLimitRespected(input),
  converged: checkConverged,
}

/** Runs the wanted checks, each once, whatever order they were named in. */
export function runChecks(wanted: readonly CheckId[], input: CheckInput): CheckResult[] {
  return checkIds.filter((id) => wanted.includes(id)).map((id) => CHECKS[id](input))
}
