/**
 * The values that select fields may take, for a new record or one that is there. [REC-190, REC-191, REC-199]
 *   q         = condition *( "," condition )
 *   condition = field ( "CONTAIN" / "IS" / "START_WITH" ) value
 *   value     = DQUOTE text DQUOTE / text without a comma
 */
import { ApiFault } from '../api-fault.ts'
import { readPaging } from '../records/list.ts'
import { enumShown, type RenderContext } from '../records/render.ts'
import {
  type NameFilter,
  type Options,
  type OptionsPage,
  pageOf,
  recordOptions,
  type SelectOption,
  subsidiaryOf,
} from '../records/select-options.ts'
import type { RecordBody } from '../records/store.ts'
import { draftBody } from '../records/write.ts'
import { parameter, queryOf } from '../request.ts'
import {
  type EnumField,
  findField,
  type MultiSelectField,
  type RecordType,
  type ReferenceField,
} from '../spec/catalogue.ts'
import { readJsonIfAny, writeOptions } from './body.ts'
import {
  type Answer,
  type Call,
  describe,
  load,
  type Operation,
  renderContext,
  resource,
  selfHref,
  type Target,
} from './operation.ts'

/** The page of the documented sample. [REC-191] */
const PAGE_DEFAULT = '100'
const MEDIA_TYPE = 'application/vnd.oracle.resource+json; type=select-options'

/** A field as the client named it. */
interface Selected {
  readonly asked: string
  readonly field: ReferenceField | EnumField | MultiSelectField
  /** The sublist it is a column of. */
  readonly sublist: string | undefined
}

export function planSelectOptions(call: Call, type: RecordType, target: Target | undefined): Operation {
  const { account, request } = call
  const query = queryOf(request)
  const selected = readFields(type, parameter(query, 'fields'))
  const filters = readFilters(parameter(query, 'q'), selected)
  const limitText = parameter(query, 'limit')
  const paging = readPaging(limitText ?? PAGE_DEFAULT, parameter(query, 'offset'), account.profile.settings)
  const json = readJsonIfAny(request)
  const options = writeOptions(request)
  return describe('select-options', { type, externalId: target?.externalId }, 0, () => {
    const record = target === undefined ? undefined : load(account, target)
    const body = draftBody(account, type, record, json, options)
    const fields = selected.map((each) => {
      const page = { ...paging, filters: filters.get(each.asked.toLowerCase()) ?? [] }
      const found = optionsOf(call, type, each, body, page)
      const links = pageLinks(call, each.asked, page, found, query)
      return `,${JSON.stringify(each.asked)}:{"_selectOptions":${envelope(links, found, page)}}`
    })
    const self = JSON.stringify([link('self', call, selfHref(request))])
    const answer: Answer = {
      status: 200,
      headers: resource('select-options'),
      body: `{"links":${self}${fields.join('')}}`,
      committed: false,
      ...(record === undefined ? {} : { recordId: String(record.id) }),
    }
    return answer
  })
}

/** `a,line.b`; only fields that are chosen from a list. [REC-190] */
function readFields(type: RecordType, list: string | undefined): Selected[] {
  const names = new Map((list ?? '').split(',').map((name) => [name.trim().toLowerCase(), name.trim()]))
  return [...names.values()].map((asked) => {
    const [first, second, third] = asked.split('.')
    const outer = findField(type.body, first ?? '')
    const field =
      second === undefined ? outer : outer?.kind === 'sublist' ? findField(outer.line, second) : undefined
    const isSelect = field?.kind === 'reference' || field?.kind === 'enum' || field?.kind === 'multiSelect'
    if (!isSelect || third !== undefined) throw badParameter('fields')
    return { asked, field, sublist: second === undefined ? undefined : outer?.name }
  })
}

/** No two parts can match the same text, so that a bad filter is refused in linear time. */
const CONDITION = /^\s*([\w.]+)\s+(CONTAIN|IS|START_WITH)\s(?:\s*"([^"]*)"\s*|([^",]*))(?:,|$)/i

