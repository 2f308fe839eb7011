// If this fails, a user whose file is not JSON is sent to the wrong line, or to none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonBreak } from './json-position.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('findJsonBreak', () => {
  it('agrees with JSON.parse on what is JSON', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '\n', '\\', '0', 'tru', ':'))
      .map(([json, where, put]) => {
        const i = where % (json.length + 1)
        return json.slice(0, i) + put + json.slice(i + 1)
      })
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        expect(findJsonBreak(text) === undefined).toBe(isJson(text))
      }),
      { numRuns: 2000 },
    )
  })
  it.each([
    ['{\n  "a": 1,\n}', 3, 'a name'],
    ['{\n  "a" 1\n}', 2, "':'"],
    ['[1,\n2\n3]', 3, "','"],
    ['{"a":\n"b', 2, 'closing'],
    ['{"a":\n"b\\x"}', 2, 'escape'],
    ['{"a": "one\ntwo"}', 1, 'closing'],
    ['{}\n{}', 2, 'nothing'],
    ['', 1, 'a value'],
    ['[01]', 1, "','"],
  ])('finds the line of %j', (text, line, expected) => {
    expect(findJsonBreak(text)).toMatchObject({ line, expected: expect.stringContaining(expected) })
  })
  it('does not mind depth', () => {
    expect(findJsonBreak('['.repeat(200_000))).toMatchObject({ line: 1, offset: 200_000 })
  })
})
