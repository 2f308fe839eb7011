/**
 * If this fails, the account and a plain map disagree about what was written: after any run of creates, patches, upserts,
 * deletes and refused writes, several of them in flight at once. The message holds fast-check's seed and path.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createSigner } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireResponse } from '../../protocol/wire.ts'
import { createSimulator } from '../../simulator/index.ts'
import { loadProfile } from '../../simulator/profile.ts'

/** `SEATRIAL_MODEL=seed/path npx vitest run test/model/commands`, as the message of a failure says. */
const [seedText = '1', path] = (process.env.SEATRIAL_MODEL ?? '1').split('/')
const RUNS = 60
const COMMANDS_MAX = 40

type Fields = { companyName?: string; email?: string; creditLimit?: number; externalId?: string }
/** Customers and vendors share one group of ids and external ids. [OPQ-014] */
type Kind = 'customer' | 'vendor'
interface Modelled {
  readonly type: Kind
  readonly fields: Fields
}
/** Internal id → what the record holds. */
type Model = Map<string, Modelled>

interface Real {
  readonly clock: VirtualClock
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<WireResponse>
}

const EXTERNAL_IDS = ['A', 'B', 'C', 'D']

function open(): Real & { close(): void } {
  const clock = new VirtualClock()
  const rng = createRng('model')
  const simulator = createSimulator({
    clock,
    rng: rng.fork('account'),
    profile: loadProfile('premium'),
    onInternalError: (_, error) => {
      throw error
    },
  })
  const sign = createSigner(clock, rng.fork('client'), simulator.credentials)
  return {
    clock,
    close: () => simulator.close(),
    async send(method, path, body, headers = {}) {
      const url = simulator.baseUrl + (path.startsWith('/_') ? path : `${RECORD_BASE_PATH}/${path}`)
      const text = body === undefined ? undefined : JSON.stringify(body)
      const typed = text === undefined ? headers : { 'content-type': 'application/json', ...headers }
      const answer = await simulator.handle(sign({ method, url, headers: typed, body: text }))
      if (typeof answer === 'string') throw new Error(answer)
      return answer
    },
  }
}

const idOf = ({ headers }: WireResponse): string => headers.location!.split('/').at(-1)!
const holderOf = (model: Model, externalId: string): [string, Modelled] | undefined =>
  [...model].find(([, { fields }]) => fields.externalId === externalId)

/** A write, what the model says of it, and what it does there. Requests of a batch of writes are in flight together. */
interface Write {
  readonly text: string
  send(real: Real, model: Model): Promise<WireResponse>
  /** The status that must come, given the model at the moment the write is done; changes the model accordingly. */
  apply(model: Model, answer: WireResponse): number
}

function laidOver(old: Fields, change: Record<string, unknown>): Fields {
  const merged = { ...old, ...change } as Record<string, unknown>
  for (const [name, value] of Object.entries(merged)) if (value === null) delete merged[name]
  return merged as Fields
}

const creating = (type: Kind, fields: Fields): Write => ({
  text: `POST ${type} ${JSON.stringify(fields)}`,
  send: (real) => real.send('POST', type, fields),
  apply(model, answer) {
    if (fields.companyName === undefined) return 400
    if (fields.externalId !== undefined && holderOf(model, fields.externalId) !== undefined) return 400
    if (answer.status === 204) model.set(idOf(answer), { type, fields })
    return 204
  },
})

const patching = (index: number, change: Record<string, unknown>): Write => {
  let target: string | undefined
  return {
    text: `PATCH #${index} ${JSON.stringify(change)}`,
    send: (real, model) => {
      const ids = [...model.keys()]
      target = ids[index % Math.max(1, ids.length)]
      const type = target === undefined ? 'customer' : model.get(target)!.type
      return real.send('PATCH', `${type}/${target ?? 999_999}`, change)
    },
    apply(model) {
      const old = target === undefined ? undefined : model.get(target)
      if (old === undefined) return 404
      const fields = laidOver(old.fields, change)
      const holder = fields.externalId === undefined ? undefined : holderOf(model, fields.externalId)
      if (fields.companyName === undefined || (holder !== undefined && holder[0] !== target)) return 400
      model.set(target!, { ...old, fields })
      return 204
    },
  }
}

const upserting = (externalId: string, fields: Fields): Write => ({
  text: `PUT ${externalId} ${JSON.stringify(fields)}`,
  send: (real) => real.send('PUT', `customer/eid:${externalId}`, fields),
  apply(model, answer) {
    const holder = holderOf(model, externalId)
    if (holder !== undefined && holder[1].type !== 'customer') return 400
    if (holder === undefined && fields.companyName === undefined) return 400
    const merged = laidOver(holder?.[1].fields ?? {}, { ...fields, externalId })
    if (answer.status === 204) model.set(idOf(answer), { type: 'customer', fields: merged })
    return 204
  },
})

const deleting = (index: number): Write => {
  let target: string | undefined
  return {
    text: `DELETE #${index}`,
    send: (real, model) => {
      const ids = [...model.keys()]
      target = ids[index % Math.max(1, ids.length)]
      const type = target === undefined ? 'customer' : model.get(target)!.type
      return real.send('DELETE', `${type}/${target ?? 999_999}`)
    },
    apply: (model) => (target !== undefined && model.delete(target) ? 204 : 404),
  }
}

const refusedWrite = (type: Kind): Write => ({
  text: `POST ${type} with a wrong value`,
  send: (real) => real.send('POST', type, { companyName: 'trace', creditLimit: 'much', isInactive: 'maybe' }),
  apply: () => 400,
})

