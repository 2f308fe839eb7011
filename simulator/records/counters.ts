/**
 * What the store knows without asking the tables each time: the last internal id of a group, the number of records of a
 * type. Both are read from the file once and kept in step with every write, undone ones included.
 */
import type { StatementSync } from 'node:sqlite'

/** Internal ids per group. In a file the counter is written before the record: a crash can skip an id, never give one twice. */
export function createSequence(sql: { lastId: StatementSync; saveId: StatementSync }, isFile: boolean) {
  const lastIds = new Map<string, number>()
  const last = (group: string): number =>
    lastIds.get(group) ?? (sql.lastId.get(group) as { last: number } | undefined)?.last ?? 0
  const save = (group: string, id: number): void => {
    lastIds.set(group, id)
    if (isFile) sql.saveId.run(group, id)
  }
  return {
    next(group: string): number {
      const id = last(group) + 1
      save(group, id)
      return id
    },
    /** For records that come with an id of their own. */
    atLeast(group: string, id: number): void {
      if (id > last(group)) save(group, id)
    },
    /** Writes down what only memory knows, e.g. before the table is copied. */
    save(): void {
      for (const [group, id] of lastIds) sql.saveId.run(group, id)
    },
    /** The table is right, whatever memory says. */
    forget: () => lastIds.clear(),
  }
}

/** How many records each type has, without counting them each time. What a transaction added is taken back when it is undone. */
export function createCounter(countAll: StatementSync) {
  const counts = new Map<string, number>()
  /** Changes of the open transaction. */
  const open: { readonly type: string; readonly by: number }[] = []
  const of = (type: string): number => counts.get(type) ?? 0
  const load = (): void => {
    counts.clear()
    open.length = 0
    for (const { type, n } of countAll.all() as { type: string; n: number }[]) counts.set(type, n)
  }
  load()
  return {
    load,
    of,
    add(type: string, by: number, inTransaction: boolean): void {
      counts.set(type, of(type) + by)
      if (inTransaction) open.push({ type, by })
    },
    committed(): void {
      open.length = 0
    },
    /** The point to go back to when a part of the transaction is undone. */
    mark: (): number => open.length,
    undone(mark = 0): void {
      for (const { type, by } of open.splice(mark)) counts.set(type, of(type) - by)
    },
    all: (): Record<string, number> =>
      Object.fromEntries([...counts].filter(([, n]) => n > 0).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

export type Counter = ReturnType<typeof createCounter>
