/**
 * The little script of the HTML report: pointing at the pictures, or pressing an arrow key on them, shows the values
 * of that moment. Without it the report loses nothing but this. It reads the texts in #read-outs and computes none.
 */
import { createHash } from 'node:crypto'

/** The script as it stands in the page. */
export const SCRIPT = `
(() => {
  const stack = document.getElementById('stack')
  const data = document.getElementById('read-outs')
  if (!stack || !data) return
  const { from, end, at, moment, values } = JSON.parse(data.textContent)
  const area = stack.querySelector('.times .area')
  const cursor = document.getElementById('cursor')
  const clock = document.getElementById('moment')
  const outputs = [...stack.querySelectorAll('[data-value]')]
  // Room for the longest text, so that reading out never moves the pictures.
  for (const { dataset, style } of outputs)
    style.minWidth = values[dataset.value].reduce((most, { length }) => Math.max(most, length), 0) + 'ch'
  let shown = -1
  const show = (bin) => {
    shown = bin
    const on = bin >= 0
    cursor.hidden = !on
    clock.textContent = on ? moment[bin] : ''
    for (const output of outputs) output.textContent = on ? values[output.dataset.value][bin] : ''
    if (on) stack.style.setProperty('--share', ((at[bin] + (at[bin + 1] ?? end)) / 2 - from) / (end - from))
  }
  const binAt = (ms) => {
    let low = 0
    let high = at.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (at[middle] <= ms) low = middle
      else high = middle - 1
    }
    return low
  }
  const point = (event) => {
    const box = area.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    show(binAt(from + share * (end - from)))
  }
  stack.addEventListener('pointermove', point)
  stack.addEventListener('pointerdown', point)
  stack.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && show(-1))
  stack.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (event.key === 'Escape') show(-1)
    if (!move) return
    event.preventDefault()
    show(Math.min(at.length - 1, Math.max(0, shown + move)))
  })
})()
`

/** Lets a browser run this script and no other. */
export const SCRIPT_HASH = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`