/**
 * Of two that change one record at once one may lose, and so may an upsert that began as a create while another took its
 * external id; the loser has changed nothing. [OPQ-018, REC-506]
 */
function lostRace({ text }: Write, { status, body }: WireResponse): boolean {
  if (status !== 400) return false
  return (
    body.includes('Record has been changed') || (text.startsWith('PUT') && body.includes('already exists'))
  )
}

/** When the account did the work of each request, by operation id. A refusal comes later than it is decided. */
async function timesOfWork(real: Real): Promise<ReadonlyMap<string, number>> {
  const { body } = await real.send('GET', '/_seatrial/journal?limit=10000')
  const { items } = JSON.parse(body) as { items: { operationId: string; slotUntilMs?: number }[] }
  return new Map(items.map(({ operationId, slotUntilMs }) => [operationId, slotUntilMs ?? 0]))
}

/** Writes that are sent at once. Those that are done later see what the earlier ones left. */
class Together implements fc.AsyncCommand<Model, Real> {
  readonly writes: readonly Write[]
  constructor(writes: readonly Write[]) {
    this.writes = writes
  }
  check(): boolean {
    return true
  }
  async run(model: Model, real: Real): Promise<void> {
    const before = new Map(model)
    const answers = await Promise.all(
      this.writes.map(async (write) => ({ write, answer: await write.send(real, before) })),
    )
    const doneMs = await timesOfWork(real)
    const orderOf = ({ answer }: { answer: WireResponse }): number =>
      doneMs.get(answer.headers['x-n-operationid']!) ?? 0
    for (const { write, answer } of answers.sort((a, b) => orderOf(a) - orderOf(b))) {
      if (answers.length > 1 && lostRace(write, answer)) continue
      expect(answer.status, `${write.text}: ${answer.body}`).toBe(write.apply(model, answer))
    }
    await compare(model, real)
  }
  toString(): string {
    return this.writes.map(({ text }) => text).join(' | ')
  }
}

/** Everything the account shows of customers and vendors is what the model holds, by id, by list and by filter. */
async function compare(model: Model, real: Real): Promise<void> {
  for (const type of ['customer', 'vendor'] as const) {
    const expected = [...model].filter(([, one]) => one.type === type)
    const list = JSON.parse((await real.send('GET', type)).body) as {
      items: { id: string }[]
      totalResults: number
    }
    expect(list.items.map(({ id }) => id).sort()).toEqual(expected.map(([id]) => id).sort())
    expect(list.totalResults).toBe(expected.length)
  }
  for (const [id, { type, fields }] of model) {
    const shown = JSON.parse((await real.send('GET', `${type}/${id}`)).body) as Fields
    const { companyName, email, externalId } = shown
    const found = {
      companyName,
      email,
      externalId,
      ...(type === 'customer' && { creditLimit: shown.creditLimit }),
    }
    const { creditLimit, ...others } = fields
    expect(JSON.parse(JSON.stringify(found))).toEqual({
      ...others,
      ...(type === 'customer' && creditLimit !== undefined && { creditLimit }),
    })
  }
  const rich = [...model].filter(
    ([, { type, fields }]) => type === 'customer' && (fields.creditLimit ?? 0) > 50,
  )
  const answer = JSON.parse((await real.send('GET', 'customer?q=creditLimit%20GREATER%2050')).body)
  expect((answer.items as { id: string }[]).map(({ id }) => id).sort()).toEqual(rich.map(([id]) => id).sort())
}

const names = fc.constantFrom('Stone', 'Clay', 'Sand')
const fields = fc.record(
  {
    companyName: names,
    email: fc.constantFrom('a@example.com', 'b@example.com'),
    creditLimit: fc.constantFrom(0, 50, 100),
    externalId: fc.constantFrom(...EXTERNAL_IDS),
  },
  { requiredKeys: [] },
)
const changes = fc.record(
  {
    companyName: fc.option(names),
    email: fc.option(fc.constant('c@example.com')),
    externalId: fc.option(fc.constantFrom(...EXTERNAL_IDS)),
  },
  { requiredKeys: [] },
)
const kinds = fc.constantFrom<Kind>('customer', 'vendor')
const withName = fc
  .record({ companyName: names, more: fields })
  .map(({ companyName, more }) => ({ ...more, companyName }))
const writes = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(kinds, withName).map(([type, one]) => creating(type, one)) },
  { weight: 1, arbitrary: fc.tuple(kinds, fields).map(([type, one]) => creating(type, one)) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(9), changes).map(([index, change]) => patching(index, change)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...EXTERNAL_IDS), fields)
      .map(([id, { externalId: _, ...rest }]) => upserting(id, rest)),
  },
  { weight: 2, arbitrary: fc.nat(9).map(deleting) },
  { weight: 1, arbitrary: kinds.map(refusedWrite) },
)
const commands = fc.commands(
  [fc.array(writes, { minLength: 1, maxLength: 4 }).map((several) => new Together(several))],
  { maxCommands: COMMANDS_MAX, ...(path === undefined ? {} : { replayPath: path }) },
)

describe('any run of writes', () => {
  it('leaves in the account what a plain map holds [REC-100, REC-130, REC-140, REC-143, REC-116, OPQ-014]', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (run) => {
        const real = open()
        try {
          await real.clock.run(() => fc.asyncModelRun(() => ({ model: new Map(), real }), run))
        } finally {
          real.close()
        }
      }),
      { seed: Number(seedText), numRuns: RUNS, endOnFailure: process.env.CI !== undefined },
    )
  })
})
