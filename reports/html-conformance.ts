/**
 * The conformance part of the HTML report: scores by area with the three kinds of evidence side by side (never added
 * up: a guess that holds is not a documented fact that holds), then each difference with its requirement and source.
 */
import type { CaseResult, ConformanceResult, Evidence } from '../conformance/result.ts'
import { conformanceSentence, EVIDENCE, leftoverText } from './figures.ts'
import { statusMark, table } from './html-tables.ts'
import type { Markup, Part } from './markup.ts'
import { markup } from './markup.ts'
import { clip, counted, grouped } from './text.ts'

const CHARS_MAX = 2000
/** Enough to see what is wrong; a target that differs everywhere would fill megabytes. */
const CASES_MAX = 200

const MEANING: Readonly<Record<Evidence, string>> = {
  documented: 'the vendor says so',
  observed: 'seen in traffic of a real account',
  inferred: 'concluded by us',
}

/** Scores, differences and what was left out. */
export function conformanceSection(result: ConformanceResult): Markup {
  const bad = result.cases.filter(({ status }) => status === 'fail' || status === 'error')
  const left = result.cases.filter(({ status }) => status === 'skip' || status === 'disabled')
  return markup`<h2 id="conformance">Conformance</h2>
<p>${statusMark(result.verdict)} ${conformanceSentence(result)}</p>
${scoreTable(result)}
${bad.slice(0, CASES_MAX).map(failure)}
${bad.length > CASES_MAX && markup`<p class="quiet">and ${grouped(bad.length - CASES_MAX)} more in the result</p>`}
${left.length > 0 && leftOut(left)}
${leftovers(result)}`
}

/** Records that someone has to delete by hand: a sandbox is not ours to leave dirty. */
function leftovers(result: ConformanceResult): Markup | undefined {
  const paths = result.leftovers ?? []
  if (paths.length === 0) return undefined
  const more = paths.length - CASES_MAX
  return markup`<h3>Left behind in the target</h3>
<p>${leftoverText(result)}</p>
<ul>${paths.slice(0, CASES_MAX).map((path) => markup`<li class="code">${clip(path, CHARS_MAX)}</li>`)}</ul>
${more > 0 && markup`<p class="quiet">and ${grouped(more)} more in the result</p>`}`
}

function scoreTable({ scores }: ConformanceResult): Markup {
  if (scores.length === 0) return markup`<p class="quiet">No case was selected.</p>`
  const areas = [...new Set(scores.map(({ area }) => area))]
  const cell = (area: string, evidence: Evidence): Part => {
    const score = scores.find((each) => each.area === area && each.evidence === evidence)
    if (score === undefined) return '–'
    const rest = [
      score.fail > 0 && `${grouped(score.fail)} fail`,
      score.error > 0 && `${grouped(score.error)} error`,
      score.skip > 0 && `${grouped(score.skip)} skipped`,
      score.disabled > 0 && `${grouped(score.disabled)} disabled`,
    ].filter((part) => part !== false)
    const tried = score.pass + score.fail + score.error
    const lead = tried === 0 ? 'none tried' : `${grouped(score.pass)} of ${grouped(tried)}`
    const note = rest.length > 0 && markup`<br/><small class="quiet">${rest.join(', ')}</small>`
    return markup`${score.fail + score.error > 0 ? markup`<b>${lead}</b>` : lead}${note}`
  }
  return markup`<div class="wide"><table><thead><tr><th scope="col">area</th>${EVIDENCE.map(
    (evidence) =>
      markup`<th scope="col" class="kind">${evidence}<br/><small>${MEANING[evidence]}</small></th>`,
  )}</tr></thead>
<tbody>${areas.map(
    (area) => markup`<tr><th scope="row">${area}</th>${EVIDENCE.map(
      (evidence) => markup`<td class="kind">${cell(area, evidence)}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>
<p class="quiet">Passed of tried, per kind of evidence. The kinds are not added up: they are not equally sure.</p>`
}

function failure(item: CaseResult): Markup {
  const { id, title, level, evidence, source, status, reason, failure: found } = item
  return markup`<article class="case"><h4>${statusMark(status)} ${title}</h4>
<p class="quiet"><code>${id}</code> · ${level} · ${evidence}</p>
<p>Requirement: ${clip(source.says, CHARS_MAX)}</p>
<p class="quiet">Source: ${sourceLink(source)} (${source.ref}, confidence ${source.confidence})</p>
${reason !== undefined && markup`<p>Reason: ${clip(reason, CHARS_MAX)}</p>`}
${
  found !== undefined &&
  markup`<p>Step ${found.step + 1}: <code>${clip(found.request, CHARS_MAX)}</code></p>
${table(
  ['at', 'expected', 'actual'],
  found.differences
    .slice(0, 50)
    .map(({ at, expected, actual }) =>
      [at, expected, actual].map((text) => markup`<code>${clip(text, CHARS_MAX)}</code>`),
    ),
)}`
}
</article>
`
}

/** A link for a web address; any other scheme stays text, since a click on it could do anything. */
function sourceLink({ title, url }: CaseResult['source']): Markup {
  return url !== undefined && /^https?:\/\//i.test(url)
    ? markup`<a href="${url}" rel="noreferrer noopener">${title}</a>`
    : markup`${title}`
}

function leftOut(cases: readonly CaseResult[]): Markup {
  const more = cases.length - CASES_MAX
  return markup`<details><summary>${counted(cases.length, 'case')} left out</summary>
${table(
  ['case', 'status', 'reason'],
  cases
    .slice(0, CASES_MAX)
    .map(({ id, status, reason }) => [
      markup`<code>${id}</code>`,
      status,
      clip(reason ?? 'no reason given', CHARS_MAX),
    ]),
)}
${more > 0 && markup`<p class="quiet">and ${grouped(more)} more in the result</p>`}</details>`
}
