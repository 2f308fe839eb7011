/** Routes for the account's time. It can be moved forward only; a reset leaves it where it is. */
import type { Clock } from '../../kernel/clock.ts'
import {
  ADVANCE_MS_MAX,
  type ClockView,
  clockAdvanceSchema,
  clockSpeedSchema,
  clockViewSchema,
} from '../../protocol/control.ts'
import { badRequest, ControlError, type ControlParts, route } from './route.ts'

export const clockRoutes = [
  route({
    method: 'GET',
    path: '/clock',
    summary: 'The account’s time, and how it goes',
    answer: clockViewSchema,
    handle: (_, parts) => viewOf(parts),
  }),
  route({
    method: 'POST',
    path: '/clock/advance',
    summary: 'Move the account’s time forward; answers when all that was due by then is done',
    body: clockAdvanceSchema,
    answer: clockViewSchema,
    handle: async ({ body: { byMs, untilMs } }, parts) => {
      const control = controlOf(parts)
      if (untilMs === undefined) await control.advance(byMs!)
      else await control.advanceTo(checkedTarget(parts.account.clock, untilMs))
      return viewOf(parts)
    },
  }),
  route({
    method: 'PUT',
    path: '/clock/speed',
    summary: 'Make the account’s time go faster or slower than the machine’s, or hold it',
    body: clockSpeedSchema,
    answer: clockViewSchema,
    handle: ({ body: { speed } }, parts) => {
      const control = controlOf(parts)
      if (parts.account.clock.mode === 'virtual') {
        const mend = 'POST /_seatrial/clock/advance moves it; an account with --clock wall has a speed'
        throw new ControlError(409, 'E_CLOCK_VIRTUAL', 'a virtual clock does not go by itself', mend)
      }
      control.setSpeed(speed)
      return viewOf(parts)
    },
  }),
]

function viewOf({ account: { clock }, clockControl }: ControlParts): ClockView {
  const nowMs = clock.now()
  const speed = clockControl?.speed ?? (clock.mode === 'virtual' ? 0 : 1)
  return { nowMs, iso: new Date(nowMs).toISOString(), mode: clock.mode, speed }
}

function controlOf({ clockControl }: ControlParts) {
  if (clockControl !== undefined) return clockControl
  const mend = 'move it where it was made, or start the account with seatrial serve'
  throw new ControlError(409, 'E_CLOCK_FIXED', 'the program that made this account moves its time', mend)
}

function checkedTarget(clock: Clock, untilMs: number): number {
  const nowMs = clock.now()
  if (untilMs < nowMs) {
    const mend = `the account has ${nowMs}, and its time does not run backwards`
    throw badRequest('untilMs has passed already', mend)
  }
  if (untilMs - nowMs > ADVANCE_MS_MAX) {
    const mend = `move it by at most ${ADVANCE_MS_MAX} ms in one call; the account has ${nowMs}`
    throw badRequest('untilMs is too far off', mend)
  }
  return untilMs
}
