/** Bodies, queries and headers that no client should send, drawn by chance: the raw material of malformed requests. */
import type { Rng } from '../../kernel/rng.ts'

const CHARACTERS = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '9',
  '-',
  'e',
  't',
  'n',
  ' ',
  '\t',
  '\n',
  'é',
  '🚢',
]
const ODD_TEXTS = [
  '',
  ' ',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  '\u202e',
  '\ufeff',
  "'; DROP TABLE record; --",
  '" OR 1=1',
  '<script>',
  '{{7*7}}',
  'a'.repeat(5000),
  '999999999999999999999999999999',
  '-1',
  '1e999',
  '0x1F',
  'T',
  'eid:',
  'eid:x',
]
const ODD_NUMBERS = [0, -0, -1, 1.5, 1e21, 1e300, -1e300, 2 ** 31, 2 ** 53, 2 ** 63, 5e-324]

export function oddText(rng: Rng): string {
  if (rng.chance(0.6)) return rng.pick(ODD_TEXTS)
  return Array.from({ length: rng.integer(0, 12) }, () => rng.pick(CHARACTERS)).join('')
}

const DEPTH_MAX = 4
const WIDTH_MAX = 4

/** Any JSON value, with keys from `names` now and then. */
export function oddValue(rng: Rng, names: readonly string[], depth = 0): unknown {
  const kind = rng.integer(0, depth >= DEPTH_MAX ? 4 : 6)
  if (kind <= 1) return oddText(rng)
  if (kind === 2) return rng.pick(ODD_NUMBERS)
  if (kind === 3) return rng.chance(0.5)
  if (kind === 4) return null
  const inner = (): unknown => oddValue(rng, names, depth + 1)
  const length = rng.integer(0, WIDTH_MAX)
  if (kind === 5) return Array.from({ length }, inner)
  return Object.fromEntries(Array.from({ length }, () => [oddKey(rng, names), inner()]))
}

const SHAPE_KEYS = ['id', 'items', 'refName', 'externalId', 'links', 'line', 'quantity', 'item', '__proto__']

export function oddKey(rng: Rng, names: readonly string[]): string {
  if (names.length > 0 && rng.chance(0.6)) return rng.pick(names)
  return rng.chance(0.7) ? rng.pick(SHAPE_KEYS) : oddText(rng)
}

const NESTING = 20_000

/** Text that is nearly JSON, or all too much of it. */
export function oddJson(rng: Rng, names: readonly string[]): string {
  const good = JSON.stringify(
    Object.fromEntries([1, 2, 3].map(() => [oddKey(rng, names), oddValue(rng, names)])),
  )
  switch (rng.integer(0, 9)) {
    case 0:
      return good.slice(0, rng.integer(0, good.length))
    case 1:
      return good.replace(/"/g, () => (rng.chance(0.2) ? rng.pick(CHARACTERS) : '"'))
    case 2:
      return JSON.stringify(oddValue(rng, names))
    case 3:
      return oddText(rng)
    case 4:
      return `${good}${rng.pick(CHARACTERS)}`
    case 5:
      return `{"${oddKey(rng, names).replace(/["\\]/g, '')}":${rng.pick(['1e999', '-', '.5', '01', 'NaN', '1e-999', '9'.repeat(400)])}}`
    case 6:
      return rng.chance(0.05)
        ? `{"${rng.pick([...names, 'a']).replace(/["\\]/g, '')}":${'['.repeat(NESTING)}${']'.repeat(NESTING)}}`
        : `{"a":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`
    case 7:
      return `\ufeff${good}`
    case 8:
      return `{${Array.from({ length: 3 }, () => `"${rng.pick([...names, 'a']).replace(/["\\]/g, '')}":${JSON.stringify(oddValue(rng, names))}`).join(',')}}`
    default:
      return good
  }
}

const OPERATORS = [
  'IS IS_NOT EMPTY EMPTY_NOT EQUAL EQUAL_NOT GREATER LESS_OR_EQUAL BETWEEN WITHIN ANY_OF',
  'ANY_OF_NOT CONTAIN START_WITH ENDWITH END_WITH_NOT AFTER ON_OR_BEFORE BEFORE_NOT LIKE IN NOT',
].flatMap((words) => words.split(' '))
const VALUES = [
  '1',
  '"a b"',
  "'a'",
  '[1, 2]',
  '[1',
  '[]',
  'true',
  '"1/1/2026"',
  '2026-01-01',
  '"',
  '-',
  '()',
  '""',
  '1e5',
  '"é🚢"',
]

/** Pieces of the filter grammar in any order. */
export function oddFilter(rng: Rng, names: readonly string[]): string {
  if (rng.chance(0.02)) return `${'('.repeat(3000)}id EQUAL 1${')'.repeat(3000)}`
  const piece = (): string => {
    const kind = rng.integer(0, 9)
    if (kind <= 2) return oddKey(rng, names)
    if (kind <= 5) return rng.pick(OPERATORS)
    if (kind <= 7) return rng.pick(VALUES)
    return kind === 8 ? rng.pick(['AND', 'OR', '(', ')', 'and', ',']) : oddText(rng).slice(0, 40)
  }
  if (rng.chance(0.4)) {
    const condition = (): string => `${oddKey(rng, names)} ${rng.pick(OPERATORS)} ${rng.pick(VALUES)}`
    return [condition(), ...(rng.chance(0.4) ? [rng.pick(['AND', 'OR']), condition()] : [])].join(' ')
  }
  return Array.from({ length: rng.integer(1, 8) }, piece).join(rng.pick([' ', '', '  ']))
}

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  prefer: [
    'respond-async',
    'transient',
    'respond-async, batch-processing="parallel"',
    'return=representation',
    '',
    ';;;',
    'respond-async;x="',
  ],
  accept: [
    '*/*',
    'application/json',
    'text/html',
    'application/vnd.oracle.resource+json; type=create-form',
    'application/vnd.oracle.resource+json; type=edit-form',
    'application/vnd.oracle.resource+json; type=select-options',
    'application/vnd.oracle.resource+json; type=',
    'application/swagger+json',
    'application/schema+json',
    '',
    'x'.repeat(3000),
  ],
  'content-type': [
    'text/plain',
    'application/vnd.oracle.resource+json; type=collection',
    'application/vnd.oracle.resource+json; type=singular',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'multipart/form-data',
    '',
    '/',
  ],
  'x-netsuite-propertynamevalidation': ['error', 'Ignore', 'WARNING', 'maybe', ''],
  'x-netsuite-propertyvaluevalidation': ['error', 'ignore', 'Warning', 'maybe', ''],
  'x-netsuite-idempotency-key': ['a', 'b', '', 'x'.repeat(500), '00000000-0000-4000-8000-000000000000'],
  'accept-language': ['xx', 'de-DE', '', '*'],
  'if-match': ['*', '"1"'],
  'content-encoding': ['gzip', 'br'],
  'content-length': ['0', '-1', '999999999999'],
  'x-http-method-override': ['DELETE'],
}

/** A few headers, each with a value it may or may not take. */
export function oddHeaders(rng: Rng): Record<string, string> {
  const names = Object.keys(HEADERS)
  const count = rng.chance(0.5) ? 0 : rng.integer(1, 3)
  const chosen = Array.from({ length: count }, () => rng.pick(names))
  return Object.fromEntries(chosen.map((name) => [name, rng.pick(HEADERS[name]!)]))
}
