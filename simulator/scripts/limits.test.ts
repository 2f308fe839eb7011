/** If this fails, a user's script can hang or break the simulator, or use more than NetSuite would let it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JournalPage } from '../../protocol/control.ts'
import { loadProfile, type ProfileInput } from '../profile.ts'
import { createTestAccount } from '../test-account.ts'
import type { AfterSubmitContext, MapReduceContext } from './api.ts'
import { functionsOf, type UserModule } from './modules.ts'

const customer = { companyName: 'Acme', subsidiary: { id: '1' } }

function accountWith(module: UserModule, profile: ProfileInput = {}, timeMs = { medianMs: 0, sigma: 0 }) {
  return createTestAccount({
    profile: {
      scripts: [{ file: 'own.ts', recordTypes: ['customer'], timeMs }],
      scripting: { wallMsMax: 200 },
      ...profile,
    },
    modules: { 'own.ts': module },
  })
}

const forever = (): void => {
  for (;;) {
    try {
      for (;;);
    } catch {
      // Nothing a script does can catch the end.
    }
  }
}

describe('a script without end', () => {
  it('is cut off and named, nothing remains, and the account goes on [GOV-041]', async () => {
    let isBad = true
    const account = accountWith({ beforeSubmit: () => (isBad ? forever() : undefined) })
    const { status, error } = await account.send('POST', 'customer', customer)
    expect(status).toBe(400)
    expect(error).toEqual({
      detail: 'Error while accessing a resource. SSS_TIME_LIMIT_EXCEEDED: Script Execution Time Exceeded.',
      'o:errorCode': 'USER_ERROR',
    })
    expect(account.notices).toEqual(['own.ts beforeSubmit: cut off after 200 ms'])
    isBad = false
    expect((await account.send('POST', 'customer', customer)).status).toBe(204)
    const { json } = await account.send('GET', '/_seatrial/records')
    expect(json).toMatchObject({ customer: 1 })
  })

  it('is cut off after it has written too, and what it wrote is undone', async () => {
    const account = accountWith({
      afterSubmit({ record, newRecord }: AfterSubmitContext) {
        record.create('department', { name: 'x' })
        if (newRecord.getValue('companyName') === 'Bad') forever()
      },
    })
    expect((await account.send('POST', 'customer', { ...customer, companyName: 'Bad' })).status).toBe(400)
    expect((await account.send('POST', 'customer', customer)).status).toBe(204)
    const { json } = await account.send('GET', '/_seatrial/records')
    expect(json).toMatchObject({ customer: 1, department: 3 })
  })

  it('is cut off in a lock and in what is thrown', async () => {
    const account = accountWith({
      locks: forever,
      beforeSubmit() {
        throw {
          get message() {
            return forever()
          },
        }
      },
    })
    expect((await account.send('POST', 'customer', customer)).status).toBe(400)
    expect(account.notices).toEqual(['own.ts beforeSubmit: cut off after 200 ms'])
  })

  it('that calls itself runs out of stack, which is its own fault', async () => {
    const deep = (): number => deep() + 1
    const account = accountWith({ beforeSubmit: () => void deep() })
    const { status, error } = await account.send('POST', 'customer', customer)
    expect(status).toBe(400)
    expect(error?.detail).toContain('Maximum call stack size exceeded')
  })

  it('is refused a promise, for nobody would wait for it', async () => {
    const account = accountWith({ beforeSubmit: () => Promise.resolve() })
    const { error } = await account.send('POST', 'customer', customer)
    expect(error?.detail).toContain('scripts are synchronous')
  })
})

describe('usage units of a user event', () => {
  it('run out, whether or not the script catches it, and nothing remains [GOV-041]', async () => {
    const account = accountWith(
      {
        afterSubmit({ record }: AfterSubmitContext) {
          for (let count = 0; count < 5; count++) {
            try {
              record.create('department', { name: `d${count}` })
            } catch {
              // Tries again, in vain.
            }
          }
        },
      },
      { scripting: { userEventUnits: 45 } },
    )
    // A department costs 5 to make and 10 to save: the fourth is one too many.
    const { error } = await account.send('POST', 'customer', customer)
    expect(error?.detail).toBe(
      'Error while accessing a resource. SSS_USAGE_LIMIT_EXCEEDED: Script Execution Usage Limit Exceeded',
    )
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ department: 2 })
    expect((await account.send('GET', 'customer')).json.totalResults).toBe(0)
  })

  it('are those of SuiteScript, by kind of record, unless the profile says otherwise', async () => {
    const left: number[] = []
    const account = accountWith(
      {
        afterSubmit({ record, remainingUsage, newRecord }: AfterSubmitContext) {
          const note = (): void => void left.push(remainingUsage())
          note()
          record.load('customer', newRecord.id!)
          note()
          record.submitFields('customer', newRecord.id!, { comments: 'a' })
          note()
          record.update('customer', newRecord.id!, { comments: 'b' })
          note()
          record.find('customer', 'none')
          note()
        },
      },
      { scripting: { units: { 'find.other': 1 } } },
    )
    await account.create('customer', customer)
    expect(left).toEqual([1000, 995, 990, 975, 974])
  })
})

describe('the time of scripts', () => {
  const lean: ProfileInput = {
    latency: { model: 'lean', sigma: 0, medianMs: { 'customer.create': 700, 'customer.get': 500 } },
  }
  const events = { beforeSubmit: () => {}, afterSubmit: () => {} }

  it('passes with the save, once for each function [GOV-091]', async () => {
    const account = accountWith(events, lean, { medianMs: 1000, sigma: 0 })
    await account.clock.run(async () => {
      const startMs = account.clock.now()
      const id = await account.create('customer', customer)
      expect(account.clock.now() - startMs).toBe(2700)
      await account.send('GET', `customer/${id}`)
      expect(account.clock.now() - startMs).toBe(3200)
    })
  })

  it('is in the journal with the save that took it, and with nothing else [GOV-066]', async () => {
    const account = accountWith(events, lean, { medianMs: 250, sigma: 0 })
    await account.clock.run(async () => {
      const id = await account.create('customer', customer)
      await account.send('GET', `customer/${id}`)
    })
    const { items } = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
    const tookMs = items.map(({ receivedMs, endedMs }) => Math.round(endedMs - receivedMs))
    expect(tookMs).toEqual([1200, 500])
    expect(items.map(({ scriptMs, user }) => [scriptMs, user])).toEqual([
      [500, 'seatrial'],
      [undefined, 'seatrial'],
    ])
  })

  it('ends a save whose script takes more than 300 s, and nothing remains [GOV-041]', async () => {
    const account = accountWith(events, lean, { medianMs: 400_000, sigma: 0 })
    await account.clock.run(async () => {
      const startMs = account.clock.now()
      const { status, error } = await account.send('POST', 'customer', customer)
      expect([status, error?.detail]).toEqual([
        400,
        'Error while accessing a resource. SSS_TIME_LIMIT_EXCEEDED: Script Execution Time Exceeded.',
      ])
      // And the time that every error takes to be told.
      expect(account.clock.now() - startMs).toBe(300_850)
      expect((await account.send('GET', 'customer')).json.totalResults).toBe(0)
    })
  })
})

describe('map/reduce', () => {
  const withMapReduce = (mapReduce: (context: MapReduceContext) => void, dbFile?: string) =>
    createTestAccount({
      ...(dbFile === undefined ? {} : { dbFile }),
      profile: {
        scripts: [
          { file: 'own.ts', recordTypes: ['customer'], events: ['create'], timeMs: { medianMs: 5000 } },
        ],
        latency: { model: 'lean', sigma: 0, medianMs: { '*.queue': 1000, '.queue': 1000 } },
        scripting: { wallMsMax: 200 },
      },
      modules: { 'own.ts': { mapReduce } },
    })

  it('is started by a save and runs later, on time of its own [GOV-091]', async () => {
    const ran: unknown[] = []
    const account = withMapReduce(({ record, recordType, recordId, type, now }) => {
      ran.push([type, recordType, recordId, now() - account.clock.now()])
      record.submitFields(recordType, recordId, { comments: 'done' })
      // A map/reduce script starts no other, or this would never end.
      record.create('customer', customer)
    })
    await account.clock.run(async () => {
      const id = await account.create('customer', customer)
      expect(ran).toEqual([])
      await account.clock.sleep(5999)
      expect(ran).toEqual([])
      await account.clock.sleep(2)
      expect(ran).toEqual([['create', 'customer', '1', 0]])
      await account.clock.sleep(100_000)
      expect(ran).toHaveLength(1)
      const { json } = await account.send('GET', `customer/${id}?fields=comments`)
      expect(json.comments).toBe('done')
    })
  })

  it('runs two at once without licences, the others after them [ASY-040]', async () => {
    const ranMs: number[] = []
    const account = withMapReduce(({ now }) => void ranMs.push(now()))
    await account.clock.run(async () => {
      await account.send('POST', '/_seatrial/records/customer', { items: [customer, customer, customer] })
      const startMs = account.clock.now()
      await account.clock.sleep(100_000)
      expect(ranMs.map((ms) => ms - startMs)).toEqual([6000, 6000, 12_000])
    })
  })

  it('does not run for a save that is undone', async () => {
    let runs = 0
    const account = withMapReduce(() => void runs++)
    await account.clock.run(async () => {
      const items = [customer, { ...customer, subsidiary: { id: '4711' } }]
      await account.send('POST', '/_seatrial/records/customer', { items })
      await account.clock.sleep(100_000)
    })
    expect(runs).toBe(0)
  })

  it('that waits when the account ends runs when it is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-scripts-'))
    try {
      const ran: string[] = []
      const open = () => withMapReduce(({ recordId }) => void ran.push(recordId), join(folder, 'account.db'))
      const first = open()
      await first.clock.run(() => first.create('customer', customer))
      first.simulator.close()
      expect(ran).toEqual([])
      const second = open()
      await second.clock.run(() => second.clock.sleep(100_000))
      second.simulator.close()
      expect(ran).toEqual(['1'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('goes back with the account: what a snapshot holds runs again, what it does not hold never', async () => {
    const ran: string[] = []
    const account = withMapReduce(({ recordId }) => void ran.push(recordId))
    const control = (method: string, path: string, body?: object) =>
      account.send(method, `/_seatrial/${path}`, body)
    await account.clock.run(async () => {
      await control('POST', 'records/customer', { items: [customer] })
      expect((await control('POST', 'snapshots', { name: 'one' })).status).toBe(200)
      await control('POST', 'records/customer', { items: [customer] })
      expect((await control('POST', 'snapshots/one/restore')).status).toBe(204)
      await account.clock.sleep(100_000)
      expect(ran).toEqual(['1'])
    })
  })

  it('that fails or never ends is told, keeps what it saved, and the others run', async () => {
    let runs = 0
    const account = withMapReduce(({ record }) => {
      runs++
      record.create('department', { name: `d${runs}` })
      if (runs === 1) forever()
      if (runs === 2) throw new TypeError('no such thing')
    })
    await account.clock.run(async () => {
      await account.send('POST', '/_seatrial/records/customer', { items: [customer, customer, customer] })
      await account.clock.sleep(100_000)
    })
    expect(account.notices).toEqual([
      'own.ts mapReduce: SSS_TIME_LIMIT_EXCEEDED: Script Execution Time Exceeded.',
      'own.ts mapReduce: TypeError: no such thing',
    ])
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ department: 5 })
  })
})

describe('a module', () => {
  const check = (module: UserModule | undefined) => () =>
    functionsOf(new Map(module === undefined ? [] : [['a.ts', module]]), 'a.ts', ['get', 'post'])
  it('without a function that is called is refused with its name', () => {
    expect(check({ Get: () => {} })).toThrow('exports nothing that is called here (it exports Get)')
    expect(check({})).toThrow('(it exports nothing)')
    expect(check(undefined)).toThrow('the module was not loaded')
    expect(check({ get: 1 })).toThrow('get is no function')
    expect(check({ get: async () => {} })).toThrow('get is no plain function')
  })
  it('for a record type that is not there is an error of the profile', () => {
    expect(() =>
      createTestAccount({
        profile: { scripts: [{ file: 'own.ts', recordTypes: ['custmer'] }] },
        modules: { 'own.ts': { locks: () => false } },
      }),
    ).toThrow('"custmer" is no record type of this account')
  })
  it('may be deployed with defaults', () => {
    const { scripts, scripting } = loadProfile('premium', {
      scripts: [{ file: 'own.ts', recordTypes: ['*'] }],
    })
    expect(scripts[0]).toEqual({
      file: 'own.ts',
      recordTypes: ['*'],
      events: ['create', 'edit', 'xedit', 'delete'],
      timeMs: { medianMs: 0, sigma: 0 },
    })
    expect(scripting.userEventMsMax).toBe(300_000)
  })
})
