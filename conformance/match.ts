/**
 * Compares a value from the wire with what a case expects, and says where they differ. The expectation is JSON:
 *
 *   1, "a", true, null, [..]     that value; a list has that length, item by item
 *   { a: .. }                    an object that has at least these keys
 *   { $exactly: .. }             the same, but objects inside have no other keys
 *   { $type: "integer" }         string, number, integer, boolean, null, object or array
 *   { $matches: "^a" }           text that the pattern finds; $matchesAnyCase without regard to case
 *   { $absent: true }            the key, or header, is not there
 *   { $has: .. }                 a list with at least one such item
 *   { $every: .. }               a list, not empty, whose items are all such
 *   { $length: 2 }               length of a list or text
 *   { $keys: ["a", "b"] }        an object with exactly these keys in this order
 *   { $keysSorted: ["links"] }   an object that starts with these keys; the others follow by name, ignoring case
 *   { $anyOf: [..] }, { $not: .. }
 *
 * Operators and plain keys may stand side by side: then all must hold.
 */

export interface Difference {
  /** JSON pointer (RFC 6901) from the value compared; the empty text is the value itself. */
  readonly at: string
  readonly expected: string
  readonly actual: string
}

type JsonObject = Readonly<Record<string, unknown>>

interface Place {
  readonly at: string
  /** Inside `$exactly`: no key may be there that is not expected. */
  readonly exact: boolean
}

type Operator = (argument: unknown, actual: unknown, place: Place) => Difference[]

/** Longer values are cut: a difference is for reading. */
const SHOWN_CHARACTERS_MAX = 300

/** All differences between `actual` (undefined: not there) and the expectation; none means that it matches. */
export function differences(expected: unknown, actual: unknown, at = ''): Difference[] {
  return compare(expected, actual, { at, exact: false })
}

/** What is wrong with an expectation itself: unknown operators and arguments they cannot take. Empty: nothing. */
export function expectationProblems(expected: unknown): string[] {
  if (Array.isArray(expected)) return expected.flatMap(expectationProblems)
  if (!isObject(expected)) return []
  return Object.entries(expected).flatMap(([key, argument]) => {
    if (!key.startsWith('$')) return expectationProblems(argument)
    const accepts = ARGUMENTS[key]
    if (accepts === undefined) return [`${key} is not an operator`]
    return accepts(argument) ? expectationProblems(argument) : [`${key} cannot take ${show(argument)}`]
  })
}

/** A value as a difference shows it. */
export function show(value: unknown): string {
  if (value === undefined) return '(absent)'
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text
}

function compare(expected: unknown, actual: unknown, place: Place): Difference[] {
  if (Array.isArray(expected)) return compareList(expected, actual, place)
  if (isObject(expected)) return compareObject(expected, actual, place)
  return expected === actual ? [] : differ(place, show(expected), actual)
}

function compareList(expected: readonly unknown[], actual: unknown, place: Place): Difference[] {
  if (!Array.isArray(actual)) return differ(place, show(expected), actual)
  if (actual.length !== expected.length) return differ(place, `a list of ${expected.length}`, actual)
  return expected.flatMap((item, index) => compare(item, actual[index], inside(place, index)))
}

