/**
 * Planted bugs: one-line changes of the engine (mutants.json), made while a module is loaded. Nothing is written to the tree.
 * A process has at most one, and plants it before it imports anything of the engine.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

export interface Mutant {
  readonly id: string
  /** From the root of the project. */
  readonly file: string
  /** Must be in the file exactly once. */
  readonly find: string
  readonly replace: string
  /** What the engine does wrong by it. */
  readonly why: string
  /** The kind of voyages that finds it (voyage/kinds.ts). Absent: `orders`. */
  readonly kind?: string
}

const ROOT = `${import.meta.dirname}/../..`

/** All of them. */
export function readMutants(): readonly Mutant[] {
  return JSON.parse(readFileSync(`${import.meta.dirname}/mutants.json`, 'utf8')) as Mutant[]
}

/** The one named. Throws where there is none. */
export function mutantOf(id: string): Mutant {
  const mutant = readMutants().find((one) => one.id === id)
  if (mutant === undefined) throw new Error(`mutants.json has no ${id}`)
  return mutant
}

/** `source` with the bug in it. Throws unless there is exactly one place for it. */
export function mutated(source: string, { id, file, find, replace }: Mutant): string {
  const places = source.split(find).length - 1
  if (find === '' || places !== 1)
    throw new Error(`mutant ${id}: "${find}" is ${places} times in ${file}, once is due`)
  return source.replace(find, () => replace)
}

/** From here on this process loads the engine with the bug. */
export function plant(mutant: Mutant): void {
  // Said now, and not by an import that fails later.
  mutated(readFileSync(`${ROOT}/${mutant.file}`, 'utf8'), mutant)
  const { href } = pathToFileURL(`${ROOT}/${mutant.file}`)
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      return url === href ? { ...loaded, source: mutated(String(loaded.source), mutant) } : loaded
    },
  })
}
