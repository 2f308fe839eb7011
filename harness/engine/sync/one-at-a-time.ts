/**
 * Reading and writing back with a wait in between: of two who do so for one key at once, the second would undo the first. So
 * one key is one caller's at a time. For one process; a store that several share needs more than this.
 */
export class OneAtATime {
  /** Key → the end of what was asked for last. */
  readonly #ends = new Map<string, Promise<void>>()

  /** Calls when all earlier calls of the key have ended, well or not. Keys do not wait for each other. */
  run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const own = (this.#ends.get(key) ?? Promise.resolve()).then(call)
    const end = own.then(
      () => {},
      () => {},
    )
    this.#ends.set(key, end)
    void end.then(() => this.#ends.get(key) === end && this.#ends.delete(key))
    return own
  }
}
