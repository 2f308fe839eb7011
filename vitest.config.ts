import { defineConfig } from 'vitest/config'

/** Unit tests sit beside their file; `test/` holds what crosses folders. Long runs have a config of their own. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '**/*.long.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    // Modules are loaded once per worker, not once per file: nothing here keeps state at module level.
    pool: 'threads',
    isolate: false,
    // As many as there are cores; the default leaves one to itself, which on two cores means one file after the other.
    maxWorkers: '100%',
  },
})
