/** Routes for injected faults. */
import { faultsSchema, faultViewSchema } from '../../protocol/control.ts'
import { faultSpecSchema } from '../../protocol/fault.ts'
import { ControlError, notFound, route } from './route.ts'

export const faultRoutes = [
  route({
    method: 'GET',
    path: '/faults',
    summary: 'Installed faults with what they considered and hit',
    answer: faultsSchema,
    handle: (_, { faults }) => ({ items: faults.view() }),
  }),
  route({
    method: 'POST',
    path: '/faults',
    summary: 'Install a fault; its window counts from now',
    body: faultSpecSchema,
    answer: faultViewSchema,
    handle: ({ body }, { faults }) => {
      try {
        return faults.install(body)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        const mend = 'choose another id, or DELETE the old one first'
        throw new ControlError(409, 'E_FAULT_EXISTS', error.message, mend)
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/faults',
    summary: 'Remove all faults',
    handle: (_, { faults }) => faults.clear(),
  }),
  route({
    method: 'DELETE',
    path: '/faults/{id}',
    summary: 'Remove one fault',
    handle: ({ parameters: { id } }, { faults }) => {
      if (!faults.remove(id)) throw notFound(`no fault ${id}`, 'GET /_seatrial/faults lists them')
    },
  }),
]
