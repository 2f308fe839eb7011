/**
 * The evidence below the pictures: checks, thresholds, latency percentiles, operations, faults, dead letters.
 * Each section says in words when it has nothing to show, so that an empty place is never mistaken for a fault of
 * the report.
 */
import type { LatencySummary, RunResult } from '../harness/result.ts'
import { actualText } from './figures.ts'
import { duration, NONE, percent } from './format.ts'
import type { Markup, Part } from './markup.ts'
import { markup } from './markup.ts'
import { clip, counted, grouped } from './text.ts'
import { faultText } from './timeline.ts'

/** A text from outside longer than this is cut; the result file has it whole. */
const CHARS_MAX = 2000

/** A coloured word for a status. */
export function statusMark(status: string): Markup {
  const tone = status === 'pass' || status === 'fail' ? status : 'other'
  return markup`<span class="mark ${tone}">${status}</span>`
}

/** A table that scrolls by itself where the page is too narrow. Columns whose name starts with `#` hold numbers. */
export function table(columns: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  const tone = (index: number): string => (columns[index]?.startsWith('#') ? 'n' : 'words')
  return markup`<div class="wide"><table><thead><tr>${columns.map(
    (name, index) => markup`<th scope="col" class="${tone(index)}">${name.replace(/^#/, '')}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    (cells) => markup`<tr>${cells.map((cell, index) => markup`<td class="${tone(index)}">${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`
}

/** What was looked for in the account afterwards, and what was found. */
export function checkSection({ checks }: RunResult): Markup {
  const items = checks.map(({ id, title, status, summary, evidence, evidenceOmitted }) => {
    const total = evidence.length + evidenceOmitted
    const lines = markup`<ul>${evidence.map((line) => markup`<li class="code">${clip(line, CHARS_MAX)}</li>`)}</ul>
${evidenceOmitted > 0 && markup`<p class="quiet">and ${grouped(evidenceOmitted)} more</p>`}`
    const head = markup`<summary>${counted(total, 'piece', 'pieces')} of evidence</summary>`
    const shown =
      status === 'pass'
        ? markup`<details>${head}${lines}</details>`
        : markup`<details open="">${head}${lines}</details>`
    return markup`<div class="check"><p>${statusMark(status)} <b>${title}</b> <code>${id}</code></p>
<p>${clip(summary, CHARS_MAX)}</p>${total > 0 && shown}</div>
`
  })
  return markup`<h2 id="checks">Checks</h2>
${items.length === 0 ? markup`<p class="quiet">The run carried out no check.</p>` : items}`
}

/** What was required of the figures. */
export function thresholdSection({ thresholds }: RunResult): Markup {
  return markup`<h2 id="thresholds">Thresholds</h2>
${
  thresholds.length === 0
    ? markup`<p class="quiet">The run had no threshold to meet.</p>`
    : table(
        ['status', 'metric', 'required', 'measured'],
        thresholds.map(({ metric, expression, status, actual }) => [
          statusMark(status),
          markup`<code>${metric}</code>`,
          markup`<code>${expression}</code>`,
          actualText(metric, actual).replace(/^measured /, ''),
        ]),
      )
}`
}

const PERCENTILES = [
  ['#fastest', 'minMs'],
  ['#mean', 'meanMs'],
  ['#median', 'p50Ms'],
  ['#p90', 'p90Ms'],
  ['#p95', 'p95Ms'],
  ['#p99', 'p99Ms'],
  ['#p99.9', 'p999Ms'],
  ['#slowest', 'maxMs'],
] as const

/** Order latency beside the latency of single calls: the difference is waiting. */
export function latencySection({ orderLatency, callLatency }: RunResult): Markup {
  const row = (name: string, latency: LatencySummary): readonly Part[] => [
    name,
    grouped(latency.count),
    ...PERCENTILES.map(([, key]) => exactTime(latency, key)),
  ]
  return markup`<h2 id="latency">Latency</h2>
${table(
  ['what', '#measured', ...PERCENTILES.map(([name]) => name)],
  [row('order: arrival to account', orderLatency), row('call: one HTTP attempt', callLatency)],
)}
<p class="quiet">An order takes several calls and may wait before each: what the first row has beyond the second
is waiting, retries and the number of calls.</p>`
}

function exactTime(latency: LatencySummary, key: (typeof PERCENTILES)[number][1]): Part {
  return latency.count === 0
    ? NONE
    : markup`<span title="${latency[key]} ms">${duration(latency[key])}</span>`
}

/** What the engine called, how often, and what came back. */
export function operationSection({ operations, totals }: RunResult): Markup {
  const tally = (counts: Readonly<Record<string, number>>, name: (key: string) => string): string =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([key, count]) => `${name(key)}: ${grouped(count)}`)
      .join(', ') || NONE
  const rows = operations.map(({ operation, attempts, byOutcome, byStatus, latency }) => [
    markup`<code>${operation}</code>`,
    grouped(attempts),
    percent(
      attempts,
      operations.reduce((sum, each) => sum + each.attempts, 0),
    ),
    tally(byOutcome, (key) => key),
    tally(byStatus, (key) => (key === '0' ? 'no answer' : key)),
    exactTime(latency, 'p50Ms'),
    exactTime(latency, 'p95Ms'),
    exactTime(latency, 'p99Ms'),
  ])
  return markup`<h2 id="operations">Operations</h2>
${
  rows.length === 0
    ? markup`<p class="quiet">The engine made no call.</p>`
    : table(['operation', '#attempts', '#share', 'outcomes', 'HTTP answers', '#median', '#p95', '#p99'], rows)
}
<p class="quiet">The account received ${counted(totals.calls, 'request')} during load and drain.</p>`
}

/** What was done to the run on purpose. */
export function faultSection({ faults, totals }: RunResult): Markup {
  const rows = faults.map(({ id, spec, considered, hits }) => [
    markup`<code>${id}</code>`,
    faultText(spec),
    spec.untilMs === undefined
      ? `from ${duration(spec.fromMs)}, to the end`
      : `${duration(spec.fromMs)} to ${duration(spec.untilMs)}`,
    grouped(considered),
    grouped(hits),
  ])
  return markup`<h2 id="faults">Faults</h2>
${
  rows.length === 0
    ? markup`<p class="quiet">No fault was injected: this run shows fair weather only.</p>`
    : markup`${table(['fault', 'what it does', 'armed', '#requests considered', '#hits'], rows)}
<p class="quiet">${counted(totals.faultHits, 'hit')} in all. Times count from the start of the load.</p>`
}`
}

/** Orders given up, with the reason an operator would read. */
export function deadLetterSection({ deadLetters, totals }: RunResult): Markup {
  const more = totals.deadLettered - deadLetters.length
  const none =
    totals.deadLettered === 0
      ? 'None: no order was given up.'
      : `${counted(totals.deadLettered, 'order')} given up; the result lists none of them.`
  return markup`<h2 id="dead-letters">Dead letters</h2>
${
  deadLetters.length === 0
    ? markup`<p class="quiet">${none}</p>`
    : markup`${table(
        ['order', 'reason'],
        deadLetters.map(({ key, reason }) => [
          markup`<code>${clip(key, 200)}</code>`,
          clip(reason, CHARS_MAX),
        ]),
      )}
${more > 0 && markup`<p class="quiet">and ${grouped(more)} more that the result does not list</p>`}`
}`
}
