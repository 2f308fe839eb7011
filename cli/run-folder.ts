/**
 * What a run leaves behind: result.json, the journal, and the renderings made from them. Names in docs/ARCHITECTURE.md.
 * Everything that depends on this machine is in metrics.json; the rest is equal for equal seeds in virtual time.
 */
import { gzipSync } from 'node:zlib'
import { type ReportInput, renderHtml, renderJunit, renderSummary } from '../reports/index.ts'
import type { RunFolder } from './files.ts'
import { VERSION } from './product.ts'
import { publicProfile, type Trial } from './trial.ts'

export interface FolderContent {
  readonly trial: Trial
  readonly contrast?: Trial
  readonly conformance?: ReportInput['conformance']
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Fills a run folder; the caller commits it. */
export function fillRunFolder(folder: RunFolder, { trial, contrast, conformance }: FolderContent): void {
  const { result, journal, profile } = trial
  const input = reportInput({
    trial,
    ...(contrast === undefined ? {} : { contrast }),
    ...(conformance === undefined ? {} : { conformance }),
  })
  folder.write('result.json', json(result))
  folder.write('scenario.json', json(result.scenario))
  folder.write('profile.json', json(publicProfile(profile)))
  folder.write('journal.ndjson.gz', gzipSync(journal.map((entry) => `${JSON.stringify(entry)}\n`).join('')))
  folder.write('metrics.json', json(metricsOf(trial, contrast)))
  if (contrast !== undefined) folder.write('contrast.json', json(contrast.result))
  if (conformance !== undefined) folder.write('conformance.json', json(conformance))
  folder.write('report.html', renderHtml(input))
  folder.write('junit.xml', renderJunit(input))
  folder.write('summary.md', renderSummary(input))
}

export function reportInput({ trial, contrast, conformance }: FolderContent): ReportInput {
  return {
    run: trial.result,
    ...(contrast === undefined ? {} : { contrast: contrast.result }),
    ...(conformance === undefined ? {} : { conformance }),
  }
}

/** Speed of this machine, for the curious and for comparing machines; no verdict rests on it. */
function metricsOf(trial: Trial, contrast: Trial | undefined) {
  const { calls } = trial.result.totals
  return {
    version: VERSION,
    node: process.version,
    wallMs: Math.round(trial.wallMs),
    callsPerWallSec: Math.round((calls / trial.wallMs) * 1000),
    ...(contrast === undefined ? {} : { contrastWallMs: Math.round(contrast.wallMs) }),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  }
}
