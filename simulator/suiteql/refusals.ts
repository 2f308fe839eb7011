/**
 * What a refused query is told: always 400 `INVALID_PARAMETER` about `q`, in the words that are known. Reasons for which
 * no words are known share one sentence; the journal says more. [SQL-030..036]
 */
import { ApiFault } from '../api-fault.ts'

const PREFIX = 'Invalid search query. Detailed unprocessed description follows. '

function refused(text: string, explanation?: string): ApiFault {
  return new ApiFault('INVALID_PARAMETER', PREFIX + text, {
    queryParam: 'q',
    ...(explanation === undefined ? {} : { explanation }),
  })
}

const searchError = (text: string, explanation?: string): ApiFault =>
  refused(`Search error occurred: ${text}`, explanation)

/** What SuiteQL does not do. `why` is for the journal. [SQL-034] */
export function unsupported(why: string): ApiFault {
  return searchError('Invalid or unsupported search.', why)
}

/** `sources`: alias → table, in the order of FROM. [SQL-031] */
export function unknownColumn(name: string, sources: readonly (readonly [string, string])[]): ApiFault {
  const map = sources.map(([alias, table]) => `${alias}=${table}`).join(', ')
  return searchError(`Unknown identifier '${name}'. Available identifiers are: {${map}}.`)
}

/** [SQL-032] */
export function unknownTable(name: string): ApiFault {
  return refused(`Invalid search type: ${name}.`)
}

/** Not for this role, or its feature is off. [SQL-033] */
export function hiddenTable(name: string): ApiFault {
  return searchError(`Record '${name}' was not found.`)
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** Line and column, from 1, of a place in the text. */
export function positionAt(q: string, index: number): Position {
  const before = q.slice(0, index).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** [SQL-035] The words between `syntax error` and `near` were never captured. */
export function syntaxError(q: string, near: string, { line, column }: Position): ApiFault {
  return searchError(
    `Failed to parse SQL [${q}]: syntax error near: ${near}(${line},${column}, token code:0).`,
  )
}
