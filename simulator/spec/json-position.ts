/**
 * Finds the line of the first thing that keeps a text from being JSON. `JSON.parse` tells a position only for some
 * errors; users need a line for all. A second, strict scan on the error path only; no recursion, so depth is no matter.
 */

export interface JsonBreak {
  /** 1-based. */
  readonly line: number
  /** 0-based offset in UTF-16 units. */
  readonly offset: number
  /** What would have been allowed there. */
  readonly expected: string
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y

/** Where `text` stops being JSON; undefined when it is JSON. */
export function findJsonBreak(text: string): JsonBreak | undefined {
  const failure = scan(text)
  if (failure === undefined) return undefined
  let line = 1
  for (let i = 0; i < failure.offset; i++) if (text.charCodeAt(i) === 10) line++
  return { line, ...failure }
}

type Failure = Omit<JsonBreak, 'line'>

/** What may come next. `first`: a value or the end of an empty container. */
type Wants = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'comma' | 'end'

const EXPECTED: Record<Wants, string> = {
  value: 'a value',
  'first-value': "a value or ']'",
  'first-key': "a name in double quotes or '}'",
  key: 'a name in double quotes',
  colon: "':'",
  comma: "',' or the end of the list or object",
  end: 'nothing after the value',
}

function scan(text: string): Failure | undefined {
  const open: ('[' | '{')[] = []
  let wants: Wants = 'value'
  let i = 0
  const afterValue = (): Wants => (open.length === 0 ? 'end' : 'comma')
  for (;;) {
    i = skipSpace(text, i)
    const c = text[i]
    if (c === undefined) {
      return wants === 'end' ? undefined : { offset: text.length, expected: EXPECTED[wants] }
    }
    if (wants === 'colon' && c === ':') {
      wants = 'value'
      i++
    } else if (wants === 'comma' && c === ',') {
      wants = open.at(-1) === '{' ? 'key' : 'value'
      i++
    } else if (closes(c, wants, open.at(-1))) {
      open.pop()
      wants = afterValue()
      i++
    } else if ((wants === 'key' || wants === 'first-key') && c === '"') {
      const end = stringEnd(text, i)
      if (typeof end !== 'number') return end
      i = end
      wants = 'colon'
    } else if ((wants === 'value' || wants === 'first-value') && (c === '[' || c === '{')) {
      open.push(c)
      wants = c === '{' ? 'first-key' : 'first-value'
      i++
    } else if (wants === 'value' || wants === 'first-value') {
      const end = atomEnd(text, i)
      if (typeof end !== 'number') return end
      i = end
      wants = afterValue()
    } else {
      return { offset: i, expected: EXPECTED[wants] }
    }
  }
}

function closes(c: string, wants: Wants, innermost: string | undefined): boolean {
  if (c === '}') return innermost === '{' && (wants === 'comma' || wants === 'first-key')
  return c === ']' && innermost === '[' && (wants === 'comma' || wants === 'first-value')
}

function skipSpace(text: string, from: number): number {
  let i = from
  while (i < text.length && ' \t\n\r'.includes(text[i]!)) i++
  return i
}

/** End of a string, number, true, false or null at `i`. */
function atomEnd(text: string, i: number): number | Failure {
  if (text[i] === '"') return stringEnd(text, i)
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, i)) return i + word.length
  NUMBER.lastIndex = i
  if (NUMBER.test(text)) return NUMBER.lastIndex
  return { offset: i, expected: EXPECTED.value }
}

function stringEnd(text: string, from: number): number | Failure {
  for (let i = from + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) return i + 1
    if (code < 32) return { offset: i, expected: "the closing '\"' on the same line" }
    if (code !== 92) continue
    ESCAPE.lastIndex = i + 1
    if (!ESCAPE.test(text)) return { offset: i, expected: 'a known escape such as \\n or \\u00e9' }
    i = ESCAPE.lastIndex - 1
  }
  return { offset: text.length, expected: "the closing '\"'" }
}
