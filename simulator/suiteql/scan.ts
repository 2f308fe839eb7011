/**
 * A look at the text before the parser gets it. The parser walks a chain like `a + a + …` by recursion and would run out
 * of stack, which ruins it; so very long chains are refused here, and brackets with them. [SQL-043]
 */
import { positionAt, syntaxError } from './refusals.ts'

/** Chained operators that are open at once. The parser breaks between 700 and 1,000. */
const OPEN_MAX = 600

const TOKEN =
  /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|[a-z_][\w$#]*|\|\||::|[<>=!^]+|[-+*/%]|[(),[\]]/gi
/** Words and signs that make a tree one level deeper on the left. */
const CHAINS =
  /^(?:and|or|is|at|like|in|between|not|collate|union|minus|except|intersect|similar|ilike|rlike|regexp|xor|div|overlaps|member|\|\||::|[<>=!^]+|[-+*/%])$/i
const CONNECTS = /^(?:and|or)$/i
const RESTARTS = /^(?:,|select|from|where|on|having|when|then|else)$/i

/** Throws the syntax error of a text that the parser must not see. */
export function refuseHazards(q: string): void {
  /** Per open parenthesis: links of the chain, and comparisons since its last link. */
  const levels = [{ chain: 0, compared: 0 }]
  let open = 0
  for (const match of q.matchAll(TOKEN)) {
    const [token] = match
    const level = levels.at(-1)!
    const isQuoteAhead = q[match.index + token.length] === "'"
    if (token === '[' || token === ']' || (isQuoteAhead && /^n?q$/i.test(token)))
      refuse(q, token, match.index)
    if (token === '(' || /^case$/i.test(token)) {
      levels.push({ chain: 1, compared: 0 })
      open += 1
    } else if (token === ')' || /^end$/i.test(token)) {
      open -= level.chain + level.compared
      if (levels.length > 1) levels.pop()
      else levels[0] = { chain: 0, compared: 0 }
    } else if (RESTARTS.test(token)) {
      open -= level.chain + level.compared
      level.chain = level.compared = 0
    } else if (CHAINS.test(token)) {
      if (CONNECTS.test(token)) {
        open -= level.compared
        level.compared = 0
        level.chain += 1
      } else if (/^[<>=!^]/.test(token)) level.compared += 1
      else level.chain += 1
      open += 1
    }
    if (open > OPEN_MAX) refuse(q, token, match.index)
  }
}

/** A text or comment, or `IN` before a function of NetSuite's that stands for a list, up to its end. */
const LISTS =
  /'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\bin\s(\s*builtin\s*\.\s*\w+\s*\((?:[^()']|'[^']*')*\))/gi

/** NetSuite takes `id IN BUILTIN.NAMED_GROUP(…)`, the parser only `id IN (…)`. Places before it stay what they are. */
export function bracketLists(q: string): string {
  return q.replace(LISTS, (all, call: string | undefined) => (call === undefined ? all : `in(${call})`))
}

function refuse(q: string, near: string, at: number): never {
  throw syntaxError(q, near, positionAt(q, at))
}
