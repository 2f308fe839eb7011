/**
 * The reference engine before a simulated account, in virtual time: orders go in, faults are installed, records come out.
 * If it is wrong, the tests of the flows prove nothing.
 */
import type { EngineDeps } from '../../harness/engine/engine.ts'
import {
  type Acknowledgement,
  createReferenceEngine,
  type ReferenceEngine,
  type Shop,
  type WorkQueue,
} from '../../harness/engine/index.ts'
import { done, type Outcome } from '../../harness/engine/outcome.ts'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import { createRecorder, depsOf, type Recorder } from '../../harness/engine/testing/recorder.ts'
import type { ShopOrder } from '../../harness/shop/order.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import { type Body, createTestAccount, type TestAccountOptions } from '../../simulator/test-account.ts'

export interface ExportedRecord {
  readonly id: string
  readonly body: Record<string, unknown>
}

export interface WorldOptions extends TestAccountOptions {
  /** What the shop says to the n-th word (from 1); default: it takes it. */
  readonly hears?: (n: number) => Outcome<unknown>
  /** Nobody wants to hear what became of orders. */
  readonly withoutShop?: boolean
  readonly seed?: number
}

/** A paid order of one line, 39.80. */
export function paidOrder(id: string, more: Partial<ShopOrder> = {}): ShopOrder {
  return { ...orderOf(id), financial_status: 'paid', ...more }
}

export function createWorld(options: WorldOptions = {}) {
  const account = createTestAccount({
    ...options,
    profile: { latency: { model: 'lean', sigma: 0.35 }, ...options.profile },
  })
  const { clock, simulator } = account
  const words: Acknowledgement[] = []
  const shop: Shop = {
    acknowledge: async (word) => {
      words.push(word)
      return options.hears?.(words.length) ?? done(undefined)
    },
  }
  const transport = createInProcessTransport(clock, simulator.handle)
  const start = (
    queue?: WorkQueue,
    more: Partial<EngineDeps> = {},
  ): { engine: ReferenceEngine; recorder: Recorder } => {
    const recorder = createRecorder()
    const deps: EngineDeps = {
      ...depsOf(clock, transport, recorder, options.seed ?? 1),
      baseUrl: simulator.baseUrl,
      credentials: simulator.credentials,
      ...(options.withoutShop ? {} : { shop }),
      ...more,
    }
    return { engine: createReferenceEngine(deps, queue), recorder }
  }
  const control = (method: string, path: string, body?: unknown) =>
    account.send(method, `/_seatrial/${path}`, body)
  const fault = async (spec: FaultInput): Promise<void> => {
    const { status, body } = await control('POST', 'faults', spec)
    if (status !== 200 && status !== 201) throw new Error(body)
  }
  const records = async (type: string): Promise<ExportedRecord[]> => {
    const { json } = await control('GET', `records/${type}?limit=10000`)
    return json.items as ExportedRecord[]
  }
  /** Records that must be accepted, whatever time it is. */
  const importRecords = async (type: string, items: readonly Body[]): Promise<string[]> => {
    const { json, status, body } = await control('POST', `records/${type}`, { items })
    if (status !== 200) throw new Error(body)
    return json.ids as string[]
  }
  /** `METHOD operation status` of what the account was asked, in order. */
  const journal = async (): Promise<{ operation: string; status: number; path: string }[]> =>
    (await control('GET', 'journal?limit=10000')).json.items as []
  return { ...account, transport, start, words, fault, records, importRecords, journal, control }
}

export type World = ReturnType<typeof createWorld>

/** Makes the item of `orderOf` known. */
export async function withItem(world: World): Promise<void> {
  await world.importRecords('inventoryItem', [{ itemId: 'SKU-1', externalId: 'SKU-1' }])
}

/** A part of an engine's process: once it is killed, no call of it begins any more and none that is under way returns. */
export function mortal<T extends object>(parts: T): T & { kill(): void } {
  let isDead = false
  const never = new Promise<never>(() => {})
  return new Proxy(parts, {
    get(target, name) {
      if (name === 'kill') return () => (isDead = true)
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        if (isDead) return never
        const result: unknown = await value.apply(target, given)
        return isDead ? never : result
      }
    },
  }) as T & { kill(): void }
}
