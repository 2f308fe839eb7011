/** If this fails, a reader cannot tell what failed, why it matters, or what was not tried. */
import { expect, it } from 'vitest'
import type { ConformanceResult } from './result.ts'
import { renderConformanceText } from './text.ts'

const row = {
  id: 'records.create-answers-204',
  area: 'records',
  title: 'creating a record answers 204 without a body',
  level: 'must',
  evidence: 'documented',
  source: {
    ref: 'REC-100',
    says: 'POST answers 204 No Content',
    title: 'Creating a record',
    url: 'https://docs.oracle.com/x.html',
    confidence: 'documented',
  },
} as const

const result: ConformanceResult = {
  format: 'seatrial/conformance-result/1',
  product: { name: 'seatrial', version: '0.1.0' },
  target: 'my sandbox',
  verdict: 'fail',
  cases: [
    {
      ...row,
      status: 'fail',
      failure: {
        step: 0,
        request: 'POST /services/rest/record/v1/customer',
        differences: [{ at: 'status', expected: '204', actual: '201' }],
      },
    },
    {
      ...row,
      id: 'records.other',
      evidence: 'inferred',
      level: 'should',
      status: 'skip',
      reason: 'needs writes',
    },
    {
      ...row,
      id: 'records.third',
      evidence: 'inferred',
      level: 'should',
      status: 'skip',
      reason: 'needs writes',
    },
    {
      ...row,
      id: 'records.last',
      evidence: 'inferred',
      level: 'should',
      status: 'error',
      reason: 'no answer',
    },
  ],
  scores: [
    { area: 'records', evidence: 'documented', pass: 0, fail: 1, skip: 0, disabled: 0, error: 0 },
    { area: 'records', evidence: 'inferred', pass: 10, fail: 0, skip: 2, disabled: 0, error: 1 },
  ],
  leftovers: ['/services/rest/record/v1/customer/41'],
}

it('shows scores by evidence, each failure with its source, and what was not run', () => {
  expect(renderConformanceText(result)).toBe(`Conformance of my sandbox: fail (seatrial 0.1.0)

area     evidence    pass  fail  skip  disabled  error
records  documented     -     1     -         -      -
records  inferred      10     -     2         -      1

FAIL records.create-answers-204 (must, documented): creating a record answers 204 without a body
  requirement: POST answers 204 No Content
  source: REC-100 Creating a record <https://docs.oracle.com/x.html>
  request: POST /services/rest/record/v1/customer (step 0)
  at status
    expected: 204
    actual:   201

ERROR records.last: creating a record answers 204 without a body
  no answer

Not run:
  2 × skip: needs writes

Left in the account (could not be deleted):
  /services/rest/record/v1/customer/41
`)
})
