/**
 * RESTlets: scripts that answer requests of their own address. Each record call saves by itself, as in NetSuite: what was
 * saved before an error stays. Units and simulated time are counted, and the time passes before the answer leaves.
 * [RSL-001..013, AUT-045, GOV-019]
 */
import type { Rng } from '../../kernel/rng.ts'
import { ApiFault } from '../api-fault.ts'
import type { LatencyModel, Work } from '../latency/model.ts'
import type { Answer, Call, Operation } from '../operations/operation.ts'
import type { Role } from '../permissions/principal.ts'
import { queryOf } from '../request.ts'
import type { SaveType } from '../scripts/api.ts'
import { type Failure, type Guard, ScriptError } from '../scripts/guard.ts'
import { functionsOf, RESTLET_FUNCTIONS, type UserModules } from '../scripts/modules.ts'
import type { RestletSpec, ScriptingOptions } from '../scripts/options.ts'
import { createContext } from '../scripts/record-api.ts'
import { cutNotice, limitOf, type ScriptNotice, textOf } from '../scripts/scripts.ts'
import { Meter } from '../scripts/units.ts'
import type { RecordType } from '../spec/catalogue.ts'
import type { RestletContext, RestletResponse } from './api.ts'
import { contentType, type Format, formatOf } from './format.ts'

export interface RestletParts {
  readonly rng: Rng
  readonly guard: Guard
  readonly specs: readonly RestletSpec[]
  readonly options: ScriptingOptions
  readonly modules: UserModules
  readonly latency: LatencyModel
  /** Its own, e.g. `1234567.restlets.api.netsuite.com`. */
  readonly host: string
  readonly roleNamed: (name: string | undefined) => Role
  readonly onNotice: (notice: ScriptNotice) => void
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const
type Entry = (typeof RESTLET_FUNCTIONS)[number]

interface Restlet {
  readonly spec: RestletSpec
  readonly entries: Partial<Record<Entry, (given: never, context: never) => unknown>>
}

export class Restlets {
  readonly #parts: RestletParts
  readonly #restlets: readonly Restlet[]

