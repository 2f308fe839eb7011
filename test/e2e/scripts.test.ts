/** If this fails, users' modules are not loaded from files, or one that misbehaves takes the simulator with it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { put, scratchFolder, seatrial, serve } from './cli.ts'

const folder = scratchFolder()

function profile(name: string, files: Record<string, string>, text: string): string {
  const home = join(folder, name)
  mkdirSync(home)
  put(home, 'package.json', { type: 'module' })
  for (const [file, content] of Object.entries(files)) put(home, file, content)
  return put(home, 'account.yaml', text)
}

const SCRIPT = 'scripts:\n  - { file: own.ts, recordTypes: [customer] }\n'

describe('seatrial serve with scripts', () => {
  it('cuts off a loop without end, names it, and answers the next request [GOV-041, REC-E28]', async () => {
    const own = `
      import type { BeforeSubmitContext } from 'nowhere'
      export function beforeSubmit({ newRecord }: BeforeSubmitContext): void {
        if (newRecord.getValue('companyName') === 'Bad') for (;;) try { for (;;); } catch {}
      }`
    const file = profile('loop', { 'own.ts': own }, `${SCRIPT}scripting: { wallMsMax: 200 }\n`)
    const served = await serve(folder, '--profile', file, '--latency', 'none')
    const bad = await served.call('POST', '/customer', { companyName: 'Bad' })
    expect(bad.status).toBe(400)
    expect(bad.body).toContain('SSS_TIME_LIMIT_EXCEEDED: Script Execution Time Exceeded.')
    const good = await served.call('POST', '/customer', { companyName: 'Good' })
    expect(good.status).toBe(204)
    expect(await served.control('GET', '/records')).toMatchObject({ customer: 1 })
    const { code, stderr } = await served.stop()
    expect([code, stderr]).toEqual([0, 'script own.ts beforeSubmit: cut off after 200 ms\n'])
  })
})

describe('seatrial profile check with scripts', () => {
  const check = async (name: string, files: Record<string, string>, text = SCRIPT) => {
    const { code, stderr } = await seatrial(['profile', 'check', profile(name, files, text)], folder)
    return [code, stderr]
  }
  it('says what is wrong with a module, in which file, and how to mend it', async () => {
    const [code, text] = await check('missing', {})
    expect(code).toBe(2)
    expect(text).toMatch(
      /own\.ts: there is no such module \[E_SCRIPT_INVALID\]\n[\s\S]*mend: the profile names it/,
    )
    expect(await check('broken', { 'own.ts': 'export const a: = 1' })).toEqual([
      2,
      expect.stringMatching(/own\.ts: does not load: SyntaxError: /),
    ])
    expect(await check('empty', { 'own.ts': 'export const beforeLoad = () => {}' })).toEqual([
      2,
      expect.stringContaining('own.ts: exports nothing that is called here (it exports beforeLoad)'),
    ])
    expect(await check('async', { 'own.ts': 'export const afterSubmit = async () => {}' })).toEqual([
      2,
      expect.stringContaining('own.ts: afterSubmit is no plain function'),
    ])
  })
  it('says which RESTlet could not be called', async () => {
    const restlets = (text: string): string => `restlets:\n  - { script: 1, file: own.ts }\n  - ${text}\n`
    expect(await check('twice', {}, restlets('{ script: 1, file: own.ts }'))).toEqual([
      2,
      expect.stringMatching(/account\.yaml, line 3, \/restlets\/1: script 1 deploy 1 is there twice/),
    ])
    expect(await check('role', {}, restlets('{ script: 2, file: own.ts, role: Clerk }'))).toEqual([
      2,
      expect.stringMatching(/line 3, \/restlets\/1\/role: role "Clerk" is not there/),
    ])
  })
})
