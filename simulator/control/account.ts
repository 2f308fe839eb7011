/** Routes for the account as a whole. */
import { healthSchema } from '../../protocol/control.ts'
import { route } from './route.ts'

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/health',
    summary: 'Whether the account is there, and which one it is',
    answer: healthSchema,
    handle: (_, { health }) => health(),
  }),
  route({
    method: 'POST',
    path: '/reset',
    summary: 'Bring records, jobs, journal, logins, slots and faults back to the start',
    handle: (_, { reset }) => reset(),
  }),
]
