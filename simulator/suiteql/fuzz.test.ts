/** If this fails, a mangled statement gets another answer than rows or a refusal: a crash, or words of the database below. */
import { describeFuzz } from './fuzz-test-kit.ts'

describeFuzz({ seed: 1, times: 1 })
