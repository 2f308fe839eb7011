/** A page of a record type. [REC-050..062] */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { readPaging, renderPage } from '../records/list.ts'
import { parameter, queryOf } from '../request.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { type Call, describe, notSimulated, type Operation, resource, selfHref } from './operation.ts'

export function planList({ account, request }: Call, type: RecordType): Operation {
  const query = queryOf(request)
  if (query.has('q')) throw notSimulated('the q filter')
  const paging = readPaging(parameter(query, 'limit'), parameter(query, 'offset'))
  return describe('list', { type, externalId: undefined }, 0, () => {
    const collection = `${request.origin}${RECORD_BASE_PATH}/${type.name.toLowerCase()}`
    const address = { collection, self: selfHref(request) }
    const body = renderPage(account.store, type.name, paging, address, account.profile.settings)
    return { status: 200, headers: resource('collection'), body, committed: false }
  })
}
