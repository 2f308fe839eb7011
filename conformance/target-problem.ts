/** Turns what is wrong with a target file into one error with lines, so that a user mends everything in one go. */
import { type Document, isMap, isScalar, type LineCounter } from 'yaml'
import type { z } from 'zod'
import { AppError } from '../kernel/error.ts'

export interface Problem {
  readonly message: string
  /** 1-based; absent where the thing is not in the file at all. */
  readonly line?: number | undefined
  /** JSON pointer into the file. */
  readonly pointer: string
}

/** A parsed YAML file and the means to find lines in it. */
export interface YamlPlace {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
}

/** One problem per zod issue; an unknown key is named at its own line. */
export function problemsOf(error: z.ZodError, where: YamlPlace): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, where))
}

/** Throws `E_TARGET_INVALID` for at least one problem. */
export function refuse(file: string, problems: readonly Problem[]): never {
  const [first] = problems
  const list = problems.map(({ message, line }) =>
    line === undefined ? message : `${message} (line ${line})`,
  )
  throw new AppError('E_TARGET_INVALID', problems.length === 1 ? first!.message : list.join('; '), {
    file,
    line: first?.line,
    pointer: first?.pointer === '' ? undefined : first?.pointer,
    expected:
      'name, accountType, credentials; baseUrl, accountId, allowWrites, parallelMax, extraFields, caFile',
    mend: 'correct the target file',
  })
}

/** Line of the key at `path`, or of the nearest thing around it that is in the file. */
export function lineOf(path: readonly PropertyKey[], { document, lines }: YamlPlace): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined
    if (pair === undefined) break
    offset = isScalar(pair.key) ? pair.key.range?.[0] : offset
    node = pair.value
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

type Issue = z.core.$ZodIssue

function issueProblems(issue: Issue, where: YamlPlace): Problem[] {
  const { path } = issue
  const at = (full: readonly PropertyKey[], message: string): Problem => ({
    message,
    line: lineOf(full, where),
    pointer: `/${full.map(String).join('/')}`,
  })
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => at([...path, key], `unknown key ${[...path, key].join('.')}`))
  return [at(path, `${path.join('.') || 'the file'}: ${issue.message}`)]
}
