#!/usr/bin/env node
/**
 * The entry for running from source. Plain JavaScript, so that it runs before anything has to be stripped of its types: with
 * the cache open, later starts find every module stripped and compiled, and Node never loads its stripper, which takes
 * longer than all the rest. The cache is in the system's temporary folder; NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./main.ts')
