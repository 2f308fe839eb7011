/** Every route of the control API. A new one is a `route({ … })` in the file of its noun, and nothing else. */
import { z } from 'zod'
import { accountRoutes } from './account.ts'
import { clockRoutes } from './clock.ts'
import { faultRoutes } from './faults.ts'
import { journalRoutes } from './journal.ts'
import { limitRoutes } from './limits.ts'
import { loginRoutes } from './logins.ts'
import { neighbourRoutes } from './neighbours.ts'
import { openApiOf } from './openapi.ts'
import { recordRoutes } from './records.ts'
import { type Route, route } from './route.ts'
import { snapshotRoutes } from './snapshots.ts'
import { usageRoutes } from './usage.ts'

let document: Record<string, unknown> | undefined

export const ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    answer: z.record(z.string(), z.unknown()),
    handle: () => {
      document ??= openApiOf(ROUTES)
      return document
    },
  }),
  ...accountRoutes,
  ...clockRoutes,
  ...journalRoutes,
  ...limitRoutes,
  ...loginRoutes,
  ...recordRoutes,
  ...faultRoutes,
  ...snapshotRoutes,
  ...neighbourRoutes,
  ...usageRoutes,
]
