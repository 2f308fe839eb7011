/** Routes for the load of other integrations. A change replaces all of it, or is refused as a whole. */
import { neighboursChangeSchema, neighbourViewsSchema } from '../../protocol/control.ts'
import { route } from './route.ts'

export const neighbourRoutes = [
  route({
    method: 'GET',
    path: '/neighbours',
    summary: 'Load of other integrations, and what it came to',
    answer: neighbourViewsSchema,
    handle: (_, { neighbours }) => ({ items: neighbours.view() }),
  }),
  route({
    method: 'PUT',
    path: '/neighbours',
    summary: 'Replace the load of other integrations; a reset goes back to that of the profile',
    body: neighboursChangeSchema,
    answer: neighbourViewsSchema,
    handle: ({ body }, { neighbours }) => ({ items: neighbours.replace(body.items) }),
  }),
]
