/**
 * Seeded randomness. The only source of chance in the house: everything else takes an `Rng` by injection.
 * `fork(label)` gives an independent stream, so that a new draw in one part never shifts another.
 */
import seedrandom from 'seedrandom'
import { invariant } from './invariant.ts'

export interface Rng {
  /** The seed path of this stream, e.g. `7/faults/drop-response`. */
  readonly seed: string
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [min, max], both included. */
  integer(min: number, max: number): number
  /** True with probability `ratio` (0..1). */
  chance(ratio: number): boolean
  /** One item of a non-empty list. */
  pick<T>(items: readonly T[]): T
  /** Standard normal (mean 0, deviation 1), by Box and Muller. */
  normal(): number
  /** Lower-case hexadecimal text of `length` characters. */
  hex(length: number): string
  /** A version-4 shaped UUID. */
  uuid(): string
  /** An independent stream named by `label`. Same seed and label: same stream. */
  fork(label: string): Rng
}

/** '00' to 'ff': request ids are drawn on every call, so hexadecimal text must be cheap. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Eight digits of a 32-bit draw. */
function hexOf(draw: number): string {
  return BYTES[draw >>> 24]! + BYTES[(draw >>> 16) & 255]! + BYTES[(draw >>> 8) & 255]! + BYTES[draw & 255]!
}

const DIGIT_CODES = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0))
/** Character codes of a UUID, each written over the one before. Text made at once is in one piece; glued, it is a tree of pieces. */
const uuidCodes = Array<number>(36).fill('-'.charCodeAt(0))
/** Where the digits of its four words stand. */
const UUID_PLACES = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
] as const

function placeHex(word: 0 | 1 | 2 | 3, draw: number): void {
  let shift = 28
  for (const place of UUID_PLACES[word]) {
    uuidCodes[place] = DIGIT_CODES[(draw >>> shift) & 15]!
    shift -= 4
  }
}

/** Makes a stream from any seed. Equal seeds give equal draws on every machine. */
export function createRng(seed: string | number): Rng {
  const path = String(seed)
  const draw = seedrandom.xor4096(path)
  const integer = (min: number, max: number): number => {
    invariant(max >= min, `rng.integer(${min}, ${max})`)
    return min + Math.floor(draw.quick() * (max - min + 1))
  }
  const hex = (length: number): string => {
    let text = ''
    while (text.length < length) text += hexOf(draw.int32())
    return text.length === length ? text : text.slice(0, length)
  }
  return {
    seed: path,
    next: () => draw.quick(),
    integer,
    chance: (ratio) => ratio > 0 && draw.quick() < ratio,
    pick: (items) => {
      invariant(items.length > 0, 'rng.pick of an empty list')
      return items[integer(0, items.length - 1)]!
    },
    // 1 - u keeps the logarithm away from zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - draw.quick())) * Math.cos(2 * Math.PI * draw.quick()),
    hex,
    uuid: () => {
      placeHex(1, (draw.int32() & 0xffff0fff) | 0x4000)
      placeHex(2, (draw.int32() & 0x3fffffff) | 0x80000000)
      placeHex(0, draw.int32())
      placeHex(3, draw.int32())
      return String.fromCharCode(...uuidCodes)
    },
    fork: (label) => createRng(`${path}/${label}`),
  }
}
