/**
 * A statement as the rest of `suiteql/` reads it: only what SuiteQL allows has a form here. `check.ts` builds it from
 * the parser's tree; names are in lower case. [SQL-041, SQL-046]
 */

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='

export interface ColumnName {
  readonly kind: 'column'
  readonly table: string | undefined
  readonly name: string
}

export interface Call {
  readonly kind: 'call'
  /** In capitals; `BUILTIN.DF` with its dot. */
  readonly name: string
  readonly args: readonly Expr[]
  readonly isDistinct: boolean
  /** `COUNT(*)`. */
  readonly isStar: boolean
  readonly over?: Window
}

/** A value, or a condition where one is asked for. */
export type Expr =
  | ColumnName
  | Call
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'null' }
  /** `index` is its place among the question marks of the text. */
  | { readonly kind: 'param'; index: number }
  | {
      readonly kind: 'arithmetic'
      readonly op: '+' | '-' | '*' | '/'
      readonly left: Expr
      readonly right: Expr
    }
  | { readonly kind: 'concat'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'minus'; readonly expr: Expr }
  | {
      readonly kind: 'case'
      readonly operand: Expr | undefined
      readonly branches: readonly Branch[]
      readonly otherwise: Expr | undefined
    }
  | { readonly kind: 'scalar'; readonly query: Query }
  | Condition

export type Condition =
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'logic'; readonly op: 'AND' | 'OR'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'not'; readonly expr: Expr }
  | { readonly kind: 'isNull'; readonly expr: Expr; readonly isNegated: boolean }
  | {
      readonly kind: 'inList'
      readonly expr: Expr
      readonly list: readonly Expr[]
      readonly isNegated: boolean
    }
  | { readonly kind: 'inQuery'; readonly expr: Expr; readonly query: Query; readonly isNegated: boolean }
  | {
      readonly kind: 'between'
      readonly expr: Expr
      readonly low: Expr
      readonly high: Expr
      readonly isNegated: boolean
    }
  | {
      readonly kind: 'like'
      readonly expr: Expr
      readonly pattern: Expr
      readonly escape: string | undefined
      readonly isNegated: boolean
    }
  | { readonly kind: 'exists'; readonly query: Query; readonly isNegated: boolean }
  /** A column with `(+)`: the table whose rows may be missing. [SQL-042] */
  | { readonly kind: 'outer'; readonly column: ColumnName }

export interface Branch {
  readonly when: Expr
  readonly result: Expr
}

export interface Window {
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly Order[]
}

export interface Order {
  readonly expr: Expr
  readonly isDescending: boolean
  /** As written; by default NULL is the greatest of all. */
  readonly nullsFirst: boolean | undefined
}

export interface Query {
  readonly body: Body
  readonly orderBy: readonly Order[]
  /** FETCH FIRST n ROWS ONLY. [SQL-053] */
  readonly first: number | undefined
}

export type Body = Select | SetOperation

export interface SetOperation {
  readonly kind: 'set'
  readonly op: 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT'
  readonly left: Query
  readonly right: Query
}

export interface Select {
  readonly kind: 'select'
  readonly isDistinct: boolean
  readonly top: number | undefined
  readonly items: readonly Item[]
  readonly from: readonly Source[]
  readonly where: Expr | undefined
  readonly groupBy: readonly Expr[]
  readonly having: Expr | undefined
}

/** A column of the answer, or all columns of a table or of all tables. */
export type Item =
  | { readonly kind: 'value'; readonly expr: Expr; readonly alias: string | undefined }
  | { readonly kind: 'all'; readonly table: string | undefined }

export interface Source {
  readonly alias: string
  /** The table's name, or a subselect. */
  readonly of: string | Query
  /** How it joins what stands before it; `comma` for the first one too. */
  readonly join: 'comma' | 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'
  readonly on: Expr | undefined
}
