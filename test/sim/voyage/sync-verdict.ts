/**
 * Judges a voyage of synchronisation by what stood in the account when, by what the shop was told, and by what lies on both sides at
 * rest. Nothing here asks the ship; the bookmark alone is read, for what it claims.
 */
import type { Fields } from '../../../harness/engine/sync/field-sync.ts'
import type { Version } from './stamped-store.ts'
import type { SyncPlan } from './sync-plan.ts'
import { placeOf } from './sync-shop.ts'
import type { Rest, SyncOutcome } from './sync-voyage.ts'

/** Fields of a customer that are kept in step. */
const FIELDS = ['email', 'phone'] as const

export function judgeSync(plan: SyncPlan, outcome: SyncOutcome): string[] {
  const { calm, night } = outcome
  const lives = livesOf(outcome)
  return [
    ...outcome.breaches,
    ...outcome.dead.map((letter) => `dead: ${letter}`),
    ...(calm === undefined ? ['liveness: something is still owed long after the storm'] : []),
    ...(calm !== undefined && night === undefined ? ['liveness: the night never ended'] : []),
    ...judgeMarks(outcome, lives),
    ...judgeOrder(outcome, lives),
    ...judgeAgain(plan, outcome),
    ...judgeOwnership(outcome),
    ...judgeEcho(plan, outcome),
    ...judgeNames(plan, outcome),
    ...judgeDrifts(plan, outcome),
    ...judgeNights(plan, outcome),
    ...(calm === undefined ? [] : judgeCalm(plan, outcome, calm, lives)),
    ...(night === undefined ? [] : judgeNight(outcome, night)),
  ]
}

/** What a customer was, version by version; those that change neither what is kept in step nor whether a delta can see it are left out. */
interface Life {
  readonly id: string
  readonly versions: readonly Version[]
}

function livesOf({ history }: SyncOutcome): Life[] {
  const lives = new Map<string, Version[]>()
  for (const version of history) {
    if (version.type !== 'customer') continue
    const versions = lives.get(version.id) ?? []
    lives.set(version.id, versions)
    const last = versions.at(-1)
    const isNew = last === undefined || last.body === undefined || version.body === undefined
    if (isNew || last.isBackdated !== version.isBackdated || !isSame(last.body!, version.body!))
      versions.push(version)
  }
  return [...lives].map(([id, versions]) => ({ id, versions }))
}

const textOf = (value: unknown): string => String(value ?? '')
const isSame = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean =>
  FIELDS.every((field) => textOf(a[field]) === textOf(b[field]))
const shown = (fields: Readonly<Record<string, unknown>> | undefined): string =>
  fields === undefined ? 'nothing' : FIELDS.map((field) => textOf(fields[field])).join(' ')

/** What the delta last delivered of each customer, at a moment. */
function viewAt({ delivered }: SyncOutcome, untilMs: number): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(delivered.filter(({ atMs }) => atMs <= untilMs).map(({ row }) => [row.id!, row] as const))
}

/** A bookmark never claims what was not delivered. */
function judgeMarks(outcome: SyncOutcome, lives: readonly Life[]): string[] {
  return outcome.marks.flatMap((mark) => {
    const view = viewAt(outcome, mark.atMs)
    return lives.flatMap(({ id, versions }) => {
      const then = versions.filter(({ atMs }) => atMs <= mark.sinceMs).at(-1)
      const isMoved = versions.some(({ atMs }) => atMs > mark.sinceMs && atMs <= mark.atMs)
      if (then?.body === undefined || isMoved || hasDrift(versions, mark.atMs)) return []
      const known = view.get(id)
      if (known !== undefined && isSame(known, then.body)) return []
      return [
        `watermark: it stands beyond ${shown(then.body)} of customer ${id}, and ${shown(known)} was delivered`,
      ]
    })
  })
}

/** Whether the newest version is stamped so long ago that no delta sees it. */
function hasDrift(versions: readonly Version[], untilMs: number): boolean {
  return versions.filter(({ atMs }) => atMs <= untilMs).at(-1)?.isBackdated === true
}

/** What was older is never told after what is newer. */
function judgeOrder({ delivered, writes }: SyncOutcome, lives: readonly Life[]): string[] {
  return lives.flatMap(({ id, versions }) => {
    const rows = delivered.flatMap(({ atMs, row }) => (row.id === id ? [{ atMs, value: shown(row) }] : []))
    const phones = writes.flatMap(({ atMs, by, key, fields }) =>
      by === 'sync' && key === id && fields?.phone !== undefined
        ? [{ atMs, value: textOf(fields.phone) }]
        : [],
    )
    return [
      ...judgeLine(`delivered of customer ${id}`, rows, versions, ({ body }) => shown(body)),
      ...judgeLine(`the shop's phone of customer ${id}`, phones, versions, ({ body }) => textOf(body?.phone)),
    ]
  })
}

