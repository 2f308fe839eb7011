/** More requests at once than the account says it takes. They only read. [GOV-004, GOV-012] */
import type { ConformanceCase } from '../case.ts'
import { CUSTOMER, NO_ID } from './given.ts'

const CROWD = { GET: `${CUSTOMER}/${NO_ID}`, parallel: 'over-limit' } as const

export const governanceCases: readonly ConformanceCase[] = [
  {
    id: 'governance.over-limit-429',
    title: 'requests above the concurrency limit answer 429 CONCURRENCY_LIMIT_EXCEEDED',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'GOV-016', says: 'over the limit: 429 with code CONCURRENCY_LIMIT_EXCEEDED' },
    needs: ['concurrency'],
    steps: [
      {
        send: CROWD,
        outcomes: [
          { status: 404 },
          { status: 429, min: 1, errorCode: 'CONCURRENCY_LIMIT_EXCEEDED', body: { status: 429 } },
        ],
      },
    ],
  },
  {
    id: 'governance.some-get-through',
    title: 'requests above the limit are refused at once while the others are carried out',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'GOV-022', says: 'over-limit calls are refused, not queued; any of them may be the one' },
    needs: ['concurrency'],
    steps: [
      {
        send: CROWD,
        outcomes: [
          { status: 404, min: 1 },
          { status: 429, min: 1 },
        ],
      },
    ],
  },
  {
    id: 'governance.over-limit-title',
    title: 'the title of a 429 is Bad Request',
    level: 'should',
    evidence: 'documented',
    source: { ref: 'GOV-016', says: 'the documented body has title Bad Request and status 429' },
    needs: ['concurrency'],
    steps: [
      { send: CROWD, outcomes: [{ status: 404 }, { status: 429, min: 1, body: { title: 'Bad Request' } }] },
    ],
  },
  {
    id: 'governance.over-limit-sentence',
    title: 'a 429 says that the concurrent request limit was exceeded',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'GOV-017', says: 'live: Concurrent request limit exceeded. Request blocked.' },
    needs: ['concurrency'],
    steps: [
      {
        send: CROWD,
        outcomes: [
          { status: 404 },
          {
            status: 429,
            min: 1,
            body: { 'o:errorDetails': [{ detail: 'Concurrent request limit exceeded. Request blocked.' }] },
          },
        ],
      },
    ],
  },
  {
    id: 'governance.no-retry-after',
    title: 'a 429 has no Retry-After',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'OPQ-070', says: 'guides say there is none; no dump of the headers of a 429 is known' },
    needs: ['concurrency'],
    steps: [
      {
        send: CROWD,
        outcomes: [{ status: 404 }, { status: 429, min: 1, header: { 'retry-after': { $absent: true } } }],
      },
    ],
  },
]
