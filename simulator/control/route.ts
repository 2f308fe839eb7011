/**
 * What a route of the control API is: data. The handler table and the OpenAPI document are both made from it, so neither can
 * tell of a call that the other does not know. Query and body are checked before a handler sees them; a refused call
 * changes nothing.
 */
import type { z } from 'zod'
import type { ClockControl } from '../../kernel/served-clock.ts'
import type { Health } from '../../protocol/control.ts'
import type { Account } from '../account.ts'
import type { Authentication } from '../auth/index.ts'
import type { Faults } from '../faults/fault.ts'
import type { Governance } from '../governance/governance.ts'
import type { Journal } from '../journal.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { Rewind } from '../rewind.ts'

/** What handlers may look at and move. */
export interface ControlParts extends Rewind {
  readonly account: Account
  readonly governance: Governance
  readonly faults: Faults
  readonly journal: Journal
  readonly neighbours: Neighbours
  readonly authentication: Authentication
  readonly health: () => Health
  /** Absent: whoever made the account moves its time. */
  readonly clockControl?: ClockControl | undefined
}

export type ControlMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** The `{name}`s of a path. */
type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParameters<Rest>
  : unknown

interface RouteSpec<Path extends string, Query extends z.ZodType, Body extends z.ZodType, Answer> {
  readonly method: ControlMethod
  /** Below `/_seatrial`, with `{name}` for a whole segment. */
  readonly path: Path
  /** One line for the document. */
  readonly summary: string
  /** Absent: no query parameter is known. */
  readonly query?: Query
  /** Absent: a body is not read. */
  readonly body?: Body
  /** Absent: 204. */
  readonly answer?: z.ZodType<Answer>
  /** Throws `ControlError` or `ApiFault`. */
  readonly handle: (
    call: {
      readonly parameters: PathParameters<Path>
      readonly query: z.output<Query>
      readonly body: z.output<Body>
    },
    parts: ControlParts,
  ) => NoInfer<Answer> | Promise<NoInfer<Answer>>
}

export interface Route {
  readonly method: ControlMethod
  readonly path: string
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  readonly handle: (
    call: { readonly parameters: never; readonly query: never; readonly body: never },
    parts: ControlParts,
  ) => unknown
}

/** Ties the types of one route together. */
export function route<Path extends string, Query extends z.ZodType, Body extends z.ZodType, Answer = void>(
  spec: RouteSpec<Path, Query, Body, Answer>,
): Route {
  return spec as unknown as Route
}

/** A refusal of the control API. */
export class ControlError extends Error {
  readonly status: number
  readonly code: string
  readonly mend: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    mend: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.mend = mend
    this.headers = headers
  }
}

export function notFound(what: string, mend: string): ControlError {
  return new ControlError(404, 'E_NOT_FOUND', what, mend)
}

export function badRequest(what: string, mend: string): ControlError {
  return new ControlError(400, 'E_BAD_REQUEST', what, mend)
}
