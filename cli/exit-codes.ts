/** Exit codes of every command; part of the public interface. */
export const EXIT = {
  /** The verdict is pass. */
  pass: 0,
  /** The verdict is fail: a threshold, a check or a conformance case; the report says which. */
  fail: 1,
  /** Usage or configuration: an option, a file, a scenario, a profile. Nothing was run. */
  usage: 2,
  /** The target could not be reached, or refused us. */
  target: 3,
  /** The run cannot be trusted: the harness itself was the bottleneck. */
  untrusted: 4,
  /** A bug of ours. */
  internal: 70,
} as const
