/**
 * Judges how engines behaved on the way, from what went over their wires alone. What is in the account at the end can be right
 * although an engine never looked before it leapt: the external ID forgives it. Elsewhere nothing would.
 */
import type { Exchange } from './wire-log.ts'

export interface Manners {
  readonly wire: readonly Exchange[]
  readonly orders: number
  /** Paid orders. */
  readonly payments: number
  /** How often an engine was killed: a try that nobody could count, and a wait for its lease. */
  readonly deaths: number
  /** Added to an item's patience: leases of the dead, and clocks that are wrong by different amounts. */
  readonly graceMs: number
}

/** Retries after exactly the same time: by chance there are none, and several calls may wait for one pause to end. */
const SAME_DELAYS_MIN = 8
const SAME_DELAYS_RATIO_MAX = 0.4

/** An item gives up after so many tries, 429s aside, and after eight minutes; a minute or two may pass in line. */
const TRIES_MAX = 16
const PATIENCE_MS_MAX = 600_000

/** Everything that was ill-mannered, each as `check: what`. */
export function judgeManners(manners: Manners): string[] {
  const { wire } = manners
  const topics = grouped(
    wire.filter(({ type, externalId }) => type !== 'customer' && externalId !== undefined),
    ({ externalId }) => externalId!,
  )
  return [
    ...[...topics].flatMap(([id, calls]) => [
      ...judgeLook(id, calls),
      ...judgeRepeat(id, calls),
      ...judgePatience(id, calls, manners),
      ...judgeAfter(id, calls),
    ]),
    ...judgeIdentity(manners),
    ...judgeSignatures(wire),
    ...judgeCustomers(wire),
    ...judgeJitter([...topics.values()]),
  ]
}

function grouped(wire: readonly Exchange[], keyOf: (exchange: Exchange) => string): Map<string, Exchange[]> {
  const groups = new Map<string, Exchange[]>()
  for (const exchange of wire) {
    const key = keyOf(exchange)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [exchange])
    else group.push(exchange)
  }
  return groups
}

/** Whoever sent it cannot know whether it was carried out. */
function isDoubtful({ heardMs, status, isUnsent }: Exchange): boolean {
  if (isUnsent) return false
  return heardMs === undefined || status === 0 || status === 408 || status >= 500
}

/** After a create whose fate is unknown the account is asked before the next one. */
function judgeLook(id: string, calls: readonly Exchange[]): string[] {
  const creates = calls.filter(({ method }) => method === 'POST')
  return creates.flatMap((create, index) => {
    const before = creates[index - 1]
    if (before === undefined || !isDoubtful(before)) return []
    const fromMs = before.heardMs ?? before.sentMs
    const looked = calls.some(
      ({ method, status, sentMs, heardMs }) =>
        method === 'GET' &&
        sentMs >= fromMs &&
        (heardMs ?? Number.POSITIVE_INFINITY) <= create.sentMs &&
        status > 0 &&
        status < 500,
    )
    return looked ? [] : [`look-up: ${id} was created again, and nobody had looked whether it is there`]
  })
}

/**
 * What was refused for good is not sent again by who heard it; save where an earlier try might have got through and the look
 * that would have settled it failed as well: the next try then begins anew, with a look.
 */
function judgeRepeat(id: string, calls: readonly Exchange[]): string[] {
  const creates = calls.filter(({ method }) => method === 'POST')
  return creates.flatMap((create, index) => {
    const refused = creates
      .slice(0, index)
      .find((one) => one.life === create.life && isForGood(one) && !isUnsettled(one, calls))
    return refused === undefined ? [] : [`repeat: ${id} was sent again after ${refused.detail.slice(0, 120)}`]
  })
}

function isUnsettled(refused: Exchange, calls: readonly Exchange[]): boolean {
  const next = calls[calls.indexOf(refused) + 1]
  return next?.method === 'GET' && next.status !== 200 && next.status !== 404
}

/** A refusal that came whole, and is not of the kind that passes. */
function isForGood({ status, detail }: Exchange): boolean {
  return status === 400 && isWhole(detail) && !/already exists|been locked|been changed/i.test(detail)
}

