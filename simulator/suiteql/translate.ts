/**
 * Checked statement → SQLite. One `Translation` per statement: it hands out aliases and parameter numbers and finds tables
 * with the eyes of a role. Values go by parameter, never into the text. [SQL-032, SQL-033]
 */
import type { Role } from '../permissions/principal.ts'
import type { Query } from './ast.ts'
import { hiddenTable, unknownTable } from './refusals.ts'
import { translateQuery } from './select.ts'
import type { ColumnType, Table } from './tables/table.ts'

/** What a parameter of the SQL is bound to. */
export type Bind =
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'param'; readonly index: number }
  /** SYSDATE: the account's time as its clocks show it. */
  | { readonly kind: 'now' }
  /** Which page is asked for. */
  | { readonly kind: 'offset' }
  /** Who asks. */
  | { readonly kind: 'user' }

export interface OutputColumn {
  readonly name: string
  readonly type: ColumnType
  /** Nothing but the word NULL, which has no type of its own. */
  readonly isNull?: boolean | undefined
}

export interface Translated {
  readonly sql: string
  readonly columns: readonly OutputColumn[]
  readonly binds: readonly Bind[]
}

export interface Translation {
  /** A table and what stands for it in FROM, or the refusal. */
  table(name: string): { readonly table: Table; readonly source: string }
  /** `?n` for a value; the same one for the same value. */
  bind(bind: Bind): string
  /** A name that nothing else in the statement has. */
  alias(): string
  /** Whether joined rows are counted, because there may be very many. */
  readonly isCounted: boolean
  /** Subsidiaries keep books of their own. */
  readonly isOneWorld: boolean
}

export function translate(
  query: Query,
  tables: ReadonlyMap<string, Table>,
  role: Role,
  { isShuffled, ...traits }: Pick<Translation, 'isCounted' | 'isOneWorld'> & { readonly isShuffled: boolean },
): Translated {
  const binds: Bind[] = []
  const numbers = new Map<string, string>()
  let aliases = 0
  const translation: Translation = {
    ...traits,
    alias: () => {
      aliases += 1
      return `s${aliases}`
    },
    bind(bind) {
      const key = JSON.stringify([typeof (bind as { value?: unknown }).value, bind])
      let number = numbers.get(key)
      if (number === undefined) {
        binds.push(bind)
        number = `?${binds.length}`
        numbers.set(key, number)
      }
      return number
    },
    table(name) {
      const table = tables.get(name)
      if (table === undefined) throw unknownTable(name)
      const visible = table.types.filter((type) => role.isAdministrator || role.allows(type, 'view'))
      if (table.isOff || (table.types.length > 0 && visible.length === 0)) throw hiddenTable(name)
      return { table, source: table.source(visible.length === table.types.length ? undefined : visible) }
    },
  }
  /** Another order of what ORDER BY leaves open on every page. [OPQ-061] */
  const shuffled = (count: number): string[] => {
    const columns = Array.from({ length: count }, (_, index) => `c${index + 1}`)
    return [`ql_shuffled(${[translation.bind({ kind: 'offset' }), ...columns].join(', ')})`]
  }
  const { sql, columns } = translateQuery(query, undefined, translation, isShuffled ? shuffled : undefined)
  return { sql, columns, binds }
}
