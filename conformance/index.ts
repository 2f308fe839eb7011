/** The conformance suite, as the command line and the tests use it. */
export { allCases } from './cases/index.ts'
export type { ConformanceResult } from './result.ts'
export { type ConformanceOptions, runConformance } from './runner.ts'
export { parseTargetFile, type Target } from './target.ts'
export type { RestrictedRole } from './target-credentials.ts'
export { renderConformanceText } from './text.ts'
