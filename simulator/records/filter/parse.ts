/**
 * The text of `q` to a tree. Names and values are not looked at here; `resolve.ts` does. Anything that does not fit the
 * grammar is one and the same refusal. [REC-080..082, REC-E10]
 *
 *   query     = and *( "OR" and )                       AND binds tighter [REC-080]
 *   and       = primary *( "AND" primary )
 *   primary   = "(" query ")" | condition
 *   condition = word operator [ value | "[" value *( "," value ) "]" ]
 *   operator  = a word of operators.ts; tells how many values follow
 *   value     = word | quoted                           a word that is AND or OR must be quoted
 *   quoted    = '"' *( char | '\"' | '\\' ) '"'         another \ stands for itself (no source)
 *   word      = 1*( char but blanks ( ) [ ] , " ' )
 *
 * Key words and operators in any case. [REC-092]
 */
import { ApiFault } from '../../api-fault.ts'
import { findOperator, type Operator } from './operators.ts'

export interface Condition {
  readonly kind: 'condition'
  readonly field: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** A tree of conditions; `and` and `or` have two parts or more. */
export type Tree<Leaf> = Leaf | { readonly kind: 'and' | 'or'; readonly parts: readonly Tree<Leaf>[] }
export type Query = Tree<Condition>

/** Far beyond any real filter; they keep the translation within what SQLite takes. */
const DEPTH_MAX = 50
const CONDITIONS_MAX = 250

/** [REC-E10] */
export function invalidQuery(): ApiFault {
  return new ApiFault('INVALID_PARAMETER', 'Invalid search query. Provide a valid search query.', {
    queryParam: 'q',
  })
}

type Mark = '(' | ')' | '[' | ']' | ','
type Token = { readonly kind: Mark } | { readonly kind: 'word' | 'quoted'; readonly text: string }

/** A blank, a mark, a quoted text, a word. What matches none of them, like a single quote, is refused. [REC-081, REC-082] */
const TOKEN = /(\s+)|([()[\],])|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([^\s()[\],"']+)/y

function tokenize(text: string): Token[] {
  // SQLite's functions take a NUL for the end of a text.
  if (text.includes('\0')) throw invalidQuery()
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw invalidQuery()
    const [, blank, mark, quoted, word] = match
    if (mark !== undefined) tokens.push({ kind: mark as Mark })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(["\\])/g, '$1') })
    else if (blank === undefined) tokens.push({ kind: 'word', text: word! })
  }
  return tokens
}

/** Reads a query, or throws the one refusal. */
export function parseQuery(text: string): Query {
  const tokens = tokenize(text)
  let at = 0
  let conditions = 0

  const take = (kind: Token['kind']): boolean => {
    if (tokens[at]?.kind !== kind) return false
    at++
    return true
  }
  const isWord = (token: Token | undefined, text: string): boolean =>
    token?.kind === 'word' && token.text.toUpperCase() === text
  const word = (): string => {
    const token = tokens[at++]
    if (token?.kind !== 'word') throw invalidQuery()
    return token.text
  }
  const value = (): string => {
    const token = tokens[at++]
    if (token?.kind === 'quoted') return token.text
    if (token?.kind !== 'word' || isWord(token, 'AND') || isWord(token, 'OR')) throw invalidQuery()
    return token.text
  }
  const list = (): string[] => {
    if (!take('[')) throw invalidQuery()
    const values = [value()]
    while (take(',')) values.push(value())
    if (!take(']')) throw invalidQuery()
    return values
  }
  const condition = (): Condition => {
    const field = word()
    const operator = findOperator(word())
    if (operator === undefined || ++conditions > CONDITIONS_MAX) throw invalidQuery()
    const values = operator.takes === 'none' ? [] : operator.takes === 'one' ? [value()] : list()
    if (operator.takes === 'two' && values.length !== 2) throw invalidQuery()
    return { kind: 'condition', field, operator, values }
  }
  const chain = (kind: 'and' | 'or', part: () => Query): Query => {
    const parts = [part()]
    while (isWord(tokens[at], kind.toUpperCase())) {
      at++
      parts.push(part())
    }
    return parts.length === 1 ? parts[0]! : { kind, parts }
  }
  const query = (depth: number): Query => chain('or', () => chain('and', () => primary(depth)))
  const primary = (depth: number): Query => {
    if (!take('(')) return condition()
    if (depth >= DEPTH_MAX) throw invalidQuery()
    const inner = query(depth + 1)
    if (!take(')')) throw invalidQuery()
    return inner
  }

  const whole = query(0)
  if (at < tokens.length) throw invalidQuery()
  return whole
}
