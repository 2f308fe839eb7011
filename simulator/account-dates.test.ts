/** If this fails, filters compare with another time than the client meant: hours off, or a day in the weeks of clock changes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { javaDateFormat, readCalendarDay, readMoment } from './account-dates.ts'
import { type Preferences, preferencesSchema } from './preferences.ts'

const PREFERENCES = preferencesSchema.parse({})
const at = (text: string, changes: Partial<Preferences> = {}): readonly string[] | undefined => {
  const span = readMoment(text, { ...PREFERENCES, ...changes })
  return span && [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()]
}

describe('a date literal', () => {
  it('is midnight in the time zone of the account; years have two digits or four [REC-087]', () => {
    expect(at('1/1/2019')).toEqual(['2019-01-01T08:00:00.000Z', '2019-01-02T08:00:00.000Z'])
    expect(at('3/16/23')).toEqual(['2023-03-16T07:00:00.000Z', '2023-03-17T07:00:00.000Z'])
    expect(at('3/16/99')?.[0]).toBe('1999-03-16T08:00:00.000Z')
    expect(at('1/1/2019', { timeZone: 'Asia/Kolkata' })?.[0]).toBe('2018-12-31T18:30:00.000Z')
  })
  it('may have a time in the clock format of the account [REC-088]', () => {
    expect(at('8/4/2026 11:39 pm')).toEqual(['2026-08-05T06:39:00.000Z', '2026-08-05T06:40:00.000Z'])
    expect(at('8/4/2026 12:05 AM')?.[0]).toBe('2026-08-04T07:05:00.000Z')
    expect(at('8/4/2026 12:05pm')?.[0]).toBe('2026-08-04T19:05:00.000Z')
    expect(at('8/5/2026 23:53')).toBeUndefined()
    expect(at('8/5/2026 23:53', { timeFormat: 'H:mm' })?.[0]).toBe('2026-08-06T06:53:00.000Z')
    expect(at('8/4/2026 11:39 pm', { timeFormat: 'H:mm' })).toBeUndefined()
  })
  it('knows days of 23 and 25 hours, hours that are skipped and hours that come twice [REC-087]', () => {
    expect(at('3/8/2026')).toEqual(['2026-03-08T08:00:00.000Z', '2026-03-09T07:00:00.000Z'])
    expect(at('11/1/2026')).toEqual(['2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z'])
    expect(at('3/8/2026 2:30 am')?.[0]).toBe('2026-03-08T10:30:00.000Z')
    expect(at('11/1/2026 1:30 am')?.[0]).toBe('2026-11-01T08:30:00.000Z')
    const chile = { timeZone: 'America/Santiago' }
    expect(at('9/6/2026', chile)?.[0]).toBe('2026-09-06T04:00:00.000Z')
  })
  it.each([
    ['D/M/YYYY', '31/12/2025', 'd/M/yy'],
    ['D-Mon-YYYY', '31-Dec-2025', 'd-MMM-yy'],
    ['D.M.YYYY', '31.12.25', 'd.M.yy'],
    ['YYYY/M/D', '2025/12/31', 'yy/M/d'],
    ['YYYY-M-D', '2025-12-31', 'yy-M-d'],
  ] as const)('follows the format %s [REC-087, REC-E11]', (dateFormat, text, java) => {
    const preferences = { ...PREFERENCES, dateFormat }
    expect(readCalendarDay(text, preferences)).toEqual({
      fromMs: Date.UTC(2025, 11, 31),
      toMs: Date.UTC(2026, 0, 1),
    })
    expect(readCalendarDay('12/31/2025', preferences)).toBeUndefined()
    expect(javaDateFormat(preferences)).toBe(java)
  })
  it.each([
    '2026-08-05',
    '2026-08-05T23:53:00Z',
    '2/30/2026',
    '13/1/2026',
    '1/1',
    '',
    '1/1/2026 25:00',
    '1/1/20266',
  ])('is refused as %j [REC-087]', (text) => {
    expect(at(text)).toBeUndefined()
  })
  it('reads back what the zone shows, whatever the moment', () => {
    const zones = fc.constantFrom(
      'America/Los_Angeles',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    )
    const minutes = fc.integer({ min: 0, max: 40 * 366 * 1440 })
    fc.assert(
      fc.property(zones, minutes, (timeZone, minute) => {
        const ms = Date.UTC(1995, 0, 1) + minute * 60_000
        const parts = new Intl.DateTimeFormat('en-US', {
          timeZone,
          hourCycle: 'h23',
          dateStyle: 'short',
          timeStyle: 'short',
        }).format(ms)
        const text = parts.replace(
          /(\/)(\d\d),/,
          (_, slash, yy) => `${slash}${Number(yy) < 50 ? '20' : '19'}${yy}`,
        )
        const read = readMoment(text, { ...PREFERENCES, timeZone, timeFormat: 'H:mm' })!
        // A time that comes twice means the first; zones repeat an hour at most.
        expect([ms, ms - 3_600_000, ms - 1_800_000]).toContain(read.fromMs)
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})
