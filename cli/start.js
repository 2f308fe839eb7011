#!/usr/bin/env node
/**
 * The entry, from source and as built. It makes loading quick, which is most of a start, and is plain JavaScript so that it
 * runs before anything has to be stripped of its types.
 *
 * With the compile cache open, later starts find every module stripped and compiled. It is in the system's temporary
 * folder; NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 *
 * What our modules import by a relative path needs no search: the path is the file, and its ending says what it is. Node
 * would look for links and for the next package.json, module by module. The same goes for Zod, a quarter of all modules.
 */
import { enableCompileCache, registerHooks } from 'node:module'

const FORMATS = { '.ts': 'module-typescript', '.js': 'module' }
/** Modules whose relative imports are taken as they are: this one, what they lead to, and Zod. */
const plain = new Set([import.meta.url])

enableCompileCache()
registerHooks({
  resolve(specifier, context, next) {
    const format = FORMATS[specifier.slice(-3)]
    if (specifier.startsWith('.') && format !== undefined && plain.has(context.parentURL)) {
      const { href: url } = new URL(specifier, context.parentURL)
      plain.add(url)
      return { url, format, shortCircuit: true }
    }
    const found = next(specifier, context)
    if (specifier === 'zod' && found.format === 'module') plain.add(found.url)
    return found
  },
})
await import('./main.ts')
