/**
 * Create-form and edit-form: asked for by `Accept`, the record as it would be saved, and nothing is saved. Select
 * options share the way of asking. [REC-102, REC-185..187, REC-190]
 */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { ApiFault } from '../api-fault.ts'
import { recordAddress, renderObject } from '../records/render.ts'
import type { RecordBody, StoredRecord } from '../records/store.ts'
import { draftBody } from '../records/write.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { lineCount, readJsonIfAny, writeOptions } from './body.ts'
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
import { planSelectOptions } from './select-options.ts'
import { readView } from './view.ts'

/** The kinds of form, as `type=` of the Accept header says. */
export type FormKind = 'create-form' | 'edit-form' | 'select-options'

/** The form that a request asks for, or undefined for an ordinary request. */
export function formKindOf(accept: string | undefined): FormKind | undefined {
  const kind = /\btype=["']?(create-form|edit-form|select-options)\b/i.exec(accept ?? '')?.[1]
  return kind?.toLowerCase() as FormKind | undefined
}

/** `target` is undefined on a collection. A create-form of a transform is planned by transform.ts. */
export function planForm(
  call: Call,
  type: RecordType,
  kind: FormKind,
  target: Target | undefined,
): Operation {
  const { account, request } = call
  if (kind === 'select-options') return planSelectOptions(call, type, target)
  if ((kind === 'create-form') !== (target === undefined)) throw wrongForm(kind)
  const json = readJsonIfAny(request)
  const options = writeOptions(request)
  readView(account, request)
  const about = { type, externalId: target?.externalId }
  return describe(kind, about, lineCount(json), () => {
    const record = target === undefined ? undefined : load(account, target)
    const body = draftBody(account, type, record, json, options)
    return formAnswer(call, type, body, record, formLinks(call, kind))
  })
}

/** [REC-502] */
function wrongForm(kind: FormKind): ApiFault {
  const verb = kind === 'create-form' ? 'PATCH' : 'POST'
  return new ApiFault('NOT_ACCEPTABLE', `A ${kind} cannot be had by ${verb}.`, { header: 'Accept' })
}

/** A link of a form. Keys stand in this order. [REC-185] */
export interface FormLink {
  readonly rel: string
  readonly method: 'POST' | 'PATCH'
  readonly mediaType?: string
  readonly href: string
}

/** The media type that asks for a form. */
export function formMediaType(kind: FormKind): string {
  return `application/vnd.oracle.resource+json; type=${kind}`
}

/** [REC-185, REC-186] */
function formLinks({ request }: Call, kind: 'create-form' | 'edit-form'): FormLink[] {
  const { origin, path, segments } = request
  const collection = `${origin}${RECORD_BASE_PATH}/${segments![0]}`
  const mediaType = formMediaType(kind)
  const create: FormLink = { rel: 'create', method: 'POST', href: collection }
  if (kind === 'create-form') {
    return [{ rel: 'self', method: 'POST', mediaType, href: selfHref(request) }, create]
  }
  return [
    { rel: 'self', method: 'PATCH', mediaType, href: selfHref(request) },
    { rel: 'edit', method: 'PATCH', href: origin + path },
    create,
    { rel: 'create-form', method: 'POST', mediaType: formMediaType('create-form'), href: collection },
  ]
}

/** A form as an answer. Without a `record` it is of a new one, whose parts have no address yet. [REC-185..187] */
export function formAnswer(
  { account, request, principal: { role } }: Call,
  type: RecordType,
  body: RecordBody,
  record: StoredRecord | undefined,
  links: readonly FormLink[],
): Answer {
  const view = readView(account, request, true)
  const context = {
    ...renderContext(account, request.origin, type, { ...view, role }),
    unsaved: record === undefined,
  }
  const address = record === undefined ? '' : recordAddress(record, context)
  const shown = record === undefined ? body : context.live({ ...record, body })
  return {
    status: 200,
    headers: resource(record === undefined ? 'create-form' : 'edit-form'),
    body: renderObject(type.body, shown, JSON.stringify(links), address, context, context.only),
    committed: false,
    ...(record === undefined ? {} : { recordId: String(record.id) }),
  }
}