function judgeLine(
  what: string,
  told: readonly { readonly atMs: number; readonly value: string }[],
  versions: readonly Version[],
  shownOf: (version: Version) => string,
): string[] {
  let from = 0
  for (const { atMs, value } of told) {
    const index = versions.findIndex((one, at) => at >= from && one.atMs <= atMs && shownOf(one) === value)
    if (index === -1) return [`back: ${what} was ${value} after what is newer`]
    from = index
  }
  return []
}

/** A row that has not changed is delivered again only by who died before the bookmark moved, or in an hour that runs twice. */
function judgeAgain({ pageRows, ship, isHourTwice }: SyncPlan, { delivered }: SyncOutcome): string[] {
  const last = new Map<string, string>()
  let again = 0
  for (const { row } of delivered) {
    const text = JSON.stringify(row)
    if (last.get(row.id!) === text) again++
    last.set(row.id!, text)
  }
  const most = (ship.kills.length + 1) * pageRows + (isHourTwice ? 2 * last.size : 0)
  return again > most ? [`again: ${again} rows were delivered again without a change`] : []
}

/** Each field is written by its owner alone, save that a customer comes to the shop whole. */
function judgeOwnership({ sent, writes }: SyncOutcome): string[] {
  const wrong = sent.filter(({ fields }) => 'phone' in fields)
  const told = writes.filter(
    ({ by, fields, before }) =>
      by === 'sync' &&
      before !== undefined &&
      fields !== undefined &&
      'email' in fields &&
      fields.email !== before.email,
  )
  return [
    ...wrong.map(({ key }) => `ownership: the account was sent a phone of customer ${key}`),
    ...told.map(({ key }) => `ownership: the shop was told the email of its customer ${key}`),
  ]
}

/** What goes out is bounded by what happened: nobody answers an echo. */
function judgeEcho({ edits, customers, ship }: SyncPlan, { sent, writes }: SyncOutcome): string[] {
  const told = writes.filter(({ by }) => by === 'sync').length
  const most = 3 * (edits.length * 2 + customers) + 10 * ship.kills.length + 20
  return [
    ...(sent.length > most * 3
      ? [`echo: ${sent.length} writes to the account after ${edits.length} changes`]
      : []),
    ...(told > most ? [`echo: ${told} writes to the shop after ${edits.length} changes`] : []),
  ]
}

/** No call takes longer, and with it the memory that it made. */
const CALL_MS_MAX = 130_000

/** A name that is told stood in the account not longer ago than names are remembered. */
function judgeNames({ expiryMs }: SyncPlan, { names, history }: SyncOutcome): string[] {
  const versions = history.filter(({ type, id }) => type === 'location' && id === '1')
  return names.flatMap(({ atMs, name }) => {
    const sinceMs = atMs - expiryMs - CALL_MS_MAX
    const last = versions.filter((version) => version.atMs <= sinceMs).at(-1)
    const stood = [
      ...(last === undefined ? [FIRST_NAME] : [textOf(last.body?.name)]),
      ...versions
        .filter((version) => version.atMs > sinceMs && version.atMs <= atMs)
        .map(({ body }) => textOf(body?.name)),
    ]
    return stood.includes(name)
      ? []
      : [`outdated: the location was called ${name}, and it is ${stood.join(', ')}`]
  })
}

/** Of location 1 in the base data. */
const FIRST_NAME = 'Main Warehouse'

/** Nothing is repaired that was right. */
function judgeDrifts({ bookings }: SyncPlan, { drifts, repairs }: SyncOutcome): string[] {
  const touched = new Set(bookings.map(placeOf))
  return [
    ...drifts.flatMap(({ drift: { key, wanted, found } }) =>
      JSON.stringify(wanted) === JSON.stringify(found) ? [`blind: ${key} was repaired, and was right`] : [],
    ),
    ...repairs.flatMap((place) =>
      touched.has(place) ? [] : [`blind: stock of ${place} was repaired, and nobody had touched it`],
    ),
  ]
}

const DAY_MS = 86_400_000

/** One comparison for each night that came, and one at the start. */
function judgeNights({ nightlyAtMs, ship }: SyncPlan, { nights, calm }: SyncOutcome): string[] {
  const dayOf = (atMs: number): number => Math.floor((atMs - nightlyAtMs) / DAY_MS)
  const days = nights.map(dayOf)
  const again = days.length - new Set(days).size
  // A clock that is wrong sees midnight at another moment; a death before the word of it leads back.
  const isSure = ship.skewMs === 0 && ship.jump === undefined && ship.kills.length === 0
  const due = calm === undefined ? Number.NEGATIVE_INFINITY : dayOf(calm.atMs - MIDNIGHT_MS_MAX)
  return [
    ...(isSure && again > 0 ? [`night: ${again} nights were compared twice`] : []),
    ...(calm !== undefined &&
    !nights.some((atMs) => atMs <= calm.atMs && dayOf(atMs + MIDNIGHT_MS_MAX) >= due)
      ? ['night: nothing was compared']
      : []),
  ]
}