/** Conditions by the field they are about, in lower case. */
function readFilters(q: string | undefined, selected: readonly Selected[]): Map<string, NameFilter[]> {
  const filters = new Map<string, NameFilter[]>()
  let rest = q ?? ''
  while (rest !== '') {
    const match = CONDITION.exec(rest)
    const field = match?.[1]?.toLowerCase()
    const value = match?.[3] ?? match?.[4]?.trim() ?? ''
    const isSelected = selected.some(({ asked }) => asked.toLowerCase() === field)
    if (match === null || field === undefined || value === '' || !isSelected) {
      throw new ApiFault('INVALID_PARAMETER', 'Invalid search query. Provide a valid search query.', {
        queryParam: 'q',
      })
    }
    const operator = match[2]!.toUpperCase() as NameFilter['operator']
    filters.set(field, [...(filters.get(field) ?? []), { operator, value }])
    rest = rest.slice(match[0].length)
  }
  return filters
}

function badParameter(queryParam: string): ApiFault {
  return new ApiFault(
    'INVALID_PARAMETER',
    `Invalid value for query parameter ${queryParam}. Provide a valid value.`,
    { queryParam },
  )
}

function optionsOf(
  { account, request, principal }: Call,
  type: RecordType,
  { field, sublist }: Selected,
  body: RecordBody,
  page: OptionsPage,
): Options {
  if (field.kind === 'enum') {
    const context = renderContext(account, request.origin, type, {
      expand: false,
      simpleEnums: false,
      only: undefined,
    })
    return pageOf(enumOptions(field, context), page)
  }
  const { catalogue, store, profile } = account
  const seesAll = profile.settings.selectOptions === 'all'
  const types = field.targets.flatMap((name) => {
    const target = catalogue.find(name)
    return target !== undefined && (seesAll || principal.role.allows(target, 'view')) ? [target] : []
  })
  const line = sublist === undefined ? undefined : (body[sublist] as RecordBody[] | undefined)?.[0]
  const subsidiary = subsidiaryOf(line) ?? subsidiaryOf(body)
  return recordOptions(store, types, field.name === 'subsidiary' ? undefined : subsidiary, page)
}

function enumOptions(field: EnumField, context: RenderContext): SelectOption[] {
  return field.values.map((id) => enumShown(field, id, context))
}

function envelope(links: unknown[], { items, totalResults }: Options, { offset }: OptionsPage): string {
  const count = items.length
  return JSON.stringify({
    links,
    items,
    count,
    offset,
    hasMore: offset + count < totalResults,
    totalResults,
  })
}

function link(rel: string, { request }: Call, href: string) {
  return { rel, method: request.method, mediaType: MEDIA_TYPE, href }
}

/** Each field has paging links of its own. A page that was not asked for is not named in `self`. [REC-191] */
function pageLinks(
  call: Call,
  asked: string,
  { limit, offset }: OptionsPage,
  { items, totalResults }: Options,
  query: URLSearchParams,
): unknown[] {
  const href = (at: number | undefined): string => {
    const own = new URLSearchParams({ fields: asked })
    if (query.has('q')) own.set('q', parameter(query, 'q')!)
    if (at !== undefined) {
      own.set('limit', String(limit))
      own.set('offset', String(at))
    }
    return `${call.request.origin}${call.request.path}?${own}`
  }
  const links: unknown[] = []
  if (offset > 0) {
    links.push(link('previous', call, href(Math.max(0, offset - limit))), link('first', call, href(0)))
  }
  if (offset + items.length < totalResults) {
    const last = Math.floor((totalResults - 1) / limit) * limit
    links.push(link('next', call, href(offset + limit)), link('last', call, href(last)))
  }
  const isPaged = query.has('limit') || query.has('offset')
  return [...links, link('self', call, href(isPaged ? offset : undefined))]
}
