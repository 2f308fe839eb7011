/** Oracle's functions of texts. An empty text is NULL, in and out; places count from 1, or from the end. [SQL-050] */
import { unsupported } from '../refusals.ts'

type Text = string | null
type Num = number | null

/** What no answer needs and no memory should hold. */
const LENGTH_MAX = 32_767

export const orNull = (text: string): Text => (text === '' ? null : text)

/** Refuses a text that grew beyond what Oracle keeps in one. */
export function bounded(text: string): string {
  if (text.length > LENGTH_MAX) throw unsupported('a text that is too long')
  return text
}

export function concat(a: Text, b: Text): Text {
  return a === null ? b : b === null ? a : bounded(a + b)
}

export function substr(text: Text, from: Num, length: Num = Number.POSITIVE_INFINITY): Text {
  if (text === null || from === null || length === null) return null
  const characters = [...text]
  const start = Math.trunc(from)
  const at = start > 0 ? start - 1 : start < 0 ? characters.length + start : 0
  if (at < 0 || length < 1) return null
  return orNull(characters.slice(at, at + Math.trunc(Math.min(length, LENGTH_MAX))).join(''))
}

/** A negative start searches backwards from there. */
export function instr(text: Text, wanted: Text, from: Num = 1, occurrence: Num = 1): Num {
  if (text === null || wanted === null || from === null || occurrence === null) return null
  if (PAIRS.test(text)) return instrOfPairs(text, wanted, from, occurrence)
  if (occurrence < 1) throw unsupported('INSTR takes an occurrence of 1 or more')
  if (from === 0) return 0
  let at = from > 0 ? from - 2 : text.length + from + 1
  for (let seen = 0; seen < occurrence; seen++) {
    if (from < 0 && at <= 0) return 0
    at = from > 0 ? text.indexOf(wanted, at + 1) : text.lastIndexOf(wanted, at - 1)
    if (at < 0) return 0
  }
  return at + 1
}

/** Characters that JavaScript counts as two. */
const PAIRS = /[\ud800-\udbff]/

/** Each character becomes one of a private plane, so that places count as Oracle counts them. */
function instrOfPairs(text: string, wanted: string, from: number, occurrence: number): Num {
  const alphabet = [...new Set([...text, ...wanted])]
  if (alphabet.length > PRIVATE_MAX) throw unsupported('INSTR of a text of too many signs')
  const single = (of: string): string =>
    [...of].map((character) => String.fromCharCode(0xe000 + alphabet.indexOf(character))).join('')
  return instr(single(text), single(wanted), from, occurrence)
}
const PRIVATE_MAX = 6400

export function padLeft(text: Text, length: Num, fill: Text = ' '): Text {
  const parts = padding(text, length, fill)
  return parts === null ? null : parts.fill + parts.kept
}

export function padRight(text: Text, length: Num, fill: Text = ' '): Text {
  const parts = padding(text, length, fill)
  return parts === null ? null : parts.kept + parts.fill
}

function padding(
  text: Text,
  length: Num,
  fill: Text,
): { readonly kept: string; readonly fill: string } | null {
  if (text === null || length === null || fill === null || length < 1) return null
  const width = Math.min(Math.trunc(length), LENGTH_MAX)
  const [characters, signs] = [[...text], [...fill]]
  const missing = Math.max(0, width - characters.length)
  const filling = Array.from({ length: missing }, (_, at) => signs[at % signs.length])
  return { kept: characters.slice(0, width).join(''), fill: filling.join('') }
}

export function trimLeft(text: Text, set: Text = ' '): Text {
  if (text === null || set === null) return null
  let at = 0
  while (at < text.length && set.includes(text[at]!)) at += 1
  return orNull(text.slice(at))
}

export function trimRight(text: Text, set: Text = ' '): Text {
  if (text === null || set === null) return null
  let end = text.length
  while (end > 0 && set.includes(text[end - 1]!)) end -= 1
  return orNull(text.slice(0, end))
}

export function trim(text: Text, set: Text = ' '): Text {
  return trimRight(trimLeft(text, set), set)
}

