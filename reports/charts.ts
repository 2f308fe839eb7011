/**
 * The pictures of a run, stacked on one time axis: faults, order rates, slots, queue, latency, refusals. Pointing
 * anywhere shows the values of that moment in all of them; the values are formatted here, the script only looks up.
 */
import type { RunResult } from '../harness/result.ts'
import { amountAxis, durationAxis, timeTicks } from './axis.ts'
import type { Backdrop, Panel } from './chart.ts'
import { cssPercent, panel, shadeMarks, shareOf, tickPath } from './chart.ts'
import { decimal, duration, NONE } from './format.ts'
import type { Markup } from './markup.ts'
import { markup, trusted } from './markup.ts'
import { counted, grouped } from './text.ts'
import type { FaultWindow, Timeline } from './timeline.ts'
import { faultWindows, highest, rates, rateUnit, timelineOf } from './timeline.ts'

/** More lanes would push the pictures off the screen; the table of faults has them all. */
const LANES_MAX = 8

/** The whole stack, or a sentence if the run left no series. */
export function charts(run: RunResult): Markup {
  const timeline = timelineOf(run.series)
  if (timeline === undefined)
    return markup`<p class="quiet">The run recorded no time series: there is nothing to draw.</p>`
  const windows = faultWindows(run.faults, timeline)
  const backdrop: Backdrop = {
    timeline,
    timeTicks: timeTicks(timeline.endMs).filter(({ at }) => at >= timeline.fromMs),
    shades: windows.flatMap(({ span }) => (span === undefined ? [] : [span])),
  }
  return markup`<p class="quiet">${howToRead(timeline)}</p>
<div class="stack" id="stack" tabindex="0" aria-label="Pictures on one time axis. Left and right arrow keys read out the values.">
<p class="moment"><output id="moment"></output></p>
${faultLanes(windows, backdrop)}${panels(run, timeline).map((each) => panel(each, backdrop))}${timeAxis(backdrop)}
<div class="cursor" id="cursor" hidden=""></div>
</div>
<script type="application/json" id="read-outs">${json(readOuts(run, timeline))}</script>`
}

function howToRead({ binMs, stepsPerBin }: Timeline): string {
  const merged =
    stepsPerBin === 1
      ? ''
      : ` Each point merges ${grouped(stepsPerBin)} recorded steps: counts are added up, maxima and percentiles show the highest.`
  return `All pictures share one time axis in steps of ${duration(binMs)}, counted from the start of the load. Point at any moment to read its values.${merged}`
}

function panels(run: RunResult, timeline: Timeline): readonly Panel[] {
  return [
    ratePanel(run, timeline),
    slotPanel(run, timeline),
    queuePanel(run, timeline),
    ...(run.batches.changes === 0 ? [] : [batchPanel(run, timeline)]),
    latencyPanel(run, timeline),
    refusalPanel(timeline),
  ]
}

function ratePanel({ totals }: RunResult, timeline: Timeline): Panel {
  const { arrivals, completions, binMs } = timeline
  const unit = rateUnit([...arrivals, ...completions], binMs)
  const top = Math.max(highest(rates(arrivals, binMs, unit)), highest(rates(completions, binMs, unit)))
  return {
    title: `Orders per ${unit.name}`,
    description: `${counted(totals.arrivals, 'order')} arriving and ${grouped(totals.completed)} completed, per ${unit.name}`,
    axis: amountAxis(top, false),
    lines: [
      {
        key: 'arrivals',
        label: 'arriving',
        tone: 'arrivals',
        shape: 'area',
        values: rates(arrivals, binMs, unit),
      },
      {
        key: 'completions',
        label: 'reaching the account',
        tone: 'completions',
        shape: 'step',
        values: rates(completions, binMs, unit),
      },
    ],
    emptyText: top === 0 ? 'no order arrived' : undefined,
  }
}

