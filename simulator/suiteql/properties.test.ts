/** If this fails, a query gives other rows than a few lines of TypeScript find in the records that REST wrote. */
import { describeProperties } from './properties-test-kit.ts'

describeProperties({ seed: 1, times: 1 })
