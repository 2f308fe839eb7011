/** `async/v1/job/…`: submitting, watching and reading asynchronous jobs. [ASY-001..079] */
import { type Call, notSimulated, type Operation } from '../operations/operation.ts'

/** A request with `Prefer: respond-async`: the operation becomes a job. */
export function planSubmit(_call: Call): Operation {
  throw notSimulated('asynchronous jobs (Prefer: respond-async)')
}

/** `rest` is what follows `/services/rest/async/v1` in the path. */
export function planJobs(_call: Call, _rest: readonly string[]): Operation {
  throw notSimulated('asynchronous jobs')
}