/** NetSuite's own words, not cut off. */
function isWhole(detail: string): boolean {
  try {
    return 'o:errorDetails' in JSON.parse(detail)
  } catch {
    return false
  }
}

/** Nothing is tried for ever. */
function judgePatience(id: string, calls: readonly Exchange[], { deaths, graceMs }: Manners): string[] {
  const creates = calls.filter(({ method, status }) => method === 'POST' && status !== 429 && status !== 401)
  const lastedMs = (creates.at(-1)?.sentMs ?? 0) - (creates[0]?.sentMs ?? 0)
  return [
    ...(creates.length > TRIES_MAX + deaths ? [`patience: ${id} was tried ${creates.length} times`] : []),
    ...(lastedMs > PATIENCE_MS_MAX + graceMs
      ? [`patience: ${id} was tried for ${Math.round(lastedMs / 1000)} s`]
      : []),
  ]
}

/** Nobody comes back sooner than the account asked. */
function judgeAfter(id: string, calls: readonly Exchange[]): string[] {
  return calls.flatMap((call, index) => {
    const before = calls[index - 1]
    if (before?.heardMs === undefined || before.retryAfterMs === undefined || before.life !== call.life)
      return []
    // A look by other work, when this was given up.
    if (!calls.slice(index).some(({ method }) => method === 'POST')) return []
    const earlyMs = before.heardMs + before.retryAfterMs - call.sentMs
    return earlyMs > 0 ? [`retry-after: ${id} came back ${earlyMs} ms too early`] : []
  })
}

/** An order has one external ID, and a payment another, whatever happens. */
function judgeIdentity({ wire, orders, payments }: Manners): string[] {
  return (
    [
      ['salesOrder', orders],
      ['customerDeposit', payments],
    ] as const
  ).flatMap(([type, most]) => {
    const creates = wire.filter((one) => one.method === 'POST' && one.type === type)
    const ids = new Set(creates.map(({ externalId }) => externalId))
    if (ids.has(undefined)) return [`identity: a ${type} was sent without an external ID`]
    return ids.size > most ? [`identity: ${ids.size} external IDs for ${most} ${type}s`] : []
  })
}

/** A nonce is good for one request. [AUT-027] */
function judgeSignatures(wire: readonly Exchange[]): string[] {
  const signed = wire.filter(({ nonce }) => nonce !== undefined)
  const distinct = new Set(signed.map(({ nonce }) => nonce))
  return distinct.size === signed.length
    ? []
    : [`signature: ${signed.length} requests were signed with ${distinct.size} nonces`]
}

/** A process sends a customer once, and never twice at the same time. */
function judgeCustomers(wire: readonly Exchange[]): string[] {
  const writes = wire.filter(({ type, method }) => type === 'customer' && method === 'PUT')
  return [...grouped(writes, ({ life, externalId }) => `${externalId} by ${life}`)].flatMap(([who, calls]) =>
    calls.slice(1).flatMap((call, index) => {
      const before = calls[index]!
      if (before.heardMs === undefined || before.heardMs > call.sentMs)
        return [`customers: ${who} was sent again while it was under way`]
      return before.status >= 200 && before.status < 300
        ? [`customers: ${who} was sent again although it is known`]
        : []
    }),
  )
}

/** Those who failed together do not come back together. */
function judgeJitter(topics: readonly (readonly Exchange[])[]): string[] {
  const delays = topics.flatMap((calls) =>
    calls.flatMap((call, index) => {
      const before = calls[index - 1]
      const isRetry = before?.heardMs !== undefined && before.life === call.life && isTransient(before)
      return isRetry ? [Math.round(call.sentMs - before.heardMs!)] : []
    }),
  )
  const counts = grouped(delays as never, String as never)
  const most = Math.max(0, ...[...counts.values()].map((group) => group.length))
  return most >= SAME_DELAYS_MIN && most > SAME_DELAYS_RATIO_MAX * delays.length
    ? [`jitter: ${most} of ${delays.length} retries came after exactly the same time`]
    : []
}

function isTransient({ status, retryAfterMs }: Exchange): boolean {
  return retryAfterMs === undefined && (status === 0 || status === 429 || status >= 500)
}
