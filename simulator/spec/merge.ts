/**
 * Joins record types of several documents. A document of a few record types loses the targets of references to all
 * others [OAS-061]; another document of the same account, or the bundled catalogue, still knows them. So types are
 * joined by name, and of each reference the richest form stays. [OAS-062]
 */
import { type Field, findField, type RecordType, type Shape } from './catalogue.ts'

/**
 * Lays `over` over `base`, by record type without regard to case. Where both have a type, `over` says which fields
 * there are and how they are spelled; `base` fills in what `over` leaves open: targets, values, titles, keys of
 * lines, filterable names. Order: the types of `base`, then the new ones.
 */
export function mergeTypes(base: readonly RecordType[], over: readonly RecordType[]): RecordType[] {
  const merged = new Map(base.map((type) => [type.name.toLowerCase(), type]))
  for (const type of over) {
    const key = type.name.toLowerCase()
    const below = merged.get(key)
    merged.set(key, below === undefined ? type : { ...type, body: mergeShapes(below.body, type.body) })
  }
  return [...merged.values()]
}

/** Shapes are trees: the loader cuts every cycle, so this ends. */
function mergeShapes(base: Shape, over: Shape): Shape {
  const filterable = over.filterable ?? base.filterable
  const lineKey = over.lineKey ?? base.lineKey
  return {
    fields: over.fields.map((field) => {
      const below = findField(base, field.name)
      return below === undefined ? field : mergeFields(below, field)
    }),
    ...(filterable && { filterable }),
    ...(lineKey && { lineKey }),
  }
}

function mergeFields(base: Field, over: Field): Field {
  const title = over.title ?? base.title
  const named: Field = { ...over, ...(title !== undefined && { title }) }
  if (named.kind === 'reference' && base.kind === 'reference') return withTargets(named, base.targets)
  if (named.kind === 'multiSelect' && base.kind === 'multiSelect') return withTargets(named, base.targets)
  if (named.kind === 'enum' && base.kind === 'enum') {
    return named.values.length > 0 ? named : { ...named, values: base.values }
  }
  if (named.kind === 'sublist' && base.kind === 'sublist') {
    return { ...named, line: mergeShapes(base.line, named.line) }
  }
  if (named.kind === 'subrecord' && base.kind === 'subrecord') {
    return { ...named, body: mergeShapes(base.body, named.body) }
  }
  return named
}

/** More targets say more; with equally many, `over` is the newer. */
function withTargets<T extends Field & { readonly targets: readonly string[] }>(
  over: T,
  base: readonly string[],
): T {
  return over.targets.length >= base.length ? over : { ...over, targets: base }
}
