/** If this fails, some mangled statement crashes or hangs; as `fuzz.test.ts`, for minutes. */
import { vi } from 'vitest'
import { describeFuzz } from './fuzz-test-kit.ts'

vi.setConfig({ testTimeout: 900_000 })

describeFuzz({ seed: 2, times: 20 })