function slotPanel({ account, totals }: RunResult, timeline: Timeline): Panel {
  return {
    title: 'Slots in use',
    description: `Concurrency slots in use, ${totals.peakSlots} at most, against the account's limit of ${account.concurrencyLimit}`,
    axis: amountAxis(Math.max(account.concurrencyLimit, highest(timeline.slotsInUse)), true),
    lines: [
      { key: 'slots', label: 'most in a step', tone: 'slots', shape: 'area', values: timeline.slotsInUse },
    ],
    limit: { at: account.concurrencyLimit, label: `limit of the account: ${account.concurrencyLimit}` },
  }
}

function queuePanel({ totals }: RunResult, timeline: Timeline): Panel {
  const top = highest(timeline.queueDepth)
  return {
    title: 'Work waiting or taken: orders and what follows from them',
    description: `Queue depth, ${grouped(totals.peakQueueDepth)} at most`,
    axis: amountAxis(top, true),
    lines: [
      { key: 'queue', label: 'most in a step', tone: 'queue', shape: 'area', values: timeline.queueDepth },
    ],
    emptyText: top === 0 ? 'nothing ever waited' : undefined,
  }
}

/** Only where the backlog was ever high enough: otherwise all went in real time. */
function batchPanel({ batches }: RunResult, timeline: Timeline): Panel {
  const { batchRecords, batchMode, binMs } = timeline
  const unit = rateUnit(batchRecords, binMs)
  const perUnit = rates(batchRecords, binMs, unit)
  const top = highest(perUnit)
  const sent = `${counted(batches.sent, 'batch', 'batches')} of ${counted(batches.records, 'record')}`
  const mode = batchMode.map((on) => on * (top === 0 ? 1 : top))
  return {
    title: `Records in batches per ${unit.name}`,
    description: `Batches beside single calls for ${duration(batches.modeMs)}: ${sent}, ${grouped(batches.written)} of them in the account`,
    axis: amountAxis(top, false),
    lines: [
      { key: 'mode', label: 'batch mode', tone: 'queue', shape: 'area', values: mode },
      {
        key: 'batched',
        label: 'records of batches that ended',
        tone: 'completions',
        shape: 'step',
        values: perUnit,
      },
    ],
  }
}

function latencyPanel({ orderLatency }: RunResult, timeline: Timeline): Panel {
  const { latencyP50Ms, latencyP95Ms, latencyP99Ms } = timeline
  const known = [...latencyP50Ms, ...latencyP95Ms, ...latencyP99Ms].filter((value) => value !== null)
  const { p50Ms, p95Ms, p99Ms } = orderLatency
  return {
    title: 'From arrival to account',
    description: `Order latency: median ${duration(p50Ms)}, p95 ${duration(p95Ms)}, p99 ${duration(p99Ms)} over the whole run`,
    axis: durationAxis(highest(known)),
    lines: [
      { key: 'p99', label: 'p99', tone: 'p99', shape: 'curve', values: latencyP99Ms },
      { key: 'p95', label: 'p95', tone: 'p95', shape: 'curve', values: latencyP95Ms },
      { key: 'p50', label: 'median', tone: 'p50', shape: 'curve', values: latencyP50Ms },
    ],
    emptyText: known.length === 0 ? 'no order was completed' : undefined,
  }
}

function refusalPanel({ refused, binMs }: Timeline): Panel {
  const unit = rateUnit(refused, binMs)
  const perUnit = rates(refused, binMs, unit)
  const none = highest(refused) === 0
  return {
    title: `429 answers per ${unit.name}`,
    description: none
      ? 'No call was answered 429'
      : `429 answers, at most ${decimal(highest(perUnit), 2)} per ${unit.name}`,
    axis: amountAxis(highest(perUnit), false),
    lines: [{ key: 'refused', label: 'refused', tone: 'refused', shape: 'area', values: perUnit }],
    extra: [{ key: 'calls', label: 'of calls:' }],
    emptyText: none ? 'no call was answered 429' : undefined,
  }
}

