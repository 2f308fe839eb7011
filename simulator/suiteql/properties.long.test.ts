/** If this fails, some query gives other rows than the records say; as `properties.test.ts`, for minutes. */
import { vi } from 'vitest'
import { describeProperties } from './properties-test-kit.ts'

vi.setConfig({ testTimeout: 600_000 })

describeProperties({ seed: 2, times: 30 })
