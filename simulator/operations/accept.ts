/** Which forms of an answer the record service has. [REC-036, REC-502] */
import { ApiFault } from '../api-fault.ts'

/** Anything that JSON can be called; forms and select options have vendor types too. */
const JSON_TYPES = /^(?:\*\/\*|application\/(?:\*|json|vnd\.oracle\.resource\+json))$/i

/** Refuses a request whose `Accept` leaves no room for JSON. */
export function refuseUnacceptable(accept: string | undefined): void {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') return
  for (const range of accept.split(',')) if (JSON_TYPES.test(range.split(';')[0]!.trim())) return
  throw new ApiFault('NOT_ACCEPTABLE', `None of the media types in '${accept.slice(0, 200)}' can be given.`, {
    header: 'Accept',
  })
}
