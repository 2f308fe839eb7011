/**
 * What a request asks for, and doing it: route → parse → validate → commit → answer. `planOperation` routes and reads the
 * request without touching the account, so that the pipeline knows how long the work will take; `run` does the work at
 * once and in full. An asynchronous job runs the same function later. Each family of operations has a file in `operations/`.
 */
import { ApiFault } from './api-fault.ts'
import { isAsync, planJobs, planSubmit } from './async/plan.ts'
import type { Tasks } from './async/queue.ts'
import { refuseUnacceptable } from './operations/accept.ts'
import { planAction } from './operations/action.ts'
import { planAttach } from './operations/attach.ts'
import { batchItems, isBatch, planBatch, refuseBatchBelow } from './operations/batch.ts'
import { formKindOf, planForm } from './operations/form.ts'
import { planList } from './operations/list.ts'
import { planMetadata } from './operations/metadata.ts'
import {
  type Call,
  notSimulated,
  type Operation,
  plain,
  routeFault,
  type Target,
  targetOf,
} from './operations/operation.ts'
import { planQuery } from './operations/query.ts'
import { planCreate, planDelete, planGet, planUpdate, planUpsert } from './operations/records.ts'
import { planSubResource } from './operations/sub-resource.ts'
import { planSystem } from './operations/system.ts'
import { planTransform } from './operations/transform.ts'
import { guardAdministrators, permit, permitService } from './permissions/permit.ts'
import { RESTLET_PATH } from './restlets/format.ts'
import { findField, type RecordType } from './spec/catalogue.ts'

export type { Account } from './account.ts'
export type { Answer, Call, Operation } from './operations/operation.ts'

/** Routes a request. Throws the `ApiFault` of a path, method or body that leads nowhere. */
export function planOperation(call: Call): Operation {
  const operation = route(call)
  return call.account.scripts?.timed(operation) ?? operation
}

function route(call: Call): Operation {
  const { request } = call
  const { method, path, segments } = request
  // Clients use it as a login test: it says nothing of permissions or paths. [REC-012]
  if (method === 'OPTIONS' && path.startsWith('/services/rest')) {
    return plain('rest.options', () => ({ status: 204, headers: {}, body: '', committed: false }))
  }
  if (path === RESTLET_PATH) return call.account.restlets.plan(call)
  permitService(call)
  if (segments === undefined) return planNeighbour(call)
  const [typeName, idText, ...rest] = segments as [string?, ...string[]]
  if (typeName === undefined || typeName === '') throw routeFault(path)
  if (isAsync(request)) return planSubmit(call)
  if (typeName === 'metadata-catalog') return planMetadata(call, segments.slice(1))
  const type = call.account.catalogue.find(typeName)
  if (type === undefined) {
    throw new ApiFault('NONEXISTENT_ID', `Record type '${typeName}' does not exist.`, { url: path })
  }
  refuseUnacceptable(request.headers.accept)
  if (idText === undefined) return planCollection(call, type)
  const target = targetOf(type, idText, path)
  const operation = rest.length === 0 ? planInstance(call, target) : planBelow(call, target, rest)
  return guardAdministrators(call, target, operation)
}

/** What a job carries out: the request itself, or the requests that a batch stands for. */
export function planTasks(call: Call): Tasks {
  const { account, request } = call
  const [typeName, ...below] = request.segments ?? []
  const type = below.length > 0 ? undefined : account.catalogue.find(typeName ?? '')
  if (type === undefined || !isBatch(call)) return { isBatch: false, plans: [() => planOperation(call)] }
  const permitted = permit(call, type, `collection ${request.method}`)
  refuseMethod(type, type.methods.collection, request.method)
  const plans = batchItems(permitted).map((item) => () => {
    if (item.request instanceof ApiFault) throw item.request
    const operation = planOperation({ ...call, request: item.request })
    return { ...operation, run: () => item.shape(operation.run()) }
  })
  return { isBatch: true, plans }
}

