/**
 * If this fails, text from outside reaches a terminal or a parser raw, or figures are rounded into a lie
 * ("all" for almost all, "none" for few).
 */
import { describe, expect, it } from 'vitest'
import { compact, decimal, duration, percent } from './format.ts'
import { cleanText, clip, counted, grouped, listed, oneLine } from './text.ts'

describe('cleanText', () => {
  it('removes controls, half surrogates, non-characters and direction overrides', () => {
    expect(cleanText('a\u0000\u001b[2Jb\u009b\u202e\ud800\uffffc\r')).toBe('a[2Jbc')
  })
  it('keeps tab, line feed, letters of all languages and whole pairs', () => {
    expect(cleanText('Größe\t漢字\n🚢')).toBe('Größe\t漢字\n🚢')
  })
})

describe('clip and oneLine', () => {
  it('marks what is cut off and never halves a pair', () => {
    expect(clip('abcdef', 4)).toBe('abc…')
    expect(clip('ab🚢🚢', 4)).toBe('ab…')
    expect(clip('abcd', 4)).toBe('abcd')
  })
  it('makes one line', () => {
    expect(oneLine(' a\n\tb ', 10)).toBe('a b')
  })
})

describe('words', () => {
  it('groups thousands', () => {
    expect([0, 999, 1000, 1234567, 1234.5678].map(grouped)).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
      '1,234.5678',
    ])
  })
  it('counts and lists', () => {
    expect([counted(1, 'case'), counted(2000, 'case'), counted(2, 'delivery', 'deliveries')]).toEqual([
      '1 case',
      '2,000 cases',
      '2 deliveries',
    ])
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ])
  })
})

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0.4 ms'],
    [812.4, '812 ms'],
    [999.6, '1 s'],
    [4213, '4.21 s'],
    [59_960, '1 min'],
    [192_000, '3 min 12 s'],
    [3_599_900, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [97_200_000, '1 d 3 h'],
    [Number.NaN, '–'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('percent', () => {
  it.each([
    [0, 0, '–'],
    [0, 5, '0%'],
    [5, 5, '100%'],
    [99_999, 100_000, '> 99.99%'],
    [1, 100_000, '< 0.01%'],
    [9_965, 10_000, '99.65%'],
    [316, 14_929, '2.1%'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(percent(part, whole)).toBe(text)
  })
})

describe('decimal and compact', () => {
  it('are short', () => {
    expect([decimal(2.3149, 2), decimal(3, 2), decimal(12_345.678, 1)]).toEqual(['2.31', '3', '12,345.7'])
    expect([950, 1500, 1234, 20_000, 3e6, 0.25].map(compact)).toEqual([
      '950',
      '1.5k',
      '1,234',
      '20k',
      '3M',
      '0.25',
    ])
  })
})
