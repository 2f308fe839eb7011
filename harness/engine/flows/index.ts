/** All flows by name. A new one is a file here, a line below, and a variant of `Work` with its keys (work.ts). */
import type { FlowName, Work } from '../work.ts'
import { acknowledgeFlow } from './acknowledge.ts'
import type { Flow } from './flow.ts'
import { inventoryFlow } from './inventory.ts'
import { orderFlow } from './order.ts'
import { paymentFlow } from './payment.ts'
import { statusFlow } from './status.ts'

type Flows = { readonly [N in FlowName]: Flow<Extract<Work, { flow: N }>> }

const FLOWS: Flows = {
  order: orderFlow,
  payment: paymentFlow,
  status: statusFlow,
  acknowledge: acknowledgeFlow,
  inventory: inventoryFlow,
}

/** The flow of a piece of work. */
export function flowOf<W extends Work>({ flow }: W): Flow<W> {
  // The table's type says that the flow named N takes the work named N; the compiler cannot follow that through the index.
  return FLOWS[flow] as unknown as Flow<W>
}
