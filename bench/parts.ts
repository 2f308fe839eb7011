/** The parts of the bench, in the order in which they are measured and shown. */
import { auth } from './auth.ts'
import { control } from './control.ts'
import { efficiency } from './efficiency.ts'
import { engine } from './engine-overhead.ts'
import { fleet } from './fleet.ts'
import { footprint } from './footprint.ts'
import { http } from './http.ts'
import { machine } from './machine.ts'
import type { Part } from './part.ts'
import { queue, queuePostgres } from './queue.ts'
import { growth, records } from './records.ts'
import { requestPath } from './request-path.ts'
import { suiteql } from './suiteql.ts'
import { throttle } from './throttle.ts'
import { calls, virtual } from './virtual.ts'

export const PARTS: readonly Part[] = [
  machine,
  http,
  virtual,
  calls,
  footprint,
  records,
  growth,
  control,
  auth,
  requestPath,
  suiteql,
  engine,
  queue,
  queuePostgres,
  fleet,
  efficiency,
  throttle,
]
