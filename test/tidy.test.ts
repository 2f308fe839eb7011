/**
 * The house rules as a test: who may import whom, no hidden clocks or chance, bounded files and functions.
 * If this fails, the determinism or the layering that everything else relies on is being lost.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const FILE_LINES_MAX = 500
const FUNCTION_LINES_MAX = 70
const LINE_COLUMNS_MAX = 160

/** Folder → what it may import of ours. A file path means that file only; `types:` means `import type` only. */
const IMPORTS: Record<string, readonly string[]> = {
  kernel: [],
  protocol: ['kernel'],
  simulator: ['protocol', 'kernel'],
  harness: ['protocol', 'kernel'],
  conformance: ['protocol', 'kernel'],
  scenarios: ['harness/scenario.ts', 'types:protocol'],
  reports: ['types:harness/result.ts', 'types:conformance/result.ts', 'kernel/error.ts'],
}
/** May import everything; nobody imports them. */
const TOP = ['cli', 'test', 'examples', 'bench', 'scripts']

/** Pattern → what to use instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/, 'an injected Clock'],
  [/\bperformance\.\w|\bprocess\.hrtime\b/, 'an injected Clock'],
  [/\b(setTimeout|setInterval|setImmediate)\b/, 'clock.sleep or clock.schedule'],
  [/node:timers/, 'clock.sleep or clock.schedule'],
  [/\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/, 'an injected Rng'],
]
/** Where clocks and chance of the machine are allowed, and why. */
const MACHINE_TIME_ALLOWED = [/^kernel\//, /^bench\//, /^scripts\//, /^test\//]

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)) && !isWritten(file))
  .sort()

/** By `seatrial spec types`. */
function isWritten(file: string): boolean {
  return file.endsWith('/account.d.ts')
}

interface Import {
  readonly from: string
  readonly typeOnly: boolean
}

/** Imports of our own files, as paths from the root. */
function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  const found: Import[] = []
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
    const specifier = statement.moduleSpecifier
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) continue
    const typeOnly = ts.isImportDeclaration(statement) ? isTypeOnly(statement) : statement.isTypeOnly
    found.push({ from: relative(root, resolve(root, dirname(file), specifier.text)), typeOnly })
  }
  return found
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = importClause.namedBindings
  return (
    importClause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((e) => e.isTypeOnly)
  )
}

/** Breaches of the import table in one file. */
function importBreaches(file: string, text: string): string[] {
  const folder = file.split('/')[0]!
  if (TOP.includes(folder) || !(folder in IMPORTS)) return []
  // A test may use the whole house from its place beside the file it tests, save the other two programs.
  return importsOf(file, text)
    .filter(({ from, typeOnly }) => {
      if (from.split('/')[0] === folder) return false
      return !IMPORTS[folder]!.some((rule) => {
        const path = rule.replace('types:', '')
        const covers = from === path || (!path.endsWith('.ts') && from.startsWith(`${path}/`))
        return covers && (typeOnly || !rule.startsWith('types:'))
      })
    })
    .map(({ from }) => `${file} imports ${from}`)
}

/** Uses of the machine's time or chance in one file. */
function bannedUses(file: string, text: string): string[] {
  if (MACHINE_TIME_ALLOWED.some((allowed) => allowed.test(file))) return []
  const found: string[] = []
  text.split('\n').forEach((line, index) => {
    const code = line.replace(/\/\/.*$/, '').replace(/^\s*\*.*$/, '')
    for (const [pattern, instead] of BANNED) {
      if (pattern.test(code)) found.push(`${file}:${index + 1} ${line.trim()} → use ${instead}`)
    }
  })
  return found
}

/** Functions of more than the allowed number of lines; blocks given to describe() and it() do not count. */
function longFunctions(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line
      const lines = source.getLineAndCharacterOfPosition(node.getEnd()).line - from + 1
      const callee = ts.isCallExpression(node.parent) ? node.parent.expression.getText() : ''
      if (lines > FUNCTION_LINES_MAX && !/^(describe|it|test)\b/.test(callee))
        found.push(`${file}:${from + 1} ${lines} lines`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const everyFile = (check: (file: string, text: string) => string[]): string[] =>
  files.flatMap((file) => check(file, textOf.get(file)!))

describe('tidy', () => {
  it('keeps the import table of docs/ARCHITECTURE.md', () => {
    expect(everyFile(importBreaches)).toEqual([])
  })
  it('takes time and chance by injection only', () => {
    expect(everyFile(bannedUses)).toEqual([])
  })
  it(`keeps functions within ${FUNCTION_LINES_MAX} lines`, () => {
    expect(everyFile(longFunctions)).toEqual([])
  })
  it(`keeps files within ${FILE_LINES_MAX} lines of at most ${LINE_COLUMNS_MAX} columns`, () => {
    const breaches = everyFile((file, text) => {
      const lines = text.split('\n')
      const long = lines.findIndex((line) => line.length > LINE_COLUMNS_MAX)
      return [
        ...(lines.length > FILE_LINES_MAX + 1 ? [`${file}: ${lines.length - 1} lines`] : []),
        ...(long >= 0 ? [`${file}:${long + 1} is ${lines[long]!.length} columns`] : []),
      ]
    })
    expect(breaches).toEqual([])
  })
  it('opens every file with what it is for', () => {
    expect(
      files.filter(
        (file) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(textOf.get(file)!) && file !== 'vitest.config.ts',
      ),
    ).toEqual([])
  })
  it('lives in the folders of the tree', () => {
    const known = [...Object.keys(IMPORTS), ...TOP]
    expect(files.filter((file) => file.includes('/') && !known.includes(file.split('/')[0]!))).toEqual([])
  })
  it('leaves no undated TODO', () => {
    expect(
      everyFile((file, text) =>
        file !== 'test/tidy.test.ts' && /\b(TODO|FIXME|XXX)\b/.test(text) ? [file] : [],
      ),
    ).toEqual([])
  })
})

describe('tidy can fail', () => {
  it('sees a forbidden import', () => {
    expect(importBreaches('harness/x.ts', "import { a } from '../simulator/index.ts'")).toHaveLength(1)
    expect(importBreaches('reports/x.ts', "import { a } from '../harness/result.ts'")).toHaveLength(1)
    expect(importBreaches('reports/x.ts', "import type { a } from '../harness/result.ts'")).toEqual([])
  })
  it('sees a hidden clock and hidden chance', () => {
    expect(bannedUses('harness/x.ts', 'const t = Date.now()')).toHaveLength(1)
    expect(bannedUses('simulator/x.ts', 'const n = Math.random()')).toHaveLength(1)
    expect(bannedUses('simulator/x.ts', '// Date.now() is banned')).toEqual([])
  })
  it('sees a long function', () => {
    expect(longFunctions('x.ts', `function f() {\n${'\n'.repeat(FUNCTION_LINES_MAX)}}`)).toHaveLength(1)
  })
})
