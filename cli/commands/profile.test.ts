/** If these fail, a user cannot start from a preset, or learns of a mistake in a profile only when the account is up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PRESET_NAMES } from '../../simulator/presets.ts'
import { loadProfile } from '../../simulator/profile.ts'
import { parseProfile } from '../../simulator/profile-file.ts'
import { profileCommand } from './profile.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatrial-profile-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]): Promise<string> {
  let printed = ''
  const command = profileCommand((text) => {
    printed += text
  }).exitOverride()
  await command.parseAsync(args, { from: 'user' })
  return printed
}

it.each(PRESET_NAMES)('show %s prints a profile that reads back as the same', async (preset) => {
  const text = await run('show', preset)
  expect(text).toContain('# base concurrency limit [GOV-002]\nserviceTier:')
  expect(parseProfile(text, 'acme.yaml')).toEqual(loadProfile(preset))
})

it('check says what a profile comes to', async () => {
  const file = join(folder, 'acme.yaml')
  writeFileSync(file, 'preset: enterprise\nsuiteCloudPlus: 2\nfaults:\n  - fault: maintenance\n')
  expect(await run('check', file)).toBe(`${file} is a valid profile
  name           acme
  account        1234567 (production, enterprise)
  concurrency    40 requests at a time
  integrations   one, made at the start
  roles          Administrator
  scripts        none
  RESTlets       none
  faults         maintenance
`)
})

it('check names line, key and the nearest one, however deep', async () => {
  const file = join(folder, 'wrong.yaml')
  writeFileSync(file, 'preset: premium\ngovernance:\n  windows:\n    per60sec: 5\n')
  await expect(run('check', file)).rejects.toMatchObject({
    code: 'E_PROFILE_INVALID',
    details: {
      file,
      line: 4,
      pointer: '/governance/windows/per60sec',
      mend: 'did you mean "per60s"? Keys there: per24h, per60s, warnRatio',
    },
  })
})

it('schema knows every section', async () => {
  const schema = JSON.parse(await run('schema')) as { properties: Record<string, object> }
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['serviceTier', 'governance', 'latency', 'faults', 'roles', 'settings']),
  )
})
