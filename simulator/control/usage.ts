/** Routes for the figures of NetSuite's own pages: what a console lives from. */
import { z } from 'zod'
import { accountUsageSchema, requestUsageSchema, usageMinutesSchema } from '../../protocol/control.ts'
import { wholeNumber } from './query.ts'
import { route } from './route.ts'

export const usageRoutes = [
  route({
    method: 'GET',
    path: '/usage',
    summary:
      'Requests, rejections and peak concurrency of thirty days, with a cell for each hour [GOV-062, GOV-064]',
    answer: accountUsageSchema,
    handle: (_, { governance }) => governance.usage(),
  }),
  route({
    method: 'GET',
    path: '/usage/minutes',
    summary: 'A cell for each minute of one hour [GOV-065]',
    query: z.strictObject({
      at: wholeNumber(0, Number.MAX_SAFE_INTEGER)
        .optional()
        .describe('a time in that hour, ms; default: now'),
    }),
    answer: usageMinutesSchema,
    handle: ({ query }, { governance }) => ({ items: governance.usageMinutes(query.at) }),
  }),
  route({
    method: 'GET',
    path: '/usage/requests',
    summary: 'How requests ended: counts by integration, operation, channel, status and error code [GOV-066]',
    answer: requestUsageSchema,
    handle: (_, { journal }) => journal.usage(),
  }),
]
