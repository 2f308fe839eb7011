/**
 * The HTML report: one file that works from disk, loads nothing, and reads from top to bottom as an answer: verdict,
 * five numbers, contrast, pictures, then the evidence. Its security policy forbids every request and foreign script.
 */
import { charts } from './charts.ts'
import { contrastOf, keyFigures, replayCommand, verdictOf } from './figures.ts'
import { conformanceSection } from './html-conformance.ts'
import { SCRIPT, SCRIPT_HASH } from './html-script.ts'
import { STYLE } from './html-style.ts'
import {
  checkSection,
  deadLetterSection,
  faultSection,
  latencySection,
  operationSection,
  thresholdSection,
} from './html-tables.ts'
import { measuredSection, termsSection } from './html-words.ts'
import type { ReportInput } from './input.ts'
import type { Markup } from './markup.ts'
import { markup, trusted } from './markup.ts'

/** Forbids every request and every script but ours, should a hostile text ever get past the escaping. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`

/** Renders the whole report. Equal inputs give equal bytes. */
export function renderHtml(input: ReportInput): string {
  const { run, conformance } = input
  const { word } = verdictOf(input)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>${word}: ${run.scenario.id}, seed ${run.seed}, ${run.engine} engine</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${head(input)}
${contrastSection(input)}
<h2 id="pictures">What happened when</h2>
${charts(run)}
${checkSection(run)}
${thresholdSection(run)}
${latencySection(run)}
${operationSection(run)}
${faultSection(run)}
${deadLetterSection(run)}
${conformance !== undefined && conformanceSection(conformance)}
${measuredSection(run)}
${termsSection()}
<footer>Seatrial ${run.product.version}. Rendered from ${run.format}; every figure on this page is in that file or is arithmetic on it.</footer>
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text
}

function head(input: ReportInput): Markup {
  const { run, conformance } = input
  const { outcome, word, sentence } = verdictOf(input)
  return markup`<header>
<p class="trial">Seatrial · ${run.scenario.id} · seed ${run.seed} · ${run.engine} engine · account ${run.account.profile}</p>
<h1>${run.scenario.title}</h1>
<p class="verdict ${outcome}"><b>${word}.</b> ${sentence}</p>
<ul class="figures">${keyFigures(run).map(
    ({ label, value, note }) => markup`
<li><strong>${value}</strong><span>${label}</span><small>${note}</small></li>`,
  )}
</ul>
${reasons(input)}
<p class="quiet">Why this trial: ${run.scenario.why}</p>
<nav aria-label="Sections">${[
    ['pictures', 'Pictures'],
    ['checks', 'Checks'],
    ['thresholds', 'Thresholds'],
    ['latency', 'Latency'],
    ['operations', 'Operations'],
    ['faults', 'Faults'],
    ['dead-letters', 'Dead letters'],
    ...(conformance === undefined ? [] : [['conformance', 'Conformance']]),
    ['measured', 'How it was measured'],
    ['terms', 'Terms'],
  ].map(([id, name]) => markup`<a href="#${id}">${name}</a>`)}</nav>
</header>`
}

function reasons(input: ReportInput): Markup {
  const { run } = input
  const list =
    run.reasons.length > 0 && markup`<ul>${run.reasons.map((reason) => markup`<li>${reason}</li>`)}</ul>`
  const title = run.verdict === 'pass' ? 'Run it again' : 'Why, and how to see it again'
  return markup`<h3>${title}</h3>
${run.verdict !== 'pass' && list}
<pre class="code">${replayCommand(run)}</pre>`
}

function contrastSection(input: ReportInput): Markup | undefined {
  const contrast = contrastOf(input)
  if (contrast === undefined) return undefined
  return markup`<h2 id="contrast">Against the ${contrast.engines[1]} engine</h2>
<p>${contrast.sentence}</p>
<table class="small"><thead><tr><th></th>${contrast.engines.map((engine) => markup`<th class="n" scope="col">${engine}</th>`)}</tr></thead>
<tbody>${contrast.rows.map(
    ({ label, ours, theirs }) =>
      markup`<tr><th scope="row">${label}</th><td class="n">${ours}</td><td class="n">${theirs}</td></tr>`,
  )}</tbody></table>`
}
