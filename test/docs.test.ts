/**
 * If this fails, the documents say something else than the product does: a table that is out of date, a link to nothing, a
 * command that does not exist, an example that does not run. Mend of the tables: node scripts/build-profile-doc.ts; of figures:
 * npm run bench -- --tables
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { PARTS } from '../bench/parts.ts'
import { readResults, resultDocuments } from '../bench/results.ts'
import { allCases } from '../conformance/index.ts'
import { parseScenario } from '../harness/scenario.ts'
import { readOrders } from '../harness/shop/order-file.ts'
import { settingDocuments } from '../scripts/build-profile-doc.ts'
import { parseProfile } from '../simulator/profile-file.ts'

const root = resolve(import.meta.dirname, '..')
const README_LINES_MAX = 200
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  .sort()

/** Fenced blocks of one language, without their fences. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, marked]) => marked === language)
    .map(([, , block]) => block!)
}

/** Relative targets of links and pictures, with their fragments. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!).filter((to) => !/^[a-z]+:/.test(to))
}

/** Names that headings get as link targets. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)]
  return headings.map(([, words]) =>
    words!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s+/g, '-'),
  )
}

function brokenLinks(path: string, text: string): string[] {
  return linksOf(text).filter((link) => {
    const [to = '', anchor] = link.split('#')
    const target = to === '' ? path : join(dirname(path), to)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !anchorsOf(to === '' ? text : read(target)).includes(anchor)
  })
}

/** `command subcommand` of every call of seatrial in code. */
function commandsOf(text: string): string[] {
  const code = [
    ...blocks(text, ''),
    ...blocks(text, 'yaml'),
    ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, one]) => one!),
  ]
  const calls = code.flatMap((block) => [
    ...block.matchAll(/(?:^|\$ |run -s )seatrial (?:-- )?([a-z]+)( check)?/gm),
  ])
  return [...new Set(calls.map(([, command, sub]) => `${command}${sub ?? ''}`))]
}

const seatrial = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'cli/start.js'), ...args], { encoding: 'utf8' })

describe('tables of settings', () => {
  it.each(settingDocuments())('of $path are up to date', ({ path, text }) => {
    expect(read(path)).toBe(text)
  })
})

describe('figures', () => {
  it.each(resultDocuments(readResults(PARTS)))('of $path are those of bench/results', ({ path, text }) => {
    expect(read(path)).toBe(text)
  })
})

describe('the number of conformance cases', () => {
  it.each(['README.md', 'CHANGELOG.md'])('in %s is how many there are', (path) => {
    const [, named] = /`seatrial conform`:? (?:runs )?(\d+) cases/.exec(read(path))!
    expect(Number(named)).toBe(allCases.length)
  })
  it('in the first minute of README is how many are documented', () => {
    const documented = allCases.filter(({ evidence }) => evidence === 'documented').length
    expect(read('README.md')).toContain(`documented ${documented} of ${documented}\n`)
  })
})

describe('documents', () => {
  it.each(documents)('%s links to what is there', (path) => {
    expect(brokenLinks(path, read(path))).toEqual([])
  })
  it.each(documents)('%s speaks of the product alone', (path) => {
    expect(read(path)).not.toMatch(/\/work\/|\/home\/|\/root\b|registry\.npm/)
  })
  it('of the architecture name files that exist', () => {
    const files = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.json'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    ).split('\n')
    const named = read('docs/ARCHITECTURE.md').match(/[\w-]+(?:\/[\w.-]+)*\.(?:test\.)?ts\b/g)!
    expect(named.length).toBeGreaterThan(50)
    const isThere = (name: string): boolean => files.some((file) => `/${file}`.endsWith(`/${name}`))
    expect([...new Set(named)].filter((name) => !isThere(name))).toEqual([])
  })
  it('would show a broken link and a broken anchor', () => {
    expect(
      brokenLinks('README.md', '[a](gone.md) [b](#gone) [c](docs/profile.md#faults)\n# Here\n[d](#here)'),
    ).toEqual(['gone.md', '#gone'])
  })
})

