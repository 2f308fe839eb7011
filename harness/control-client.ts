/**
 * Typed client of the control API (protocol/control.ts), over any transport. Pages are followed to their end. Whatever
 * is not as the API promises is an `AppError` `E_CONTROL` that says which call it was and what to do.
 */
import { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import type { FaultView, Health, JournalEntry, SlotsView } from '../protocol/control.ts'
import type { FaultInput } from '../protocol/fault.ts'
import { type Transport, TransportError } from '../protocol/transport.ts'
import { CONTROL_BASE_PATH, type WireRequest } from '../protocol/wire.ts'

/** A record as the control API exports it. */
export interface ExportedRecord {
  readonly id: string
  readonly externalId?: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** Everything the account saw since the journal was reset, as far as its ring still holds it. */
export interface Journal {
  readonly entries: readonly JournalEntry[]
  /** Entries that the ring has lost. */
  readonly overwritten: number
  /** All requests, kept or not. */
  readonly total: number
}

export interface ControlClient {
  health(): Promise<Health>
  /** The whole account back to its start: records, journal, nonces, faults. */
  reset(): Promise<void>
  resetJournal(): Promise<void>
  journal(): Promise<Journal>
  /** Record type → number of records. */
  recordCounts(): Promise<Readonly<Record<string, number>>>
  /** All records of a type, in id order, with the named fields only: `otherRefNum`, `item.quantity`. */
  exportRecords(type: string, fields?: readonly string[]): Promise<ExportedRecord[]>
  /** Creates records, in calls of at most `IMPORT_ITEMS_MAX`; each call is all or none. Gives their ids. */
  importRecords(type: string, items: readonly Readonly<Record<string, unknown>>[]): Promise<string[]>
  slots(): Promise<SlotsView>
  faults(): Promise<FaultView[]>
  installFault(fault: FaultInput): Promise<FaultView>
  removeFault(id: string): Promise<void>
}

/** No control call takes account time; longer than this and nobody is there. */
const TIMEOUT_MS = 30_000
const PAGE_ITEMS = 5_000
export const IMPORT_ITEMS_MAX = 1_000

const healthSchema = z.looseObject({
  status: z.literal('ready'),
  product: z.literal('seatrial'),
  accountId: z.string(),
  concurrencyLimit: z.number(),
  profile: z.string(),
})
// Items are the peer's own types; only what paging and the checks stand on is verified, 100,000 of them must be quick.
const journalSchema = z.looseObject({
  items: z.array(
    z.custom<JournalEntry>((entry) => typeof (entry as Partial<JournalEntry> | null)?.sequence === 'number'),
  ),
  hasMore: z.boolean(),
  overwritten: z.number(),
  total: z.number(),
})
const isRecord = (item: Partial<ExportedRecord> | null): boolean =>
  typeof item?.id === 'string' && typeof item.body === 'object'
const recordsSchema = z.looseObject({
  items: z.array(z.custom<ExportedRecord>((item) => isRecord(item as Partial<ExportedRecord> | null))),
  hasMore: z.boolean(),
})
const countsSchema = z.record(z.string(), z.number())
const idsSchema = z.looseObject({ ids: z.array(z.string()) })
const slotsSchema = z.looseObject({ inUse: z.number(), limit: z.number(), peak: z.number() })
const isFault = (fault: Partial<FaultView> | null): boolean =>
  typeof fault?.id === 'string' && typeof fault.hits === 'number'
const faultSchema = z.custom<FaultView>((fault) => isFault(fault as Partial<FaultView> | null))
const faultsSchema = z.looseObject({ items: z.array(faultSchema) })

/**
 * `controlUrl` is the origin of the simulated account, with or without `/_seatrial`; `token` the content of its token file,
 * a secret; absent where the account asks for none.
 */
export function createControlClient(transport: Transport, controlUrl: string, token?: string): ControlClient {
  const trimmed = controlUrl.replace(/\/+$/, '')
  const base = trimmed.endsWith(CONTROL_BASE_PATH) ? trimmed : trimmed + CONTROL_BASE_PATH
  const call = createCall(transport, base, token === undefined ? {} : { authorization: `Bearer ${token}` })
  const records = (type: string): string => `/records/${encodeURIComponent(type)}`
  return {
    health: () => call('GET', '/health', healthSchema as unknown as z.ZodType<Health>),
    reset: () => call('POST', '/reset', undefined),
    resetJournal: () => call('DELETE', '/journal', undefined),
    journal: async () => {
      const entries: JournalEntry[] = []
      for (;;) {
        const after = entries.at(-1)?.sequence ?? 0
        const path = `/journal?after=${after}&limit=${PAGE_ITEMS}`
        const { items, hasMore, overwritten, total } = await call('GET', path, journalSchema)
        for (const item of items) entries.push(item)
        if (!hasMore) return { entries, overwritten, total }
        refuseEmptyPage(items, path)
      }
    },
    recordCounts: () => call('GET', '/records', countsSchema),
    exportRecords: async (type, fields) => {
      const wanted = fields === undefined ? '' : `&fields=${fields.join(',')}`
      const all: ExportedRecord[] = []
      for (;;) {
        const path = `${records(type)}?after=${all.at(-1)?.id ?? 0}&limit=${PAGE_ITEMS}${wanted}`
        const { items, hasMore } = await call('GET', path, recordsSchema)
        for (const item of items) all.push(item)
        if (!hasMore) return all
        refuseEmptyPage(items, path)
      }
    },
    importRecords: async (type, items) => {
      const ids: string[] = []
      for (let from = 0; from < items.length; from += IMPORT_ITEMS_MAX) {
        const body = { items: items.slice(from, from + IMPORT_ITEMS_MAX) }
        ids.push(...(await call('POST', records(type), idsSchema, body)).ids)
      }
      return ids
    },
    slots: () => call('GET', '/slots', slotsSchema as unknown as z.ZodType<SlotsView>),
    faults: async () => (await call('GET', '/faults', faultsSchema)).items,
    installFault: (fault) => call('POST', '/faults', faultSchema, fault),
    removeFault: (id) => call('DELETE', `/faults/${encodeURIComponent(id)}`, undefined),
  }
}

/** `schema` absent: the answer has no body that matters. */
type Call = <T = void>(
  method: string,
  path: string,
  schema: z.ZodType<T> | undefined,
  body?: unknown,
) => Promise<T>

function createCall(transport: Transport, base: string, headers: WireRequest['headers']): Call {
  return async <T>(method: string, path: string, schema: z.ZodType<T> | undefined, body?: unknown) => {
    const text = await sendCall(transport, base, `${method} ${CONTROL_BASE_PATH}${path}`, {
      method,
      url: base + path,
      headers,
      body,
    })
    if (schema === undefined) return undefined as T
    const parsed = schema.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]!
    throw controlError(
      `${method} ${CONTROL_BASE_PATH}${path} answered something else than the control API promises`,
      'check that the address belongs to a simulated account of the same version',
      { expected: `${issue.message} at /${issue.path.map(String).join('/')}` },
    )
  }
}

async function sendCall(
  transport: Transport,
  base: string,
  name: string,
  { body, headers, ...target }: Omit<WireRequest, 'body'> & { readonly body: unknown },
): Promise<string> {
  const content =
    body === undefined
      ? { headers }
      : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
  try {
    const answer = await transport.send({ ...target, ...content }, { timeoutMs: TIMEOUT_MS })
    if (answer.status === 200 || answer.status === 204) return answer.body
    const { error } = (parseJson(answer.body) ?? {}) as { error?: { message?: string; mend?: string } }
    throw controlError(
      `${name} was refused with ${answer.status}: ${error?.message ?? answer.body.slice(0, 200)}`,
      error?.mend ?? 'check that the address belongs to a simulated account',
    )
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    const mend = `start the simulated account, or correct its address (${base})`
    throw controlError(`${name} got no answer: ${error.message}`, mend, { cause: error })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A page that says there is more but brings nothing would be asked for again and again. */
function refuseEmptyPage(items: readonly unknown[], path: string): void {
  if (items.length > 0) return
  throw controlError(
    `GET ${CONTROL_BASE_PATH}${path} is empty and says there is more`,
    'update the simulated account to the version of this harness',
  )
}

function controlError(message: string, mend: string, more: { expected?: string; cause?: unknown } = {}) {
  return new AppError('E_CONTROL', message, { mend, ...more })
}