function compareObject(expected: JsonObject, actual: unknown, place: Place): Difference[] {
  const keys = Object.keys(expected)
  const operators = keys.filter((key) => key.startsWith('$'))
  const found = operators.flatMap((key) => operatorOf(key)(expected[key], actual, place))
  const plain = keys.filter((key) => !key.startsWith('$'))
  if (plain.length === 0 && operators.length > 0) return found
  if (!isObject(actual)) return [...found, ...differ(place, 'an object', actual)]
  for (const key of plain)
    found.push(...compare(expected[key], own(actual, key), { ...place, at: `${place.at}/${escaped(key)}` }))
  if (place.exact) {
    const extra = Object.keys(actual).filter((key) => !Object.hasOwn(expected, key))
    for (const key of extra)
      found.push({ at: `${place.at}/${escaped(key)}`, expected: '(absent)', actual: show(own(actual, key)) })
  }
  return found
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  object: isObject,
  array: Array.isArray,
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  $exactly: (argument, actual, place) => compare(argument, actual, { ...place, exact: true }),
  $type: (argument, actual, place) =>
    TYPES[String(argument)]?.(actual) === true ? [] : differ(place, `type ${argument}`, actual),
  $matches: (argument, actual, place) => compareText(String(argument), '', actual, place),
  $matchesAnyCase: (argument, actual, place) => compareText(String(argument), 'i', actual, place),
  $absent: (_, actual, place) => (actual === undefined ? [] : differ(place, '(absent)', actual)),
  $has: (argument, actual, place) =>
    Array.isArray(actual) && actual.some((item) => compare(argument, item, place).length === 0)
      ? []
      : differ(place, `a list with ${show(argument)}`, actual),
  $every: (argument, actual, place) =>
    Array.isArray(actual) && actual.length > 0
      ? actual.flatMap((item, index) => compare(argument, item, inside(place, index)))
      : differ(place, 'a list that is not empty', actual),
  $length: (argument, actual, place) =>
    (Array.isArray(actual) || typeof actual === 'string') && actual.length === argument
      ? []
      : differ(place, `length ${argument}`, actual),
  $keys: (argument, actual, place) => compareKeys(argument as readonly string[], actual, place),
  $keysSorted: (argument, actual, place) => {
    if (!isObject(actual)) return differ(place, 'an object', actual)
    const first = argument as readonly string[]
    const rest = Object.keys(actual).filter((key) => !first.includes(key))
    return compareKeys([...first, ...rest.sort(byNameAnyCase)], actual, place)
  },
  $anyOf: (argument, actual, place) =>
    (argument as readonly unknown[]).some((one) => compare(one, actual, place).length === 0)
      ? []
      : differ(place, `any of ${show(argument)}`, actual),
  $not: (argument, actual, place) =>
    compare(argument, actual, place).length > 0 ? [] : differ(place, `not ${show(argument)}`, actual),
}

const isText = (argument: unknown): boolean => typeof argument === 'string'
const isTextList = (argument: unknown): boolean => Array.isArray(argument) && argument.every(isText)

/** What each operator takes; an operator without a row here does not exist. */
const ARGUMENTS: Readonly<Record<string, (argument: unknown) => boolean>> = {
  $exactly: () => true,
  $type: (argument) => typeof argument === 'string' && Object.hasOwn(TYPES, argument),
  $matches: isPattern,
  $matchesAnyCase: isPattern,
  $absent: (argument) => argument === true,
  $has: () => true,
  $every: () => true,
  $length: Number.isInteger,
  $keys: isTextList,
  $keysSorted: isTextList,
  $anyOf: (argument) => Array.isArray(argument) && argument.length > 0,
  $not: () => true,
}

function operatorOf(key: string): Operator {
  // An unknown operator never gets here: `expectationProblems` refuses the case that has it.
  return OPERATORS[key] ?? ((_, actual, place) => differ(place, `operator ${key}`, actual))
}

function compareText(pattern: string, flags: string, actual: unknown, place: Place): Difference[] {
  const matched = typeof actual === 'string' && new RegExp(pattern, flags).test(actual)
  return matched ? [] : differ(place, `text like /${pattern}/${flags}`, actual)
}

function compareKeys(expected: readonly string[], actual: unknown, place: Place): Difference[] {
  if (!isObject(actual)) return differ(place, 'an object', actual)
  const keys = Object.keys(actual)
  const same = keys.length === expected.length && keys.every((key, index) => key === expected[index])
  return same ? [] : differ(place, `keys ${expected.join(', ')}`, keys.join(', '))
}

function byNameAnyCase(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

function isPattern(argument: unknown): boolean {
  if (typeof argument !== 'string') return false
  try {
    new RegExp(argument)
    return true
  } catch {
    return false
  }
}

function differ(place: Place, expected: string, actual: unknown): Difference[] {
  return [{ at: place.at, expected, actual: show(actual) }]
}

function inside(place: Place, index: number): Place {
  return { ...place, at: `${place.at}/${index}` }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Never an inherited property: a body may lack `constructor`. */
function own(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
