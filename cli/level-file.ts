/** Stock levels from a file, NDJSON. The first mistake stops the command before anything is taken. */
import { z } from 'zod'
import type { Level } from '../harness/engine/index.ts'
import { AppError } from '../kernel/error.ts'

const EXPECTED = '{ "sku": "MUG", "locationId": "1", "version": 7, "quantity": 40 }'

const levelSchema = z.strictObject({
  sku: z
    .string()
    .min(1)
    .regex(/^[^\n]+$/, 'text without line breaks'),
  locationId: z.coerce.string().regex(/^\d+$/, 'the internal id of a location'),
  version: z.int().min(0),
  quantity: z.number().min(0),
})

/** All levels of `text`, in their order. Throws `E_LEVELS_INVALID`. */
export function readLevels(text: string, file: string): Level[] {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const levels = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [readLevel(line, index + 1, file)],
  )
  if (levels.length === 0) throw invalid('the file holds no levels', 1, file)
  return levels
}

function readLevel(line: string, number: number, file: string): Level {
  const parsed = levelSchema.safeParse(parsedJson(line, number, file))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw invalid(`/${path.map(String).join('/')}: ${message}`, number, file)
}

function parsedJson(line: string, number: number, file: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw invalid('not a line of JSON', number, file)
  }
}

function invalid(message: string, line: number, file: string): AppError {
  const mend = 'correct the line; nothing was taken'
  return new AppError('E_LEVELS_INVALID', message, { file, line, expected: EXPECTED, mend })
}
