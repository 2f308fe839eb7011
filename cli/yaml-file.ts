/** Settings that users write as YAML: every mistake named, with its place. */
import { parse as parseYaml } from 'yaml'
import type { z } from 'zod'
import { AppError } from '../kernel/error.ts'
import { readText } from './files.ts'

export interface YamlFileErrors {
  /** e.g. `E_ALERTS_INVALID`. */
  readonly code: string
  /** What the file holds, in the plural, e.g. `alert rules`. */
  readonly what: string
  readonly expected: string
  /** Where its keys are described. */
  readonly mend: string
}

/** Reads a file by a schema. Throws `code` that names every mistake, and `E_FILE_UNREADABLE`. */
export function readYamlFile<S extends z.ZodType>(
  file: string,
  schema: S,
  { code, what, expected, mend }: YamlFileErrors,
): z.output<S> {
  const parsed = schema.safeParse(yamlOf(file, code))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => `/${path.map(String).join('/')}: ${message}`)
  throw new AppError(code, `${what} are not valid:\n  ${issues.join('\n  ')}`, { file, expected, mend })
}

function yamlOf(file: string, code: string): unknown {
  const text = readText(file)
  try {
    return parseYaml(text)
  } catch (error) {
    const { message, linePos } = error as { message: string; linePos?: [{ line: number }] }
    const [words] = message.split('\n')
    throw new AppError(code, words!, { file, line: linePos?.[0].line, mend: 'correct the YAML there' })
  }
}
