/** The scenarios that are shipped, in the order in which they are listed. A new one is one file and one line here. */
import type { Scenario } from '../harness/scenario.ts'
import { orderSpike } from './order-spike.ts'

export const scenarios: readonly Scenario[] = [orderSpike]
