/** Settings of asynchronous jobs. [ASY-001..079] */
import { z } from 'zod'

export const asyncSchema = z.strictObject({}).prefault({})

export type AsyncOptions = z.output<typeof asyncSchema>
