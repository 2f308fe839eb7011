/** Name and version of this copy, from package.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

function packageFile(): string {
  // Two places: the sources (cli/) and the built package (dist/cli/).
  for (const up of ['..', '../..']) {
    const file = join(import.meta.dirname, up, 'package.json')
    try {
      return readFileSync(file, 'utf8')
    } catch {}
  }
  return '{"version":"0.0.0"}'
}

export const VERSION: string = (JSON.parse(packageFile()) as { version: string }).version
