/**
 * Fills `{words}` in cases. Given by the run: `{base}` the target's address, `{account}` its realm spelling, `{key}` a
 * UUID, `{unique}` a name no other case and no other run uses, fit for an external id. Others come from `save`.
 * Text that is one placeholder and nothing else takes the saved value itself, so a saved number stays a number.
 */

export type Values = ReadonlyMap<string, unknown>

/** Names that are there without being saved. */
export const GIVEN_NAMES = ['base', 'account', 'key', 'unique'] as const

/** The suite cannot carry a case out: a placeholder nothing fills, a value to save that is not in the answer. */
export class CaseProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CaseProblem'
  }
}

const PLACEHOLDER = /\{([a-z][A-Za-z0-9]*)\}/g

/** A copy of `value` with every placeholder filled. Inside patterns the filling matches literally. Throws `CaseProblem`. */
export function fill<T>(value: T, values: Values): T {
  return fillAny(value, values, false) as T
}

/** Names used anywhere in `value`. */
export function placeholdersIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(PLACEHOLDER)].map(([, name]) => name!)
  if (Array.isArray(value)) return value.flatMap(placeholdersIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(placeholdersIn)
}

function fillAny(value: unknown, values: Values, inPattern: boolean): unknown {
  if (typeof value === 'string') return fillText(value, values, inPattern)
  if (Array.isArray(value)) return value.map((item) => fillAny(item, values, inPattern))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillAny(inner, values, key.startsWith('$matches'))]),
  )
}

function fillText(text: string, values: Values, inPattern: boolean): unknown {
  const whole = /^\{([a-z][A-Za-z0-9]*)\}$/.exec(text)
  if (whole !== null && !inPattern) return valueNamed(whole[1]!, values)
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const filling = String(valueNamed(name, values))
    return inPattern ? filling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : filling
  })
}

function valueNamed(name: string, values: Values): unknown {
  if (!values.has(name)) throw new CaseProblem(`nothing fills {${name}}`)
  return values.get(name)
}
