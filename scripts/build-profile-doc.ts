/**
 * Writes the tables of docs/profile.md and docs/scenarios.md from the schemas and presets that the product reads.
 * test/docs.test.ts fails when they are out of date. Run: node scripts/build-profile-doc.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AGGREGATIONS, METRICS } from '../harness/metrics/registry.ts'
import { loadSchema, scenarioSchema } from '../harness/scenario.ts'
import { faultSpecSchema } from '../protocol/fault.ts'
import { PRESET_NAMES } from '../simulator/presets.ts'
import { concurrencyLimitOf, loadProfile, profileSchema } from '../simulator/profile.ts'
import { fillTables, settingsTable, variantTables } from './doc-tables.ts'

const root = resolve(import.meta.dirname, '..')

/** A document by its path from the root of the repository, as it should be. */
export interface Document {
  readonly path: string
  readonly text: string
}

/** The documents with fresh tables in them. */
export function settingDocuments(): readonly Document[] {
  const fill = (path: string, tables: Readonly<Record<string, string>>): Document => ({
    path,
    text: fillTables(readFileSync(join(root, path), 'utf8'), tables),
  })
  return [
    fill('docs/profile.md', {
      presets: presetsTable(),
      keys: settingsTable(profileSchema, { faults: 'see Faults below' }),
      faults: variantTables(faultSpecSchema, 'fault'),
    }),
    fill('docs/scenarios.md', {
      keys: settingsTable(scenarioSchema, {
        load: 'see Load below',
        faults: 'keys as in [profile.md](profile.md#faults)',
        thresholds: 'see Thresholds below',
      }),
      load: variantTables(loadSchema, 'executor'),
      metrics: metricsTable(),
    }),
  ]
}

function presetsTable(): string {
  const rows = PRESET_NAMES.map((name) => {
    const profile = loadProfile(name)
    const { accountType, accountId, serviceTier, latency } = profile
    const cells = [accountType, accountId, serviceTier, concurrencyLimitOf(profile), latency.factor]
    return `| \`${name}\` | ${cells.join(' | ')} |`
  })
  const head = '| preset | accountType | accountId | serviceTier | concurrency limit | latency.factor |'
  return [head, '|---|---|---|---|---|---|', ...rows].join('\n')
}

function metricsTable(): string {
  const rows = Object.entries(METRICS).map(([name, { kind, about }]) => {
    const allowed = AGGREGATIONS[kind].map((word) => `\`${word === 'p' ? 'p(N)' : word}\``).join(', ')
    return `| \`${name}\` | ${about} | ${allowed} |`
  })
  return ['| metric | what it is | aggregations |', '|---|---|---|', ...rows].join('\n')
}

if (import.meta.main) {
  for (const { path, text } of settingDocuments()) writeFileSync(join(root, path), text)
}