describe('README', () => {
  const text = read('README.md')
  it(`has at most ${README_LINES_MAX} lines`, () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(README_LINES_MAX)
  })
  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm (?:run (?:-s )?(\w+)|(start|test)\b)/g)].map(
      ([, run, own]) => run ?? own!,
    )
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })
  it('names commands that exist', () => {
    const commands = commandsOf(text)
    expect(commands).toEqual(expect.arrayContaining(['serve', 'run', 'gate', 'conform', 'spec check']))
    // Help of an unknown command is that of the program, so it is the usage line that tells.
    const isCommand = (command: string): boolean =>
      seatrial(...command.split(' '), '--help').stdout.startsWith(`Usage: seatrial ${command} `)
    expect(commands.filter((command) => !isCommand(command))).toEqual([])
    expect(isCommand('nonsense')).toBe(false)
  })
  it('names options that its commands have', () => {
    const help = ['serve', 'run', 'gate', 'conform', 'enqueue', 'work']
      .map((command) => seatrial(command, '--help').stdout)
      .join()
    const options = text
      .match(/(?<=[\s`])--[a-z][a-z-]+/g)!
      .filter((option) => !['--cacert', '--connect-to', '--seeds'].includes(option))
    expect([...new Set(options)].filter((option) => !help.includes(option))).toEqual([])
  })
})

describe('examples in documents', () => {
  it('of a profile and a scenario can be used', () => {
    const [profile] = blocks(read('docs/profile.md'), 'yaml')
    expect(parseProfile(profile!, 'profile.yaml').name).toBe('our production')
    const [scenario] = blocks(read('docs/scenarios.md'), 'yaml')
    expect(parseScenario(parseYaml(scenario!)).id).toBe('lunch-rush')
  })
  it('of order files can be read', () => {
    const text = read('docs/order-files.md')
    const [ndjson] = blocks(text, '').filter((block) => block.startsWith('{"id"'))
    expect(readOrders(ndjson!, 'orders.ndjson')).toHaveLength(3)
    expect(readOrders(blocks(text, 'json')[0]!, 'orders.json')).toHaveLength(1)
    const [csv] = blocks(text, '').filter((block) => block.startsWith('order_id'))
    expect(readOrders(csv!, 'orders.csv')).toHaveLength(2)
  })
})

/** What differs each time: port, ids of requests, times. */
function lasting(line: string): string {
  return line
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/\d{4}-\d\d-\d\d(T[\d:]+Z)?/g, 'DAY')
    .replace(/\b\d{13}(\.\d+)?\b/g, 'MS')
    .replace(/\b[0-9a-f]{20}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
}

/** A cut line may end within a value that differs each time. */
const CUT_CHARACTERS = 40

/** Lines of a shown output that the program did not print. A line that ends in … is shown in part. */
function untrue(shown: string, printed: string): string[] {
  const lines = printed.split('\n')
  const isPrinted = (line: string, index: number): boolean => {
    const now = lasting(lines[index] ?? '')
    return line.endsWith('…')
      ? now.startsWith(lasting(line.slice(0, -CUT_CHARACTERS)).replace(/(HOST|DAY|MS|ID)?[\w.:-]*$/, ''))
      : now === lasting(line)
  }
  return shown
    .trimEnd()
    .split('\n')
    .filter((line, index) => !isPrinted(line, index))
}

describe('examples', () => {
  it('would show an output that is not true', () => {
    expect(untrue('a 127.0.0.1:1 b\nc', 'a 127.0.0.1:2 b\nc\n')).toEqual([])
    expect(untrue('a\nb', 'a\nc\n')).toEqual(['b'])
    expect(untrue(`${'x '.repeat(50)}…`, 'y')).toHaveLength(1)
  })
  it('01-serve-and-curl runs to its end', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'examples/01-serve-and-curl/run.ts')],
      {
        encoding: 'utf8',
      },
    )
    expect(stderr).toBe('')
    expect(stdout).toMatch(/stopped, exit code 0\n$/)
    expect(status).toBe(0)
    const shown = blocks(read('examples/01-serve-and-curl/README.md'), '').at(-1)!
    expect(untrue(shown, stdout)).toEqual([])
  })
  it('02-throttled-client runs to its end and prints what its README shows', () => {
    const run = join(root, 'examples/02-throttled-client/run.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [run], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(blocks(read('examples/02-throttled-client/README.md'), '').at(-1)).toBe(stdout)
    const source = read('examples/02-throttled-client/client.ts')
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from)
    expect(imports).toEqual(['node:fs', 'seatrial', './account.d.ts'])
  })
  it('05-batch-restlet runs to its end and prints what its README shows [RSL-006]', () => {
    const run = join(root, 'examples/05-batch-restlet/run.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [run], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(`${blocks(read('examples/05-batch-restlet/README.md'), '').at(-1)}`).toBe(stdout)
  })
  it.each([['07-delta-sync'], ['08-reconciliation']])('%s runs and prints what its README shows', (name) => {
    const run = join(root, 'examples', name, 'run.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [run], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(blocks(read(`examples/${name}/README.md`), '').at(-1)).toBe(stdout)
  })
  it('06-noisy-monday has neighbours, a maintenance window and a slow afternoon', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'examples/06-noisy-monday/run.ts')], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const shown = blocks(read('examples/06-noisy-monday/README.md'), '').at(-1)!
    expect(untrue(shown, stdout)).toEqual([])
    const rows = stdout.split('\n').map((line) =>
      line
        .trim()
        .split(/\s+/)
        .map((cell) => Number.parseInt(cell, 10)),
    )
    const column = (at: number) =>
      rows.filter((row) => row.length === 7 && row[1] === 120).map((row) => row[at]!)
    const [medians, with503, others] = [column(2), column(4), column(5)]
    expect(Math.min(...others)).toBeGreaterThan(3000)
    // Half of the hour from 07:00 on, at a call every 30 seconds.
    expect(with503).toEqual([0, 60, ...Array(12).fill(0)])
    // Afternoon: 13:00 to 17:00.
    expect(Math.min(...medians.slice(7, 11))).toBeGreaterThan(
      2 * Math.max(...medians.slice(0, 7), ...medians.slice(11)),
    )
  })
  it('04-ci-gate is a workflow that calls the gate', () => {
    const workflow = parseYaml(read('examples/04-ci-gate/seatrial.yml')) as {
      jobs: { gate: { steps: { run?: string }[] } }
    }
    expect(workflow.jobs.gate.steps.map(({ run }) => run)).toContain(
      'npm run -s seatrial -- gate --out reports/runs/gate',
    )
  })
})
