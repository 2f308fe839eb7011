/** Datasets of the profile: saved queries that clients list and run by their id. [SQL-080] */
import { z } from 'zod'

export const datasetsSchema = z
  .array(
    z.strictObject({
      id: z
        .string()
        .regex(/^[a-z][a-z0-9_]*$/, 'a script id in small letters')
        .describe('script id, as the address has it, e.g. `custdataset_open_orders`'),
      name: z.string().min(1).describe('as the list shows it'),
      description: z.string().optional().describe('as the list shows it'),
      recordType: z.string().optional().describe('root record type, as the list shows it'),
      query: z
        .string()
        .min(1)
        .describe(
          'columns and conditions, as a SuiteQL statement; the alias of a formula is its key in the answer',
        ),
    }),
  )
  .default([])
  .describe('datasets, listed and run below `query/v1/dataset` [SQL-080]')

export type Dataset = z.output<typeof datasetsSchema>[number]

/** Ids are unique; undefined: all is well. */
export function datasetProblem(datasets: readonly Dataset[]) {
  const ids = datasets.map(({ id }) => id)
  const at = ids.findIndex((id, index) => ids.indexOf(id) < index)
  if (at < 0) return undefined
  return {
    message: `two datasets have the id ${ids[at]}`,
    pointer: `/datasets/${at}/id`,
    mend: 'give each an id of its own',
  }
}
