/** Routes for what the account saw. */
import { z } from 'zod'
import { type JournalEntry, journalPageSchema } from '../../protocol/control.ts'
import { pageQuery, wholeNumber } from './query.ts'
import { route } from './route.ts'

const name = z.string().min(1).optional()

const journalQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .regex(/^([0-5]\d\d|[1-5]xx|0)$/, 'a status such as 429, a class such as 4xx, or 0')
    .optional()
    .describe('status such as 429, or class such as 4xx; 0: no answer was made'),
  integration: name.describe('name of an integration'),
  operation: name.describe('e.g. `record.create`'),
  fault: name.describe('id of the fault that hit'),
  since: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('received at this time or later, ms'),
})

/** [GOV-060] */
function isWantedBy({ status, integration, operation, fault, since = 0 }: z.output<typeof journalQuery>) {
  const isStatus = (given: number): boolean =>
    status?.endsWith('xx') ? Math.floor(given / 100) === Number(status[0]) : given === Number(status)
  return (entry: JournalEntry): boolean =>
    (status === undefined || isStatus(entry.status)) &&
    (integration === undefined || entry.integration === integration) &&
    (operation === undefined || entry.operation === operation) &&
    (fault === undefined || entry.fault === fault) &&
    entry.receivedMs >= since
}

export const journalRoutes = [
  route({
    method: 'GET',
    path: '/journal',
    summary: 'Requests in order of arrival, without bodies and credentials',
    query: journalQuery,
    answer: journalPageSchema,
    handle: ({ query }, { journal }) => journal.page(query.after, query.limit, isWantedBy(query)),
  }),
  route({
    method: 'DELETE',
    path: '/journal',
    summary: 'Empty the journal and start counting anew',
    handle: (_, { journal }) => journal.reset(),
  }),
]
