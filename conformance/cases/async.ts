/** Requests that are queued: submitting, watching, reading results, and keys against doing a thing twice. */
import type { ConformanceCase, Given, Step } from '../case.ts'
import { aCustomer, CUSTOMER, NO_ID } from './given.ts'

export const JOB = '/services/rest/async/v1/job'
const ASYNC = { Prefer: 'respond-async' }
const ACME = { companyName: 'Seatrial {unique}', externalId: '{unique}' }
const SECONDS_MAX = 300
const TIME = { $matches: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$' }

/** Queues a customer; saves `job`. */
const aJob: Given = {
  send: { POST: CUSTOMER, headers: ASYNC, body: ACME },
  save: { job: 'header.location:last' },
}
/** Waits for the job. */
export const ended: Step = {
  send: { GET: `${JOB}/{job}` },
  until: SECONDS_MAX,
  expect: { status: 200, body: { completed: true } },
}

const jobs: readonly ConformanceCase[] = [
  {
    id: 'async.submit-answers-202',
    title: 'a request with respond-async answers 202 with the address of its job and no body',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-002', says: 'status 202, Preference-Applied, Location of the job, empty body' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: ASYNC, body: ACME },
        expect: {
          status: 202,
          text: '',
          header: {
            'preference-applied': 'respond-async',
            location: { $matches: '/services/rest/async/v1/job/[0-9]+$' },
          },
          save: { job: 'header.location:last' },
        },
      },
      ended,
    ],
  },
  {
    id: 'async.job-resource',
    title: 'a job tells whether it is completed, its id, its progress, and where its tasks are',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-020', says: 'keys links, completed, id, progress and task with its links' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      {
        send: { GET: `${JOB}/{job}` },
        expect: {
          status: 200,
          body: {
            links: { $has: { rel: 'self', href: { $matches: '/services/rest/async/v1/job/{job}/?$' } } },
            completed: { $type: 'boolean' },
            id: '{job}',
            progress: { $type: 'string' },
            task: {
              links: {
                $has: { rel: 'self', href: { $matches: '/services/rest/async/v1/job/{job}/task/?$' } },
              },
            },
          },
        },
      },
      ended,
    ],
  },
  {
    id: 'async.job-succeeds',
    title: 'a job whose request was carried out is completed and says succeeded',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-030', says: 'the documented end is completed true, progress succeeded' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      ended,
      { send: { GET: `${JOB}/{job}` }, expect: { status: 200, body: { progress: 'succeeded' } } },
    ],
  },
  {
    id: 'async.job-times',
    title: 'a job has a startTime, and an endTime once it is completed',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OPQ-051', says: 'the job has startTime and, only when finished, endTime' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      ended,
      { send: { GET: `${JOB}/{job}` }, expect: { status: 200, body: { startTime: TIME, endTime: TIME } } },
    ],
  },
  {
    id: 'async.task-list',
    title: 'a job of one request lists one task by its link',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-022', says: 'GET job/{id}/task is a collection with links, count and items' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      {
        send: { GET: `${JOB}/{job}/task` },
        expect: {
          status: 200,
          body: {
            links: { $has: { rel: 'self' } },
            count: 1,
            items: [
              {
                links: [
                  { rel: 'self', href: { $matches: '/services/rest/async/v1/job/{job}/task/[0-9]+$' } },
                ],
              },
            ],
          },
        },
      },
      ended,
    ],
  },
  {
    id: 'async.task-resource',
    title: 'a task that is done links to its result and tells its times to the second, in UTC',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-024', says: 'links related and self, completed, id, progress, startTime, endTime' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      ended,
      {
        send: { GET: `${JOB}/{job}/task/1` },
        expect: {
          status: 200,
          body: {
            links: { $has: { rel: 'related', href: { $matches: '/job/{job}/task/1/result$' } } },
            completed: true,
            id: '1',
            progress: 'succeeded',
            startTime: TIME,
            endTime: TIME,
          },
        },
      },
    ],
  },
  {
    id: 'async.result-of-create',
    title: 'the result of a create is 204 with the Location of the record',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'ASY-026', says: 'clients take the internal id from the Location of the 204' },
    needs: ['writes'],
    given: [aJob],
    steps: [
      ended,
      {
        send: { GET: `${JOB}/{job}/task/1/result` },
        expect: {
          status: 204,
          text: '',
          header: { location: { $matchesAnyCase: '/services/rest/record/v1/customer/[0-9]+$' } },
          save: { customer: 'header.location:last' },
        },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 200, body: { id: '{customer}' } } },
    ],
  },
  {
    id: 'async.result-of-get',
    title: 'the result of a GET is the record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-025', says: 'the result replays the answer the request would have had' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}`, headers: ASYNC },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      {
        send: { GET: `${JOB}/{job}/task/1/result` },
        expect: {
          status: 200,
          body: { links: { $has: { rel: 'self' } }, id: '{customer}', companyName: 'Seatrial {unique}' },
        },
      },
    ],
  },
  {
    id: 'async.result-of-failure',
    title: 'the result of a request that failed is its error, with the status it would have had',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'OPQ-052',
      says: 'a vendor: the result answers with the record’s own status and says why',
    },
    steps: [
      {
        send: { GET: `${CUSTOMER}/${NO_ID}`, headers: ASYNC },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      ended,
      {
        send: { GET: `${JOB}/{job}/task/1/result` },
        expect: { status: 404, errorCode: 'NONEXISTENT_ID' },
      },
    ],
  },
  {
    id: 'async.unknown-job-404',
    title: 'a job that is not there answers 404',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'ASY-033', says: 'no source shows it; 404 by analogy with records' },
    steps: [{ send: { GET: `${JOB}/${NO_ID}` }, expect: { status: 404, errorCode: 'NONEXISTENT_ID' } }],
  },
]

const WITH_KEY = { ...ASYNC, 'X-NetSuite-Idempotency-Key': '{key}' }

const keys: readonly ConformanceCase[] = [
  {
    id: 'idempotency.repeat-refused',
    title: 'a key sent again is refused with IDEMPOTENCY_ERROR and the Location of the first job',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'ASY-070',
      says: 'IDEMPOTENCY_ERROR with Location of the first job; the help prints 400, a vendor says 409',
    },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: WITH_KEY, body: ACME },
        expect: { status: 202, save: { first: 'header.location', job: 'header.location:last' } },
      },
      {
        resend: 0,
        expect: {
          status: { $anyOf: [400, 409] },
          errorCode: 'IDEMPOTENCY_ERROR',
          header: { location: '{first}', 'preference-applied': 'respond-async' },
          body: { title: 'Conflict' },
        },
      },
      ended,
      {
        resend: 0,
        expect: {
          status: { $anyOf: [400, 409] },
          errorCode: 'IDEMPOTENCY_ERROR',
          header: { location: '{first}' },
        },
      },
    ],
  },
  {
    id: 'idempotency.other-body-refused',
    title: 'a key sent again with another body is refused alike',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'ASY-075', says: 'the text compares the key only' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, headers: WITH_KEY, body: ACME },
        expect: { status: 202, save: { job: 'header.location:last' } },
      },
      {
        send: {
          POST: CUSTOMER,
          headers: WITH_KEY,
          body: { companyName: 'Seatrial {unique} B', externalId: '{unique}-B' },
        },
        expect: { status: { $anyOf: [400, 409] }, errorCode: 'IDEMPOTENCY_ERROR' },
      },
      ended,
    ],
  },
  {
    id: 'idempotency.ignored-when-synchronous',
    title: 'a synchronous request ignores the key',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'ASY-073', says: 'on a synchronous request the key is ignored' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}`, headers: { 'X-NetSuite-Idempotency-Key': '{key}' } },
        expect: { status: 200 },
      },
      { resend: 0, expect: { status: 200 } },
    ],
  },
]

export const asyncCases: readonly ConformanceCase[] = [...jobs, ...keys]
