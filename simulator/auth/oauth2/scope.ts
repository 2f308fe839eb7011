/** Scopes as clients write them: a text with spaces or commas between, or an array. [AUT-062, AUT-063, AUT-080] */
import { SCOPES, type Scope } from '../options.ts'

/** The scopes named; undefined where there are none, or one is unknown, or `mcp` is not alone. */
export function parseScopes(value: unknown): readonly Scope[] | undefined {
  const names = typeof value === 'string' ? value.split(/[\s,]+/).filter((name) => name !== '') : value
  if (!Array.isArray(names) || names.length === 0) return undefined
  const scopes = [...new Set(names as unknown[])]
  if (!scopes.every((name) => (SCOPES as readonly unknown[]).includes(name))) return undefined
  return scopes.includes('mcp') && scopes.length > 1 ? undefined : (scopes as Scope[])
}
