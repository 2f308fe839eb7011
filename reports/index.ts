/**
 * Reports: what a person or a CI server reads after a trial. Four renderings of the same results, each a pure
 * function to text; writing files and exit codes belong to the command line.
 */
export { renderHtml } from './html.ts'
export type { ReportInput } from './input.ts'
export { renderJunit } from './junit.ts'
export { renderSummary } from './summary.ts'
export type { TerminalOptions } from './terminal.ts'
export { renderTerminal } from './terminal.ts'
