/**
 * One call for many: what is asked for in the same turn, or while an earlier call is on its way, goes out together, so that
 * a busy process waits for the server once and not once per item. One call at a time, in the order of asking.
 */

interface Asked<Input, Answer> {
  readonly inputs: readonly Input[]
  readonly resolve: (answers: readonly Answer[]) => void
  readonly reject: (error: unknown) => void
}

export class Batches<Input, Answer> {
  readonly #call: (inputs: readonly Input[]) => Promise<readonly Answer[]>
  readonly #defer: (fn: () => void) => void
  readonly #mostInputs: number
  #line: Asked<Input, Answer>[] = []
  #busy = false

  /**
   * `call` answers every input, in order. `defer(fn)` calls `fn` when whoever else asks in this turn has done so.
   * `mostInputs`: how many go out together; what is asked for in one go is never split.
   */
  constructor(
    call: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
    defer: (fn: () => void) => void,
    mostInputs: number,
  ) {
    this.#call = call
    this.#defer = defer
    this.#mostInputs = mostInputs
  }

  /** Resolves with one answer per input; rejects when the call that took them along fails. */
  ask(inputs: readonly Input[]): Promise<readonly Answer[]> {
    if (inputs.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#line.push({ inputs, resolve, reject })
      if (this.#busy) return
      this.#busy = true
      this.#defer(() => void this.#work())
    })
  }

  async #work(): Promise<void> {
    while (this.#line.length > 0) {
      const group = this.#next()
      try {
        const answers = await this.#call(group.flatMap(({ inputs }) => inputs))
        let from = 0
        for (const { inputs, resolve } of group) {
          resolve(answers.slice(from, from + inputs.length))
          from += inputs.length
        }
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#busy = false
  }

  #next(): Asked<Input, Answer>[] {
    let count = 0
    const last = this.#line.findIndex(({ inputs }) => {
      count += inputs.length
      return count > this.#mostInputs
    })
    return this.#line.splice(0, last === -1 ? this.#line.length : Math.max(1, last))
  }
}
