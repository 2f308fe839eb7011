/**
 * What every rendering starts from: the stored results and nothing else. A report adds no measurement of its own;
 * whatever it shows is in here or is plain arithmetic on it.
 */
import type { ConformanceResult } from '../conformance/result.ts'
import type { RunResult } from '../harness/result.ts'

/** The results of one trial. */
export interface ReportInput {
  readonly run: RunResult
  /** The same scenario and seed carried out by the other engine, for the side-by-side table. */
  readonly contrast?: RunResult
  readonly conformance?: ConformanceResult
}
