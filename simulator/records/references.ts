/** Internal ids, and finding what a reference points at. Ids are shared by the types of a group. [REC-007, OPQ-014] */
import type { Account } from '../account.ts'
import type { Catalogue } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import type { ReadContext } from './values.ts'

interface TargetTypes {
  readonly names: ReadonlySet<string>
  readonly groups: readonly string[]
}

/** Worked out once per list of targets: an item line may refer to any of twenty types. */
const knownTargets = new WeakMap<readonly string[], TargetTypes>()

/** The types a reference may point at, as the catalogue has them, and the id groups to look in. */
export function targetsOf(catalogue: Catalogue, targets: readonly string[]): TargetTypes {
  let known = knownTargets.get(targets)
  if (known === undefined) {
    const types = targets.map((name) => catalogue.find(name)).filter((type) => type !== undefined)
    known = {
      names: new Set(types.map(({ name }) => name)),
      groups: [...new Set(types.map((type) => rulesFor(type).group))],
    }
    knownTargets.set(targets, known)
  }
  return known
}

/** Of fifteen digits: beyond, numbers are not exact. */
const ID_MAX = 999_999_999_999_999

/** An internal id as a number, or undefined when the text is none. Negative ids exist. [REC-007] */
export function toId(text: string): number | undefined {
  const id = Number(text)
  return Math.abs(id) <= ID_MAX && `${id}` === text && Number.isInteger(id) ? id : undefined
}

/** Finds the target of a reference that a request names. [REC-109, REC-E17] */
export function resolverOf({ catalogue, store }: Account): ReadContext['resolve'] {
  return (targets, wanted) => {
    const { names, groups } = targetsOf(catalogue, targets)
    if (groups.length === 0) return 'unchecked'
    for (const group of groups) {
      const found =
        'id' in wanted ? store.peek(group, toId(wanted.id) ?? 0) : store.find(group, wanted.externalId)
      if (found !== undefined && names.has(found.type)) return String(found.id)
    }
    return undefined
  }
}
