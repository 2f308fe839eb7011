/** Runs that take minutes: `npm run test:long`. What `npm test` runs is in vitest.config.ts. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['**/*.long.test.ts'], exclude: ['node_modules/**', 'dist/**'], retry: 0 },
})
