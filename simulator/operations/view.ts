/** What a query says of how a record is to be shown. [REC-022..030, REC-187, OPQ-084] */
import type { Account } from '../account.ts'
import { ApiFault } from '../api-fault.ts'
import type { RenderContext } from '../records/render.ts'
import { type ParsedRequest, parameter, queryOf } from '../request.ts'

export type View = Pick<RenderContext, 'expand' | 'expandNamed' | 'simpleEnums' | 'only'>

const PLAIN: View = { expand: false, simpleEnums: false, only: undefined }

/** `expand` counts on forms and batches only. [REC-029] */
export function readView({ profile }: Account, request: ParsedRequest, takesExpand = false): View {
  if (request.search === '') return PLAIN
  const query = queryOf(request)
  const expand = parameter(query, 'expandSubResources') === 'true'
  const fields = parameter(query, 'fields')
  if (expand && fields !== undefined && profile.settings.fieldsWithExpand === 'refuse') {
    throw new ApiFault('INVALID_PARAMETER', 'fields and expandSubResources exclude each other.', {
      queryParam: 'fields',
    })
  }
  const named = takesExpand ? namesIn(parameter(query, 'expand')) : undefined
  return {
    expand,
    ...(named === undefined ? {} : { expandNamed: named }),
    simpleEnums: parameter(query, 'simpleEnumFormat') === 'true',
    // Select options may be asked for below a sublist. [REC-190]
    only: request.method === 'GET' ? selected(fields) : namesIn(fields),
  }
}

/** Body fields and whole sublists; nothing below them. [REC-028] */
function selected(fields: string | undefined): ReadonlySet<string> | undefined {
  const names = namesIn(fields)
  for (const name of names ?? []) {
    if (!name.includes('.')) continue
    throw new ApiFault(
      'INVALID_PARAMETER',
      `Invalid value '${name}'. Fields of sublists and subrecords cannot be selected.`,
      { queryParam: 'fields' },
    )
  }
  return names
}

function namesIn(list: string | undefined): ReadonlySet<string> | undefined {
  return list === undefined ? undefined : new Set(list.split(',').map((name) => name.trim().toLowerCase()))
}