function faultLanes(windows: readonly FaultWindow[], backdrop: Backdrop): Markup {
  if (windows.length === 0)
    return markup`<figure class="panel"><figcaption><b>Faults</b> <span class="key">none injected</span></figcaption></figure>
`
  const { timeline } = backdrop
  const more = windows.length - LANES_MAX
  const top = highest(timeline.faultHits)
  return markup`<figure class="panel faults">
<figcaption><b>Faults</b> <span class="key"><i class="swatch shade"></i>armed</span>
<span class="key"><i class="swatch hits"></i>hits in a step <output data-value="hits"></output></span></figcaption>
<div class="plot lanes"><div class="area">
${windows.slice(0, LANES_MAX).map((window) => lane(window, timeline))}
${more > 0 && markup`<div class="lane"><span>and ${more} more in the table of faults</span></div>`}
<div class="lane hits-lane"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="Moments of fault hits">
${shadeMarks(backdrop)}${top > 0 && markup`<path class="hits" d="${tickPath(timeline.faultHits, timeline, top)}"/>`}</svg></div>
</div></div>
</figure>
`
}

function lane({ id, text, span }: FaultWindow, timeline: Timeline): Markup {
  if (span === undefined) return markup`<div class="lane"><span>${id}: outside the time shown</span></div>`
  const from = shareOf(span.fromMs, timeline)
  const until = shareOf(span.untilMs, timeline)
  const bar = markup`<i class="bar" style="left:${cssPercent(from)};width:${cssPercent(until - from)}"></i>`
  // A label runs from the bar towards the middle of the axis: there is always room on that side.
  const place =
    from <= 0.5
      ? `left:${cssPercent(from)};right:0`
      : `left:0;right:${cssPercent(1 - until)};text-align:right`
  return markup`<div class="lane" title="${id}: ${text}">${bar}<span style="${place}"><b>${id}</b> ${text}</span></div>
`
}

function timeAxis({ timeTicks, timeline }: Backdrop): Markup {
  const labels = timeTicks.map(({ at, label }, index) => {
    return markup`<span class="${index % 2 === 1 && 'odd'}" style="left:${cssPercent(shareOf(at, timeline))}">${label}</span>`
  })
  return markup`<div class="plot times"><div class="area">${labels}</div></div>`
}

/** Everything the hover read-out says, one text per bin, as the script expects it. */
function readOuts({ batches }: RunResult, timeline: Timeline) {
  const { binMs, atMs, fromMs, endMs } = timeline
  const perOrder = rateUnit([...timeline.arrivals, ...timeline.completions], binMs)
  const perRefusal = rateUnit(timeline.refused, binMs)
  const perUnit = (counts: readonly number[], unit: typeof perOrder) =>
    rates(counts, binMs, unit).map((rate) => decimal(rate, rate < 10 ? 2 : 1))
  const times = (column: readonly (number | null)[]) =>
    column.map((ms) => (ms === null ? NONE : duration(ms)))
  return {
    from: fromMs,
    end: endMs,
    at: atMs,
    moment: atMs.map((at) => `${duration(at)} after the start`),
    values: {
      arrivals: perUnit(timeline.arrivals, perOrder),
      completions: perUnit(timeline.completions, perOrder),
      slots: timeline.slotsInUse.map(grouped),
      queue: timeline.queueDepth.map(grouped),
      ...(batches.changes > 0 && {
        mode: timeline.batchMode.map((on) => (on === 0 ? 'off' : 'on')),
        batched: perUnit(timeline.batchRecords, rateUnit(timeline.batchRecords, binMs)),
      }),
      p50: times(timeline.latencyP50Ms),
      p95: times(timeline.latencyP95Ms),
      p99: times(timeline.latencyP99Ms),
      refused: perUnit(timeline.refused, perRefusal),
      calls: perUnit(timeline.calls, perRefusal),
      hits: timeline.faultHits.map(grouped),
    },
  }
}

/** JSON that cannot end the script element it stands in. */
function json(value: unknown): Markup {
  return trusted(JSON.stringify(value).replaceAll('<', '\\u003c'))
}