function planCollection(asked: Call, type: RecordType): Operation {
  const { method, headers } = asked.request
  const call = permit(asked, type, `collection ${method}`)
  refuseMethod(type, type.methods.collection, method)
  if (isBatch(call)) return planBatch(call, type)
  if (method === 'GET') return planList(call, type)
  const form = formKindOf(headers.accept)
  return form === undefined ? planCreate(call, type) : planForm(call, type, form, undefined)
}

function planInstance(asked: Call, target: Target): Operation {
  const { type } = target
  const { method, headers } = asked.request
  const call = permit(asked, type, `instance ${method}`)
  // PUT is for external ids only, and for types that have one. [REC-140, OPQ-059]
  const canUpsert = target.externalId !== undefined && findField(type.body, 'externalId') !== undefined
  const allowed = canUpsert ? type.methods.instance : type.methods.instance.filter((verb) => verb !== 'PUT')
  refuseMethod(type, allowed, method)
  if (method === 'GET') return planGet(call, target)
  if (method === 'DELETE') return planDelete(call, target)
  if (method === 'PUT') return planUpsert(call, target)
  const form = formKindOf(headers.accept)
  return form === undefined ? planUpdate(call, target) : planForm(call, type, form, target)
}

/** What follows a record's id in the path: an operation `!`, an action `@`, or a sub-resource. [REC-003] */
function planBelow(call: Call, target: Target, rest: readonly string[]): Operation {
  const [first, ...more] = rest as [string, ...string[]]
  const { type } = target
  if (first.startsWith('@')) return planAction(permit(call, type, 'action'), target, first.slice(1))
  if (first === '!transform') return planTransform(permitTransform(call, type, more[0]), target, more)
  if (first === '!attach' || first === '!detach')
    return planAttach(permit(call, type, 'attach'), target, first.slice(1) as 'attach' | 'detach', more)
  if (first.startsWith('!')) throw routeFault(call.request.path)
  refuseBatchBelow(call)
  return planSubResource(permit(call, type, `sub-resource ${call.request.method}`), target, rest)
}

/** The body of a transform is of the record that is made. An unknown one is refused by its own rules. */
function permitTransform(call: Call, source: RecordType, targetName: string | undefined): Call {
  const seen = permit(call, source, 'transform source')
  const made = targetName === undefined ? undefined : call.account.catalogue.find(targetName)
  return made === undefined ? seen : permit(seen, made, 'transform target')
}

/** The services beside the record service. */
function planNeighbour(call: Call): Operation {
  const { path } = call.request
  const below = (base: string): string[] | undefined =>
    path === base || path.startsWith(`${base}/`)
      ? path
          .slice(base.length + 1)
          .split('/')
          .filter((part) => part !== '')
      : undefined
  const job = below('/services/rest/async/v1')
  if (job !== undefined) return planJobs(call, job)
  const system = below('/services/rest/system/v1')
  if (system !== undefined) return planSystem(call, system)
  const query = below('/services/rest/query/v1')
  if (query !== undefined) return planQuery(call, query)
  for (const [prefix, what] of Object.entries(NOT_YET)) if (path.startsWith(prefix)) throw notSimulated(what)
  throw routeFault(path)
}

const NOT_YET: Readonly<Record<string, string>> = {
  '/services/NetSuitePort': 'SOAP web services',
}

/** Methods that the document does not list for a type. [OPQ-010] */
function refuseMethod(type: RecordType, allowed: readonly string[], method: string): void {
  if (allowed.includes(method)) return
  const words = [
    ...(type.methods.instance.includes('PATCH') ? ['edit'] : []),
    ...(type.methods.collection.includes('POST') ? ['create'] : []),
    ...(type.methods.instance.includes('DELETE') ? ['delete'] : []),
    ...(type.methods.instance.includes('GET') ? ['load'] : []),
  ]
  throw new ApiFault(
    'INVALID_METHOD',
    `This operation is not allowed for a ${type.name} record. Use one of the following valid operations: ${words.join(', ')}.`,
  )
}
