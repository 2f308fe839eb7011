/**
 * If this fails, the HTML report does not work in a real browser: it asks the network for something, logs an error,
 * does not answer to pointing, or is wider than a phone.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conformance, failed, naiveSale, sale } from './fixture.ts'
import { hostileInput } from './hostile.ts'
import { renderHtml } from './html.ts'

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = EXECUTABLES.find((path) => existsSync(path))
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const WHY = `no browser at ${EXECUTABLES.join(', ')}: install chromium`

if (executablePath === undefined)
  it(WHY, (context) => {
    if (process.env.CI === 'true') throw new Error(WHY)
    context.skip(WHY)
  })

describe.skipIf(executablePath === undefined)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-report-'))
  const reports = {
    failed: renderHtml({ run: failed(sale()), contrast: naiveSale(), conformance: conformance(3) }),
    hostile: renderHtml(hostileInput()),
  }
  let browser: Browser
  beforeAll(async () => {
    for (const [name, html] of Object.entries(reports)) writeFileSync(join(folder, `${name}.html`), html)
    browser = await chromium.launch({ executablePath: executablePath!, args: ARGS })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens a report with the network cut off, gathering whatever goes wrong. */
  async function open(name: keyof typeof reports, width: number): Promise<{ page: Page; trouble: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const trouble: string[] = []
    const url = pathToFileURL(join(folder, `${name}.html`)).href
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(String(error)))
    page.on('dialog', (dialog) => trouble.push(dialog.message()))
    await page.route('**', (route) => {
      if (route.request().url() === url) return route.continue()
      trouble.push(`request for ${route.request().url()}`)
      return route.abort()
    })
    await page.goto(url)
    return { page, trouble }
  }

  it.each(['failed', 'hostile'] as const)('the %s report asks for nothing and logs nothing', async (name) => {
    const { page, trouble } = await open(name, 1200)
    expect(trouble).toEqual([])
    expect(await page.locator('h1').count()).toBe(1)
    await page.close()
  })

  it('pointing shows the values of that moment in all pictures', async () => {
    const { page, trouble } = await open('failed', 1200)
    const { series } = failed(sale())
    const area = page.locator('.times .area')
    await area.scrollIntoViewIfNeeded()
    const box = (await area.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y - 100)
    const bin = Math.floor(series.atMs.length / 2)
    expect(await page.locator('[data-value=queue]').textContent()).toBe(
      series.queueDepth[bin]!.toLocaleString('en'),
    )
    expect(await page.locator('[data-value=slots]').textContent()).toBe(String(series.slotsInUse[bin]))
    const texts = await page.locator('[data-value]').allTextContents()
    expect(texts.filter((text) => text === '')).toEqual([])
    const cursor = (await page.locator('#cursor').boundingBox())!
    expect(Math.abs(cursor.x - (box.x + box.width / 2))).toBeLessThan(4)
    await page.mouse.move(5, 5)
    expect(await page.locator('#moment').textContent()).toBe('')
    await page.locator('#stack').press('ArrowRight')
    expect(await page.locator('#moment').textContent()).toBe('0 ms after the start')
    expect(trouble).toEqual([])
    await page.close()
  })

  it('all pictures start and end at the same place', async () => {
    const { page } = await open('failed', 1200)
    const boxes = await page
      .locator('.panel svg')
      .evaluateAll((all) =>
        all.map((svg) => `${svg.getBoundingClientRect().left} ${svg.getBoundingClientRect().right}`),
      )
    expect(boxes).toHaveLength(6)
    expect(new Set(boxes).size).toBe(1)
    await page.close()
  })

  it.each(['failed', 'hostile'] as const)('the %s report fits a phone', async (name) => {
    const { page } = await open(name, 390)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await page.close()
  })
})
