/**
 * How many whole arrivals an integral of a rate holds: rounded down, but forgiving the last bits of binary
 * fractions (0.1/s over 30 s is 3 arrivals, not 2).
 */

/** Far above the rounding error of any sane rate and duration, far below anything a schedule could mean. */
const ROUNDING_SLACK = 1e-6

/** `integral` is arrivals, 0 or more. */
export function wholeStarts(integral: number): number {
  return Math.floor(integral + ROUNDING_SLACK)
}