/** Without a replacement, or with NULL, what is found goes. */
export function replace(text: Text, wanted: Text, by: Text = null): Text {
  if (text === null || wanted === null) return text
  const parts = text.split(wanted)
  const length = text.length + (parts.length - 1) * ((by?.length ?? 0) - wanted.length)
  if (length > LENGTH_MAX) throw unsupported('a text that is too long')
  return orNull(parts.join(by ?? ''))
}

/** Character by character; those without a partner go. */
export function translate(text: Text, from: Text, to: Text): Text {
  if (text === null || from === null || to === null) return null
  const [sources, targets] = [[...from], [...to]]
  return orNull(
    [...text]
      .map((character) => {
        const at = sources.indexOf(character)
        return at < 0 ? character : (targets[at] ?? '')
      })
      .join(''),
  )
}

/** First letters of words in capitals, the rest in small letters; a word ends where no letter or digit is. */
export function initCap(text: Text): Text {
  return text === null
    ? null
    : text.toLowerCase().replace(/[\p{L}\p{N}]+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1))
}

export function chr(code: Num): Text {
  if (code === null) return null
  if (!(code >= 0 && code <= 0x10ffff)) throw unsupported('CHR of no character')
  return String.fromCodePoint(Math.trunc(code))
}

export function ascii(text: Text): Num {
  return text === null ? null : text.codePointAt(0)!
}

/** Letter → digit of its sound; vowels part equal sounds, H and W do not. */
const SOUNDS: Readonly<Record<string, string>> = Object.fromEntries(
  ['BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].flatMap((letters, index) =>
    [...letters].map((letter) => [letter, String(index + 1)]),
  ),
)
const SOUNDEX_LENGTH = 4

/** The first letter and three sounds. */
export function soundex(text: Text): Text {
  const letters = (text ?? '').toUpperCase().replace(/[^A-Z]/g, '')
  if (letters === '') return null
  let code = letters[0]!
  let last = SOUNDS[letters[0]!]
  for (const letter of letters.slice(1)) {
    const sound = SOUNDS[letter]
    if (sound !== undefined && sound !== last) code += sound
    if (letter !== 'H' && letter !== 'W') last = sound
  }
  return code.slice(0, SOUNDEX_LENGTH).padEnd(SOUNDEX_LENGTH, '0')
}

/** Both ways of SQL wildcards: `%` any text, `_` one character. With regard to case. */
export function like(text: Text, pattern: Text, escaper: Text = null): Num {
  if (text === null || pattern === null) return null
  const signs = signsOf(pattern, escaper)
  const characters = [...text]
  if (characters.length * signs.length > LIKE_STEPS_MAX)
    throw unsupported('LIKE of a text and a pattern that are too long')
  let [at, sign, star, mark] = [0, 0, -1, 0]
  while (at < characters.length) {
    const wanted = signs[sign]
    if (wanted === ANY) {
      star = sign
      mark = at
      sign += 1
    } else if (wanted === ONE || wanted === characters[at]) {
      at += 1
      sign += 1
    } else if (star >= 0) {
      sign = star + 1
      mark += 1
      at = mark
    } else return 0
  }
  while (signs[sign] === ANY) sign += 1
  return sign === signs.length ? 1 : 0
}

/** As many steps as a text and a pattern can need together. */
const LIKE_STEPS_MAX = 1e7

/** Never the same as a character of a text. */
const ANY = Symbol('%')
const ONE = Symbol('_')
const patterns = new Map<string, readonly (string | symbol)[]>()
const PATTERNS_MAX = 500

function signsOf(pattern: string, mark: Text): readonly (string | symbol)[] {
  const key = `${mark ?? ''}/${pattern}`
  let signs = patterns.get(key)
  if (signs === undefined) {
    const made: (string | symbol)[] = []
    const characters = [...pattern]
    for (let at = 0; at < characters.length; at++) {
      const character = characters[at]!
      if (character === mark) {
        at += 1
        made.push(characters[at] ?? '')
      } else made.push(character === '%' ? ANY : character === '_' ? ONE : character)
    }
    if (patterns.size >= PATTERNS_MAX) patterns.clear()
    patterns.set(key, made)
    signs = made
  }
  return signs
}