  constructor(parts: RestletParts) {
    this.#parts = parts
    this.#restlets = parts.specs.map((spec) => ({
      spec,
      entries: functionsOf(parts.modules, spec.file, RESTLET_FUNCTIONS),
    }))
  }

  /** Reads a request; nothing runs yet. */
  plan(call: Call): Operation {
    const { request } = call
    this.#refuseHost(request.origin)
    const { spec, entries } = this.#find(queryOf(request))
    const method = METHODS[request.method as keyof typeof METHODS]
    const entry = method === undefined ? undefined : entries[method]
    if (entry === undefined) throw missingMethod(request.method)
    const { given, format } = this.#read(call)
    const name = spec.scriptId ?? String(spec.script)
    const work: Work = { verb: 'restlet', recordType: name, kind: 'other', lines: 0 }
    const { options, latency } = this.#parts
    const meter = new Meter({
      units: options.restletUnits,
      unitMs: latency.unitMs(work),
      ms: options.restletMsMax,
    })
    let committed = false
    return {
      name: 'restlet',
      recordType: undefined,
      externalId: undefined,
      work,
      run: () => {
        const context = this.#context(call, spec, meter, () => {
          committed = true
        })
        const answer = this.#call(spec, method, meter, () =>
          answerOf(entry(given as never, context as never), format, options.restletBytesMax),
        )
        return { ...answer, committed }
      },
      aftermath: () => ({ ms: meter.ms, committed }),
    }
  }

  /** Only NetSuite's own names can be wrong: a simulated account is also reached as localhost or by a container's name. [AUT-045, RSL-007] */
  #refuseHost(origin: string): void {
    const host = origin
      .slice(origin.indexOf('//') + 2)
      .replace(/:\d+$/, '')
      .toLowerCase()
    if (host === this.#parts.host || !host.endsWith('.netsuite.com')) return
    throw new ApiFault('INVALID_REQUEST', `RESTlets of this account are at ${this.#parts.host}.`, {
      status: 403,
    })
  }

  /** [RSL-001, RSL-009] */
  #find(query: URLSearchParams): Restlet {
    const named = (name: 'script' | 'deploy'): string => {
      const value = query.get(name)
      if (value) return value
      throw new ApiFault('SSS_MISSING_REQD_ARGUMENT', `Missing a required argument: ${name}`, { status: 400 })
    }
    const script = named('script').toLowerCase()
    const deploy = named('deploy').toLowerCase()
    const found = this.#restlets.find(
      ({ spec }) =>
        (script === String(spec.script) || script === spec.scriptId?.toLowerCase()) &&
        (deploy === String(spec.deploy) || deploy === spec.deployId?.toLowerCase()),
    )
    if (found !== undefined) return found
    throw new ApiFault(
      'SSS_INVALID_SCRIPTLET_ID',
      'That Suitelet is invalid, disabled, or no longer exists.',
      { status: 404 },
    )
  }

  /** What the function is given, and the form of its answer. [RSL-003..006] */
  #read({ request }: Call): { given: unknown; format: Format } {
    const { method, body } = request
    const format = formatOf(request)
    const hasBody = body !== undefined && body !== ''
    const byBody = method === 'POST' || method === 'PUT'
    if (format === null || (format === undefined && (byBody || hasBody))) {
      const media = request.headers['content-type'] ?? 'none'
      throw new ApiFault('UNSUPPORTED_MEDIA_TYPE', `Content type ${media} is not supported.`, { status: 415 })
    }
    if (!byBody) {
      if (hasBody) throw malformed(`A ${method} request takes its arguments from the URL and has no body.`)
      const parameters = Object.fromEntries(queryOf(request))
      delete parameters.script
      delete parameters.deploy
      return { given: parameters, format: format ?? 'text' }
    }
    const most = this.#parts.options.restletBytesMax
    if (hasBody && Buffer.byteLength(body) > most) throw malformed(`The input is larger than ${most} bytes.`)
    if (format !== 'json') return { given: body ?? '', format: format! }
    try {
      return { given: JSON.parse(body ?? ''), format }
    } catch {
      throw malformed('The body is not JSON.')
    }
  }

  #context(
    { account, principal }: Call,
    spec: RestletSpec,
    meter: Meter,
    onCommit: () => void,
  ): RestletContext {
    const { guard, options, roleNamed } = this.#parts
    const role = spec.role === undefined ? principal.role : roleNamed(spec.role)
    const onSave = (type: RecordType, event: SaveType): void =>
      meter.takeTime(account.scripts?.saveMs(type, event) ?? 0)
    const context = createContext({ account, role, guard, meter, options, onSave, onCommit })
    return { ...context, createResponse: ({ content, contentType: type }) => new Response(content, type) }
  }

  #call(
    { file }: RestletSpec,
    name: Entry,
    meter: Meter,
    work: () => Omit<Answer, 'committed'>,
  ): Omit<Answer, 'committed'> {
    const { guard, options, onNotice } = this.#parts
    const { value, failure } = guard.run({ kind: 'restlet', file, name }, work)
    const broken = limitOf(meter, `${file} ${name}`) ?? failure
    if (broken === undefined) return value!
    if (broken.isCut) onNotice(cutNotice(broken, options))
    throw this.#fault(broken)
  }

  /** Its own error with its own code; what JavaScript throws is unexpected, and only the journal says what it was. [RSL-007, RSL-009, RSL-010] */
  #fault(failure: Failure): ApiFault {
    const explanation = `script ${failure.where}: ${textOf(failure)}`
    if (failure.code !== undefined)
      return new ApiFault(failure.code, failure.message, { status: 400, delayMs: 0, explanation })
    const text = `An unexpected error occurred. Error ID: ${this.#parts.rng.hex(20)}`
    return new ApiFault('UNEXPECTED_ERROR', text, { status: 400, delayMs: 0, explanation })
  }
}

/** An answer made by `createResponse`; nothing else can be mistaken for one. */
class Response implements RestletResponse {
  readonly content: string
  readonly contentType: string

  constructor(content: unknown, type: unknown) {
    this.content = String(content)
    this.contentType = String(type).replace(/[^\x20-\x7e]/g, '')
  }
}

/** Runs inside the guard, for an object can have a `toJSON` of its own. [RSL-005, RSL-006] */
function answerOf(result: unknown, format: Format, bytesMax: number): Omit<Answer, 'committed'> {
  const own = result instanceof Response ? result : undefined
  const body = own?.content ?? bodyOf(result, format)
  if (Buffer.byteLength(body) > bytesMax)
    throw new ScriptError('INVALID_RETURN_DATA_FORMAT', `The output is larger than ${bytesMax} bytes.`)
  const headers = { 'content-type': own?.contentType ?? contentType(format) }
  return { status: 200, headers, body }
}

function bodyOf(result: unknown, format: Format): string {
  if (result === undefined || result === null) return ''
  if (format === 'json') return JSON.stringify(result) ?? ''
  if (typeof result === 'string') return result
  const wanted = format === 'xml' ? 'XML' : 'TEXT'
  throw new ScriptError('INVALID_RETURN_DATA_FORMAT', `Invalid data format. You should return ${wanted}.`)
}

/** [RSL-002, RSL-007] */
function missingMethod(method: string): ApiFault {
  return new ApiFault('INVALID_REQUEST', `The script has no function for ${method}.`, { status: 405 })
}

function malformed(message: string): ApiFault {
  return new ApiFault('INVALID_REQUEST', message, { status: 400 })
}
