/** Routes for slots and limits. A change of limits is refused as a whole, or carried out as a whole. */
import { limitsChangeSchema, limitsViewSchema, slotsViewSchema } from '../../protocol/control.ts'
import { badRequest, route } from './route.ts'

export const limitRoutes = [
  route({
    method: 'GET',
    path: '/slots',
    summary: 'Who holds which concurrency slot since when',
    answer: slotsViewSchema,
    handle: (_, { governance }) => governance.slots(),
  }),
  route({
    method: 'GET',
    path: '/limits',
    summary: 'What the account grants, and how much of it is used',
    answer: limitsViewSchema,
    handle: (_, { governance }) => governance.limits(),
  }),
  route({
    method: 'PATCH',
    path: '/limits',
    summary: 'Change limits while the account runs',
    body: limitsChangeSchema,
    answer: limitsViewSchema,
    handle: ({ body }, { governance }) => {
      try {
        return governance.change(body)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw badRequest(error.message, 'lower the allocations or raise the limit')
      }
    },
  }),
]
