/**
 * The words of the HTML report: how its figures were measured, and what its terms mean. Readers mistake honest
 * open-loop latencies for wrong ones, so the page explains them itself.
 */
import type { RunResult } from '../harness/result.ts'
import { duration } from './format.ts'
import type { Markup } from './markup.ts'
import { markup } from './markup.ts'
import { counted, grouped } from './text.ts'

/** How the figures came about, and how far to trust them. */
export function measuredSection(run: RunResult): Markup {
  return markup`<h2 id="measured">How it was measured</h2>
<p>${loadText(run)}</p>
<p>${timeText(run)}</p>`
}

function loadText({ totals, ordersFrom }: RunResult): string {
  const source = ordersFrom === 'generator' ? 'made by the generator' : `taken from ${ordersFrom}`
  return (
    `The load is open: orders (${source}) arrive at the times the scenario says, whether or not the integration keeps up, as shoppers do. ` +
    'Latency counts from the intended arrival of an order to its being in the account, so time spent waiting is in it; nothing is corrected afterwards. ' +
    `The shop sent ${counted(totals.arrivals, 'order')} and ${counted(totals.redeliveries, 'repeated delivery', 'repeated deliveries')}; ` +
    (totals.droppedStarts === 0
      ? 'every arrival was handed over.'
      : `${counted(totals.droppedStarts, 'arrival')} could not be handed over in time and ${totals.droppedStarts === 1 ? 'is' : 'are'} missing from the load.`)
  )
}

function timeText({ mode, seed, totals }: RunResult): string {
  return mode === 'virtual'
    ? `Time was virtual: the same seed (${seed}) gives the same figures on any machine, to the byte.`
    : `Time was real: figures vary from run to run and with the machine, even with the same seed (${seed}). ` +
        `The latest arrival was handed over ${duration(totals.maxStartLagMs)} after its intended time.`
}

/** What the few terms mean. */
export function termsSection(): Markup {
  const terms: readonly (readonly [string, string])[] = [
    [
      'accepted',
      'The integration has taken responsibility for the order: from then on, losing it is its fault.',
    ],
    ['lost', 'Accepted, but neither in the account nor in the dead letters.'],
    ['doubled', 'In the account more than once.'],
    ['dead letter', 'An order the integration has given up, kept with a reason for a person to decide.'],
    ['429', "NetSuite's refusal of a call because too many are open at once or were made within a period."],
    ['slot', 'One call that is open in the account; the account limits how many there may be at once.'],
    ['p95', `95 of ${grouped(100)} values are at or below this one; p50 is the median.`],
    ['drain', 'The time from the last arrival to the last completion.'],
    ['fault', 'A disturbance injected on purpose; armed means it may hit, a hit is one request disturbed.'],
    [
      'reference, naive',
      'The engine to copy from, and what people write first: no idempotence, blind retries.',
    ],
  ]
  return markup`<h2 id="terms">Terms</h2>
<dl class="terms">${terms.map(([term, meaning]) => markup`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`
}
