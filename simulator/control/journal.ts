/** Routes for what the account saw. */
import { z } from 'zod'
import { journalPageSchema } from '../../protocol/control.ts'
import { pageQuery } from './query.ts'
import { route } from './route.ts'

export const journalRoutes = [
  route({
    method: 'GET',
    path: '/journal',
    summary: 'Requests in order of arrival, without bodies and credentials',
    query: z.strictObject(pageQuery),
    answer: journalPageSchema,
    handle: ({ query }, { journal }) => journal.page(query.after, query.limit),
  }),
  route({
    method: 'DELETE',
    path: '/journal',
    summary: 'Empty the journal and start counting anew',
    handle: (_, { journal }) => journal.reset(),
  }),
]
