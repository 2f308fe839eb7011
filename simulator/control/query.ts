/** Values of query parameters, which arrive as text. */
import { z } from 'zod'

/** A whole number, written in digits only. */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text),
    z.int(`a whole number from ${min} to ${max}`).min(min).max(max),
  )
}

const PAGE_DEFAULT = 1000
const PAGE_MAX = 10_000

/** `after` names the last item already seen. */
export const pageQuery = {
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0).describe('only what comes after this one'),
  limit: wholeNumber(1, PAGE_MAX).default(PAGE_DEFAULT).describe('most items in the answer'),
}
