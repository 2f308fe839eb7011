/**
 * Test support: results in which every text that could come from outside tries to break out of the report, by markup,
 * script, terminal sequences, table syntax or sheer length.
 */
import type { ConformanceResult } from '../conformance/result.ts'
import { conformance, failed, sale } from './fixture.ts'
import type { ReportInput } from './input.ts'

/** Ends elements, attributes, scripts, tables and code spans; commands a terminal; carries half a surrogate pair. */
export const HOSTILE =
  '"\'><img src=x onerror=alert(1)></script></style>]]>&amp;<!--|`*_\u0000\u001b[2J\u009b31m\u202e\ud800\uffff\r\n# x'

/** Every string of a value replaced by the hostile one, save under the keys kept. */
function poison<T>(value: T, keep: readonly string[]): T {
  if (typeof value === 'string') return HOSTILE as T
  if (Array.isArray(value)) return value.map((item: unknown) => poison(item, keep)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, keep.includes(key) ? item : poison(item, keep)]),
  ) as T
}

/** A failing trial with the hostile text wherever a text may stand. Words of a fixed choice stay as they are. */
export function hostileInput(): ReportInput {
  const fixed = [
    'verdict',
    'engine',
    'mode',
    'status',
    'evidence',
    'level',
    'fault',
    'methods',
    'format',
    'product',
  ]
  const run = poison(
    failed(sale()),
    fixed.filter((key) => key !== 'evidence'),
  )
  const differing: ConformanceResult = {
    ...poison(conformance(3), fixed),
    leftovers: [HOSTILE],
  }
  const url = 'javascript:alert(1)'
  return {
    run,
    contrast: run,
    conformance: {
      ...differing,
      cases: differing.cases.map((item) => ({ ...item, source: { ...item.source, url } })),
    },
  }
}