/** How far apart two clocks may see midnight, and a pass that was under way. */
const MIDNIGHT_MS_MAX = 400_000

/** At rest, before any comparison could mend it: all that a delta can know is known, and each side has the owners' values. */
function judgeCalm(plan: SyncPlan, outcome: SyncOutcome, calm: Rest, lives: readonly Life[]): string[] {
  const view = viewAt(outcome, calm.atMs)
  const missed = lives.flatMap(({ id, versions }) => {
    const now = versions.filter(({ atMs }) => atMs <= calm.atMs).at(-1)
    if (now?.body === undefined || now.isBackdated) return []
    const known = view.get(id)
    return known !== undefined && isSame(known, now.body)
      ? []
      : [`missed: customer ${id} is ${shown(now.body)}, and ${shown(known)} was delivered`]
  })
  const spoilt = new Set([
    ...lives.flatMap(({ id, versions }) => (versions.some(({ isBackdated }) => isBackdated) ? [id] : [])),
    ...outcome.writes.flatMap(({ by, key }) => (by === 'silent' ? [key] : [])),
  ])
  const apart = calm.customers.flatMap(({ id, body }) => {
    const known = calm.shop.get(id)
    if (spoilt.has(id) || (known !== undefined && isSame(body, known))) return []
    return [`apart: customer ${id} is ${shown(body)} in the account and ${shown(known)} in the shop`]
  })
  return [...missed, ...apart, ...judgeStock(plan, calm, true)]
}

/** After the night nothing is apart, whatever happened, and whoever owns a field has its way. */
function judgeNight(outcome: SyncOutcome, night: Rest): string[] {
  const ids = new Set(night.customers.map(({ id }) => id))
  const lost = night.customers.flatMap(({ id, body }) => {
    const known = night.shop.get(id)
    return known !== undefined && isSame(body, known)
      ? []
      : [`drift: customer ${id} is ${shown(body)} in the account and ${shown(known)} in the shop`]
  })
  const extra = [...night.shop.keys()].filter((key) => !ids.has(key))
  const emails = lastOwn(outcome)
  const owners = night.customers.flatMap(({ id, body }) => {
    const own = emails.get(id)
    return own === undefined || own === body.email
      ? []
      : [`owner: customer ${id} said ${own}, and has ${body.email}`]
  })
  return [
    ...lost,
    ...extra.map((key) => `drift: customer ${key} is in the shop only`),
    ...owners,
    ...judgeStock(undefined, night, false),
  ]
}

/** The email of each customer, as the shop last said itself. */
function lastOwn({ writes }: SyncOutcome): Map<string, string> {
  return new Map(
    writes.flatMap(({ by, key, fields }: { by: string; key: string; fields: Fields | undefined }) =>
      by === 'shop' && typeof fields?.email === 'string' ? [[key, fields.email] as const] : [],
    ),
  )
}

/** What is on hand is what was counted last; levels went in the order in which they were counted, each once. */
function judgeStock(plan: SyncPlan | undefined, { adjustments, counts }: Rest, isBefore: boolean): string[] {
  const onHand = new Map<string, number>()
  const last = new Map<string, number>()
  const found: string[] = []
  for (const { body, externalId } of adjustments) {
    const { items } = body.inventory as {
      items: readonly { item: { refName?: string }; location: { id: string }; adjustQtyBy: number }[]
    }
    for (const { item, location, adjustQtyBy } of items) {
      const place = placeOf({ sku: item.refName!, locationId: location.id })
      onHand.set(place, (onHand.get(place) ?? 0) + Number(adjustQtyBy))
      const [, , version, repair] = externalId?.split('_40_') ?? []
      if (version === undefined || repair !== undefined) continue
      if (Number(version) <= (last.get(place) ?? 0))
        found.push(`level-back: ${place} got version ${version} after ${last.get(place)}`)
      last.set(place, Number(version))
    }
  }
  const spoilt = new Set(isBefore ? plan?.bookings.map(placeOf) : [])
  for (const [place, { quantity, version }] of counts) {
    const now = onHand.get(place) ?? 0
    if (now !== quantity && !spoilt.has(place))
      found.push(`level: ${place} is ${now} in the account, and was counted ${quantity} (version ${version})`)
  }
  return found
}
