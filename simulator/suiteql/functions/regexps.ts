/**
 * REGEXP_SUBSTR, _INSTR and _REPLACE. Patterns are ECMAScript's with POSIX classes translated. What could run for ever is
 * refused: a group that repeats, and more repetitions than the text is short enough for. [SQL-050]
 */
import { unsupported } from '../refusals.ts'
import { bounded, orNull } from './texts.ts'

type Text = string | null
type Num = number | null

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}
const STEPS_MAX = 1e8
const REPEATED_GROUP = /\)[*+{]/
/** A group of which every part is there once: it can repeat in one way only. */
const PLAIN_REPEATED_GROUP = /(?<!\\)\([^()|*+?{}\\[\]]+\)[*+]/g

interface Compiled {
  readonly regexp: RegExp
  readonly repetitions: number
}

const known = new Map<string, Compiled>()
const KNOWN_MAX = 300

function compiled(pattern: string, flags: string): Compiled {
  const key = `${flags}/${pattern}`
  let found = known.get(key)
  if (found === undefined) {
    found = compile(pattern, flags)
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(key, found)
  }
  return found
}

function compile(pattern: string, flags: string): Compiled {
  if (/\\[1-9]|\(\?/.test(pattern)) throw unsupported(`pattern ${pattern}: looks around, or back`)
  if (REPEATED_GROUP.test(pattern.replace(PLAIN_REPEATED_GROUP, '')))
    throw unsupported(`pattern ${pattern}: a group that repeats`)
  if (/[^icnm]/.test(flags)) throw unsupported(`match parameter ${flags}`)
  const source = pattern.replace(/\[:(\w+):\]/g, (_, name: string) => {
    const translated = CLASSES[name]
    if (translated === undefined) throw unsupported(`character class ${name}`)
    return translated
  })
  const modes = `gd${flags.includes('i') ? 'i' : ''}${flags.includes('n') ? 's' : ''}${flags.includes('m') ? 'm' : ''}`
  try {
    return { regexp: new RegExp(source, modes), repetitions: source.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0 }
  } catch {
    throw unsupported(`pattern ${pattern}`)
  }
}

function* matches(text: string, pattern: string, from: number, flags: string): Generator<RegExpExecArray> {
  const { regexp, repetitions } = compiled(pattern, flags)
  if (text.length ** (repetitions + 1) > STEPS_MAX && repetitions > 0)
    throw unsupported(`pattern ${pattern}: too costly`)
  regexp.lastIndex = from - 1
  for (let match = regexp.exec(text); match !== null; match = regexp.exec(text)) {
    const next = match[0] === '' ? regexp.lastIndex + 1 : regexp.lastIndex
    yield match
    regexp.lastIndex = next
  }
}

function nth(
  text: string,
  pattern: string,
  from: number,
  occurrence: number,
  flags: string,
): RegExpExecArray | undefined {
  let seen = 0
  for (const match of matches(text, pattern, from, flags)) {
    seen += 1
    if (seen === occurrence) return match
  }
  return undefined
}

export function regexpSubstr(
  text: Text,
  pattern: Text,
  from: Num = 1,
  occurrence: Num = 1,
  flags: Text = '',
  group: Num = 0,
): Text {
  if (text === null || pattern === null || from === null || occurrence === null || group === null) return null
  return orNull(nth(text, pattern, from, occurrence, flags ?? '')?.[group] ?? '')
}

export function regexpInstr(
  text: Text,
  pattern: Text,
  from: Num = 1,
  occurrence: Num = 1,
  after: Num = 0,
  flags: Text = '',
  group: Num = 0,
): Num {
  if (text === null || pattern === null || from === null || occurrence === null || group === null) return null
  const indices = nth(text, pattern, from, occurrence, flags ?? '')?.indices?.[group]
  if (indices === undefined) return 0
  return indices[after === 1 ? 1 : 0] + 1
}

/** Occurrence 0: all of them. `\1` to `\9` stand for groups. */
export function regexpReplace(
  text: Text,
  pattern: Text,
  by: Text = null,
  from: Num = 1,
  occurrence: Num = 0,
  flags: Text = '',
): Text {
  if (text === null || pattern === null || from === null || occurrence === null) return text
  let shown = ''
  let at = 0
  let seen = 0
  for (const match of matches(text, pattern, from, flags ?? '')) {
    seen += 1
    if (occurrence > 0 && seen !== occurrence) continue
    const replaced = (by ?? '').replace(/\\(\d|\\)/g, (_, sign: string) =>
      sign === '\\' ? '\\' : (match[Number(sign)] ?? ''),
    )
    shown = bounded(shown + text.slice(at, match.index) + replaced)
    at = match.index + match[0].length
  }
  return orNull(shown + text.slice(at))
}
