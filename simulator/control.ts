/**
 * The control API: looking into the account and moving it, outside NetSuite's rules (no login, no slots, no journal).
 * Wire shapes and paths are in protocol/control.ts. Errors are `{ error: { code, message, mend } }`.
 */
import { z } from 'zod'
import type { Health, LimitsView, RecordPage } from '../protocol/control.ts'
import { faultSpecSchema } from '../protocol/fault.ts'
import { CONTROL_BASE_PATH, type WireRequest, type WireResponse } from '../protocol/wire.ts'
import type { Account } from './account.ts'
import { ApiFault } from './api-fault.ts'
import type { Faults } from './faults/fault.ts'
import type { Governance } from './governance/governance.ts'
import type { Journal } from './journal.ts'
import { referenceTarget } from './operations/operation.ts'
import { exportBody } from './records/render.ts'
import { liveBody } from './records/stock/columns.ts'
import { createRecord } from './records/write.ts'

export interface ControlParts {
  readonly account: Account
  readonly governance: Governance
  readonly faults: Faults
  readonly journal: Journal
  readonly health: () => Health
  readonly reset: () => void
}

const PAGE_DEFAULT = 1000
const PAGE_MAX = 10_000

class ControlError extends Error {
  readonly status: number
  readonly code: string
  readonly mend: string

  constructor(status: number, code: string, message: string, mend: string) {
    super(message)
    this.status = status
    this.code = code
    this.mend = mend
  }
}

type Handler = (request: WireRequest, query: URLSearchParams, argument: string) => unknown

/** Makes the handler of every request below `/_seatrial`. It never rejects. */
export function createControl(parts: ControlParts): (request: WireRequest) => Promise<WireResponse> {
  const handlers = routes(parts)
  return async (request) => {
    try {
      const { pathname, searchParams } = new URL(request.url)
      const [resource = '', argument = ''] = pathname.slice(CONTROL_BASE_PATH.length + 1).split('/')
      const handler = handlers[`${request.method} ${resource}${argument === '' ? '' : '/*'}`]
      if (handler === undefined) {
        const known = Object.keys(handlers).join(', ')
        throw new ControlError(
          404,
          'E_NOT_FOUND',
          `no control operation ${request.method} ${pathname}`,
          `known: ${known}`,
        )
      }
      const result = handler(request, searchParams, decodeURIComponent(argument))
      return result === undefined ? answer(204, '') : answer(200, JSON.stringify(result))
    } catch (error) {
      return failure(error)
    }
  }
}

function answer(status: number, body: string): WireResponse {
  return {
    status,
    headers: status === 204 ? {} : { 'content-type': 'application/json; charset=utf-8' },
    body,
  }
}

function failure(error: unknown): WireResponse {
  const refuse = (status: number, code: string, message: string, mend: string): WireResponse =>
    answer(status, JSON.stringify({ error: { code, message, mend } }))
  if (error instanceof ControlError) return refuse(error.status, error.code, error.message, error.mend)
  if (error instanceof ApiFault) {
    return refuse(
      error.status,
      error.code,
      error.message,
      'correct the record; a client would get the same message',
    )
  }
  if (error instanceof URIError) {
    return refuse(
      400,
      'E_BAD_REQUEST',
      'the path is not percent-encoded well',
      'write other characters as %XX, two hexadecimal digits',
    )
  }
  return refuse(
    500,
    'E_INTERNAL',
    error instanceof Error ? error.message : String(error),
    'report this with the request',
  )
}

function routes({
  account,
  governance,
  faults,
  journal,
  health,
  reset,
}: ControlParts): Readonly<Record<string, Handler>> {
  return {
    'GET health': health,
    'POST reset': () => void reset(),
    'GET journal': (_, query) => journal.page(count(query, 'after', 0), pageSize(query)),
    'DELETE journal': () => void journal.reset(),
    'GET slots': () => governance.slots(),
    'GET limits': () => governance.limits(),
    'PATCH limits': (request) => changeLimits(governance, bodyOf(request)),
    'GET records': () => account.store.counts(),
    'GET records/*': (_, query, type) => exportRecords(account, type, query),
    'POST records/*': (request, _, type) => importRecords(account, type, bodyOf(request)),
    'GET faults': () => ({ items: faults.view() }),
    'POST faults': (request) => installFault(faults, bodyOf(request)),
    'DELETE faults': () => void faults.clear(),
    'DELETE faults/*': (_request, _query, id) => {
      if (!faults.remove(id))
        throw new ControlError(404, 'E_NOT_FOUND', `no fault ${id}`, 'GET /_seatrial/faults lists them')
    },
  }
}

