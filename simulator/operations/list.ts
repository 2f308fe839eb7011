/** A page of a record type, filtered or not. [REC-050..062, REC-070..092] */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { missingForQuery } from '../permissions/permit.ts'
import { parseQuery } from '../records/filter/parse.ts'
import { resolveQuery } from '../records/filter/resolve.ts'
import { toSql } from '../records/filter/sql.ts'
import { type Page, reachable, readPaging, renderPage } from '../records/list.ts'
import { parameter, queryOf } from '../request.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { type Call, describe, type Operation, resource, selfHref } from './operation.ts'

/** Parameters that a list does not know, `fields` among them, are ignored. */
export function planList(call: Call, type: RecordType): Operation {
  const { account, request, principal } = call
  // Records can still be read by their id. [REC-060]
  if (!principal.role.holds('suiteAnalyticsWorkbook', 'edit')) throw missingForQuery()
  const { store, profile } = account
  const query = queryOf(request)
  const paging = readPaging(parameter(query, 'limit'), parameter(query, 'offset'), profile.settings)
  const max = reachable(paging, profile.features)
  const q = parameter(query, 'q')
  const condition =
    q === undefined
      ? undefined
      : toSql(resolveQuery(parseQuery(q), type, profile.preferences), {
          group: rulesFor(type).group,
          isCaseSensitive: profile.settings.filterCase === 'sensitive',
        })
  const find = (): Page => {
    if (condition !== undefined)
      return { ...paging, ...store.matching(type.name, condition, { ...paging, max }) }
    const total = Math.min(store.count(type.name), max)
    const room = Math.max(0, total - paging.offset)
    return { ...paging, total, ids: store.ids(type.name, Math.min(paging.limit, room), paging.offset) }
  }
  return describe('list', { type, externalId: undefined }, 0, () => {
    const collection = `${request.origin}${RECORD_BASE_PATH}/${type.name.toLowerCase()}`
    // Of two filters the last one counts, and `self` shows only that. [REC-090]
    const self = query.getAll('q').length > 1 ? lastFilterOnly(call, q!) : selfHref(request)
    const body = renderPage(find(), { collection, self, q }, profile.settings)
    return { status: 200, headers: resource('collection'), body, committed: false }
  })
}

function lastFilterOnly({ request }: Call, q: string): string {
  const query = queryOf(request)
  query.set('q', q)
  return `${request.origin}${request.path}?${query.toString()}`
}
