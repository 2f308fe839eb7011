/**
 * If this fails, voyages sail past bugs that they used to find, or a planted bug is not where it was: then a green test/sim proves
 * less than it says.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Mutant, mutantOf, mutated, readMutants } from './mutant.ts'

/** Bug, the first seed that finds it, and by which check; each within a second or two. */
const QUICK = [['no-look-up', 1, 'look-up']] as const

function sail(seed: number, mutant?: string): Promise<readonly string[]> {
  const args = [`${import.meta.dirname}/run.ts`, '--json', '--seed', String(seed)]
  if (mutant !== undefined) args.push('--mutant', mutant)
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 50_000 }, (error, text, complaint) => {
      if (error !== null && text === '') reject(new Error(complaint))
      else resolve(text === '' ? [] : (JSON.parse(text) as { breaches: string[] }).breaches)
    })
  })
}

describe('planted bugs', () => {
  it.each(QUICK)('%s is found by seed %i, by the check %s', async (id, seed, check) => {
    expect((await sail(seed, id)).map((breach) => breach.split(':')[0])).toContain(check)
  })
  it('are what was found: without one the same voyages go well', async () => {
    const seeds = [...new Set(QUICK.map(([, seed]) => seed))]
    for (const seed of seeds) expect(await sail(seed)).toEqual([])
  })
})

describe('a planted bug', () => {
  const bug: Mutant = { id: 'x', file: 'a.ts', find: 'b', replace: '$& or not', why: '' }

  it('changes its one place, and takes what it puts there as it stands', () => {
    expect(mutated('abc', bug)).toBe('a$& or notc')
  })
  it.each([
    ['ac', 0],
    ['abcb', 2],
  ])('must have one place: %s has %i', (source, places) => {
    expect(() => mutated(source, bug)).toThrow(`mutant x: "b" is ${places} times in a.ts, once is due`)
  })
  it.each(readMutants())('$id has its one place in the engine as it is', (mutant) => {
    const source = readFileSync(`${import.meta.dirname}/../../${mutant.file}`, 'utf8')
    expect(mutated(source, mutant)).not.toBe(source)
  })
  it('must be known', () => {
    expect(() => mutantOf('no-such-bug')).toThrow('mutants.json has no no-such-bug')
  })
  it('has a name of its own, and changes something', () => {
    const mutants = readMutants()
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
    expect(mutants.filter(({ find, replace }) => find === replace)).toEqual([])
    expect(mutants.length).toBeGreaterThanOrEqual(25)
  })
})
