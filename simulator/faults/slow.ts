/** `slow` and `slow-metadata`: more work than usual while the slot is held, so that others feel it too. [GOV-087] */
import type { Verdict } from './fault.ts'

export function slow({ delayMs }: { readonly delayMs: number }): Verdict {
  return { phase: 'during', delayMs }
}
