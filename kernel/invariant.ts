/** A broken assumption of ours. Nothing catches it on purpose: the run stops and the exit code is 70. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(`invariant broken: ${message}`)
    this.name = 'InvariantError'
  }
}

/** Throws `InvariantError` unless `condition` holds. Use for what can only be false through a bug of ours. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}
