/**
 * One picture of the stack: an SVG that stretches to any width, with its letters laid over it in HTML so that they
 * keep their size on a phone. All pictures have the same gutters, so a moment is at the same place in each of them.
 */
import type { Axis, Tick } from './axis.ts'
import type { Markup } from './markup.ts'
import { markup, trusted } from './markup.ts'
import type { Timeline } from './timeline.ts'

/** Units of the drawing; the browser stretches them to the real size. */
const WIDE = 1000
const HIGH = 100

/** One column drawn into a picture. `tone` names a colour of the style sheet. */
export interface Line {
  readonly key: string
  readonly label: string
  readonly tone: string
  /** `area` and `step` hold a value for its whole bin; `curve` joins the middles of bins. */
  readonly shape: 'area' | 'step' | 'curve'
  readonly values: readonly (number | null)[]
}

/** A picture: what it is called, its lines and its vertical axis. */
export interface Panel {
  readonly title: string
  /** Read out in place of the picture. */
  readonly description: string
  readonly axis: Axis
  readonly lines: readonly Line[]
  /** A level to compare with, e.g. the account's limit. */
  readonly limit?: { readonly at: number; readonly label: string }
  /** Shown across the picture when there is nothing to see in it. */
  readonly emptyText?: string | undefined
  /** Further values in the hover read-out that are not drawn. */
  readonly extra?: readonly { readonly key: string; readonly label: string }[]
}

/** Share of the axis, 0..1 within the drawing. */
export function shareOf(ms: number, { fromMs, endMs }: Timeline): number {
  return (ms - fromMs) / (endMs - fromMs)
}

/** A share as a percentage for CSS. */
export function cssPercent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`
}

/** What lies behind every picture: the grid of the time axis and the shaded stretches. */
export interface Backdrop {
  readonly timeline: Timeline
  readonly timeTicks: readonly Tick[]
  readonly shades: readonly { readonly fromMs: number; readonly untilMs: number }[]
}

/** Draws one picture with its caption. */
export function panel(what: Panel, backdrop: Backdrop): Markup {
  const { timeline } = backdrop
  const up = (value: number): string => cssPercent(value / what.axis.max)
  const limitY = what.limit === undefined ? 0 : yOf(what.limit.at, what.axis)
  return markup`<figure class="panel">
<figcaption><b>${what.title}</b>${what.lines.map(legend)}${(what.extra ?? []).map(({ key, label }) => legend({ key, label, tone: 'extra' }))}</figcaption>
<div class="plot">
<div class="ys">${what.axis.ticks.map(({ at, label }) => markup`<span style="bottom:${up(at)}">${label}</span>`)}</div>
<div class="area"><svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label="${what.description}">
${shadeMarks(backdrop)}<path class="grid" d="${gridPath(what.axis, backdrop)}"/>
${what.lines.map((line) => linePath(line, what.axis, timeline))}
${what.limit !== undefined && markup`<path class="limit" d="M0 ${limitY}H${WIDE}"/>`}</svg>
${what.limit !== undefined && markup`<span class="limit-label" style="bottom:${up(what.limit.at)}">${what.limit.label}</span>`}
${what.emptyText !== undefined && markup`<span class="nothing">${what.emptyText}</span>`}</div>
</div>
</figure>
`
}

function legend({ key, label, tone }: { key: string; label: string; tone: string }): Markup {
  return markup` <span class="key ${tone === 'extra' && tone}"><i class="swatch ${tone}"></i>${label} <output data-value="${key}"></output></span>`
}

/** The shaded stretches as marks of a drawing. */
export function shadeMarks({ shades, timeline }: Backdrop): readonly Markup[] {
  return shades.map(({ fromMs, untilMs }) => {
    const left = xOf(fromMs, timeline)
    return markup`<rect class="shade" x="${left}" y="0" width="${round(xOf(untilMs, timeline) - left)}" height="${HIGH}"/>`
  })
}

function gridPath(axis: Axis, { timeTicks, timeline }: Backdrop): string {
  const rows = axis.ticks.map(({ at }) => `M0 ${yOf(at, axis)}H${WIDE}`)
  return rows.join('') + timeTicks.map(({ at }) => `M${xOf(at, timeline)} 0V${HIGH}`).join('')
}

/** Ticks along the lower edge where `counts` is not zero; higher where it is larger. */
export function tickPath(counts: readonly number[], timeline: Timeline, top: number): string {
  return counts
    .map((count, bin) => {
      if (count === 0) return ''
      const x = middleOf(bin, timeline)
      return `M${x} ${HIGH}V${round(HIGH * (0.6 - 0.6 * Math.sqrt(count / top)))}`
    })
    .join('')
}

function linePath(line: Line, axis: Axis, timeline: Timeline): Markup {
  const path = line.shape === 'curve' ? curve(line.values, axis, timeline) : steps(line, axis, timeline)
  const dots = line.shape === 'curve' ? lonePoints(line.values, axis, timeline) : ''
  return trusted(pathMark(`${line.shape} ${line.tone}`, path) + pathMark(`dot ${line.tone}`, dots))
}

function pathMark(name: string, path: string): string {
  return path === '' ? '' : `<path class="${name}" d="${path}"/>`
}

function steps({ values, shape }: Line, axis: Axis, timeline: Timeline): string {
  if (values.length === 0) return ''
  let path = ''
  let before: number | undefined
  values.forEach((value, bin) => {
    const y = yOf(value ?? 0, axis)
    if (before === undefined)
      path += shape === 'area' ? `M${xOf(timeline.fromMs, timeline)} ${HIGH}V${y}` : `M0 ${y}`
    else if (y !== before) path += `H${xOf(timeline.atMs[bin] ?? 0, timeline)}V${y}`
    before = y
  })
  return `${path}H${WIDE}${shape === 'area' ? `V${HIGH}Z` : ''}`
}

function curve(values: readonly (number | null)[], axis: Axis, timeline: Timeline): string {
  let path = ''
  values.forEach((value, bin) => {
    if (value === null) return
    const x = middleOf(bin, timeline)
    if (isAlone(values, bin)) return
    path += `${typeof values[bin - 1] === 'number' ? 'L' : 'M'}${x} ${yOf(value, axis)}`
  })
  return path
}

/** Values without a neighbour to draw a line to: strokes of no length, which round caps turn into dots. */
function lonePoints(values: readonly (number | null)[], axis: Axis, timeline: Timeline): string {
  return values
    .map((value, bin) =>
      value === null || !isAlone(values, bin) ? '' : `M${middleOf(bin, timeline)} ${yOf(value, axis)}h0`,
    )
    .join('')
}

function isAlone(values: readonly (number | null)[], bin: number): boolean {
  return typeof values[bin - 1] !== 'number' && typeof values[bin + 1] !== 'number'
}

function middleOf(bin: number, timeline: Timeline): number {
  const end = timeline.atMs[bin + 1] ?? timeline.endMs
  return xOf(((timeline.atMs[bin] ?? 0) + end) / 2, timeline)
}

function xOf(ms: number, timeline: Timeline): number {
  return round(shareOf(ms, timeline) * WIDE)
}

function yOf(value: number, { max }: Axis): number {
  return round(HIGH * (1 - value / max))
}

function round(value: number): number {
  return Number(value.toFixed(1))
}