function count(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  if (!/^\d{1,15}$/.test(text)) {
    throw new ControlError(
      400,
      'E_BAD_REQUEST',
      `${name}=${text} is not a count`,
      'send a whole number from 0',
    )
  }
  return Number(text)
}

function pageSize(query: URLSearchParams): number {
  return Math.min(Math.max(1, count(query, 'limit', PAGE_DEFAULT)), PAGE_MAX)
}

function bodyOf({ body }: WireRequest): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    throw new ControlError(400, 'E_BAD_REQUEST', 'the body is not JSON', 'send a JSON object')
  }
}

function typeOf({ catalogue }: Account, name: string) {
  const type = catalogue.find(name)
  if (type === undefined)
    throw new ControlError(404, 'E_NOT_FOUND', `no record type ${name}`, 'GET /_seatrial/health counts them')
  return type
}

function exportRecords(account: Account, typeName: string, query: URLSearchParams): RecordPage {
  const type = typeOf(account, typeName)
  const limit = pageSize(query)
  const found = account.store.page(type.name, count(query, 'after', 0), limit + 1)
  const target = (targets: readonly string[], id: string) => referenceTarget(account, targets, id)
  return {
    items: found.slice(0, limit).map((record) => ({
      id: String(record.id),
      ...(record.externalId === undefined ? {} : { externalId: record.externalId }),
      body: exportBody(type.body, liveBody(account, type, record, true), { target }),
    })),
    hasMore: found.length > limit,
  }
}

const slots = z.number().int().min(1).max(10_000)
const windowLimit = z.number().int().min(1).max(1_000_000_000).nullable().optional()
const limitsSchema = z.strictObject({
  concurrencyLimit: slots.optional(),
  allocations: z.record(z.string().min(1), slots.nullable()).optional(),
  windows: z.strictObject({ per60s: windowLimit, per24h: windowLimit }).optional(),
})

/** Refused as a whole, or carried out as a whole. */
function changeLimits(governance: Governance, body: unknown): LimitsView {
  const parsed = limitsSchema.safeParse(body)
  if (!parsed.success) {
    throw new ControlError(
      400,
      'E_BAD_REQUEST',
      z.prettifyError(parsed.error),
      'send { concurrencyLimit, allocations: { integration: slots }, windows: { per60s, per24h } }, each optional',
    )
  }
  try {
    return governance.change(parsed.data)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ControlError(400, 'E_BAD_REQUEST', error.message, 'lower the allocations or raise the limit')
  }
}

const importSchema = z.strictObject({ items: z.array(z.record(z.string(), z.unknown())).max(PAGE_MAX) })

/** Creates records by the account's own rules, all or none, without time passing. */
function importRecords(account: Account, typeName: string, body: unknown): { ids: string[] } {
  const type = typeOf(account, typeName)
  const parsed = importSchema.safeParse(body)
  if (!parsed.success) {
    throw new ControlError(400, 'E_BAD_REQUEST', z.prettifyError(parsed.error), 'send { "items": [ { … } ] }')
  }
  const options = {
    nameValidation: 'error',
    valueValidation: 'error',
    warnings: [],
    replace: new Set<string>(),
    replaceSelectedFields: false,
  } as const
  const ids = account.store.transaction(() =>
    parsed.data.items.map((item) =>
      String(createRecord(account, type, item, { ...options, warnings: [], notices: [] }).id),
    ),
  )
  return { ids }
}

function installFault(faults: Faults, body: unknown) {
  const parsed = faultSpecSchema.safeParse(body)
  if (!parsed.success) {
    throw new ControlError(
      400,
      'E_FAULT_INVALID',
      z.prettifyError(parsed.error),
      'see the fault kinds in docs/ARCHITECTURE.md',
    )
  }
  try {
    return faults.install(parsed.data)
  } catch (error) {
    throw new ControlError(
      409,
      'E_FAULT_EXISTS',
      (error as Error).message,
      'choose another id, or DELETE the old one first',
    )
  }
}
