/** The facts that cases cite, from sources.json: title, public address where there is one, confidence. */
import { z } from 'zod'
import { invariant } from '../kernel/invariant.ts'
import table from './sources.json' with { type: 'json' }

const sourceSchema = z.strictObject({
  title: z.string().min(5),
  url: z
    .url({ protocol: /^https$/ })
    .describe('absent where the fact was seen in files without a public address')
    .optional(),
  confidence: z.string().regex(/^(documented|observed|inferred)\b/),
})

export type Source = z.output<typeof sourceSchema>

/** Keyed by fact ID, e.g. `REC-100`. */
export const sources: Readonly<Record<string, Source>> = z.record(z.string(), sourceSchema).parse(table)

/** The source behind a fact ID. A case that cites an unlisted one is a bug of ours. */
export function sourceOf(ref: string): Source {
  const source = sources[ref]
  invariant(source !== undefined, `${ref} is not in conformance/sources.json`)
  return source
}
