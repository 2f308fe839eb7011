/** Who is told of what happens to the store: caches after an undo, and SuiteQL's tables of every change. */

export interface ChangeListener {
  changed(group: string, id: number): void
  /** Anything may have changed: a reset, or a copy brought back. */
  replaced(): void
}

export function createWatch() {
  const forgetting: (() => void)[] = []
  let listener: ChangeListener | undefined
  return {
    onForget: (told: () => void): void => void forgetting.push(told),
    onChange(told: ChangeListener): void {
      listener = told
    },
    forgotten(): void {
      for (const told of forgetting) told()
    },
    changed: (group: string, id: number): void => listener?.changed(group, id),
    replaced: (): void => listener?.replaced(),
  }
}
