/** Measures the one part that its argument names and sends the rows to the process that forked it: no part warms up another. */
import { PARTS } from './parts.ts'

const part = PARTS.find(({ name }) => name === process.argv[2])!
const rows = await part.measure((line) => void process.stderr.write(`  ${line}\n`))
process.send!(rows, () => process.disconnect())
