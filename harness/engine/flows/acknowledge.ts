/**
 * The acknowledge flow: tells the shop what became of its order, apart from the way into the account, so that a shop that is
 * slow or down holds up no order. It is told again until it has taken the word: shops must be ready to hear it twice.
 */
import type { AcknowledgeWork } from '../work.ts'
import { type Flow, failed, finished } from './flow.ts'

export const acknowledgeFlow: Flow<AcknowledgeWork> = {
  async run(work, { shop }) {
    if (shop === undefined) return { kind: 'impossible', reason: 'this engine knows no shop to tell it to' }
    const { orderId, result, salesOrderId, reason } = work
    const told = await shop.acknowledge({ orderId, result, salesOrderId, reason })
    return told.kind === 'done' ? finished(salesOrderId) : failed('shop.acknowledge', told)
  },
}
