/** Serves account.yaml and lets client.ts loose on it. Run: npx node examples/02-throttled-client/run.ts [--readme] */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPrinter, withAccount } from '../example.ts'

const folder = import.meta.dirname
const { print, done } = createPrinter(folder)

await withAccount(['--profile', join(folder, 'account.yaml')], async (readyFile) => {
  // The condition stands for an installed package: `seatrial` is then this source.
  const args = ['--conditions=seatrial-source', join(folder, 'client.ts'), readyFile]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  print(stdout.trimEnd())
})
done()
