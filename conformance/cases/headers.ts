/** Headers of answers, and the two request headers that say how strictly a body is read. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, CUSTOMER, NO_ID, ORDER } from './given.ts'

const NO_CUSTOMER = `${CUSTOMER}/${NO_ID}`
const UUID = { $matches: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' }
const WITH_UNKNOWN_FIELD = {
  companyName: 'Seatrial {unique}',
  externalId: '{unique}',
  seatrialNoSuchField: 'x',
}
const ABSENT = { $absent: true }

const answers: readonly ConformanceCase[] = [
  {
    id: 'headers.charset-named',
    title: 'the vendor media type ends in charset=UTF-8',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-015', says: 'all captured answers append charset=UTF-8, errors too' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          header: { 'content-type': 'application/vnd.oracle.resource+json; type=singular; charset=UTF-8' },
        },
      },
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: { 'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8' },
        },
      },
    ],
  },
  {
    id: 'headers.never-cached',
    title: 'answers forbid caching in the old and the new way',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-015', says: 'Cache-Control and Pragma No-Cache, Expires 0 on every captured answer' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: {
            'cache-control': { $matchesAnyCase: '^no-cache$' },
            pragma: { $matchesAnyCase: '^no-cache$' },
            expires: '0',
          },
        },
      },
    ],
  },
  {
    id: 'headers.transport-security',
    title: 'answers carry nosniff and Strict-Transport-Security',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-015', says: 'nosniff and max-age=31536000 on every captured answer' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: {
            'x-content-type-options': 'nosniff',
            'strict-transport-security': { $matches: '^max-age=31536000' },
          },
        },
      },
    ],
  },
  {
    id: 'headers.operation-id',
    title: 'every answer names its operation by a UUID of its own',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-300', says: 'X-N-OperationId is a UUID, the handle for support' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: { 'x-n-operationid': UUID },
          save: { first: 'header.x-n-operationid' },
        },
      },
      {
        send: { GET: NO_CUSTOMER },
        expect: { status: 404, header: { 'x-n-operationid': { ...UUID, $not: '{first}' } } },
      },
    ],
  },
  {
    id: 'headers.job-id',
    title: 'every answer carries X-NetSuite-JobId, a UUID that is no async job',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-017', says: 'a UUID on every synchronous answer, errors included' },
    steps: [{ send: { GET: NO_CUSTOMER }, expect: { status: 404, header: { 'x-netsuite-jobid': UUID } } }],
  },
  {
    id: 'headers.not-sent',
    title: 'answers carry no validators, no Server, no Link, no Allow, no Retry-After and no cookie',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OPQ-015', says: 'none of the 22 captured answers had one of them' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: {
            etag: ABSENT,
            'last-modified': ABSENT,
            server: ABSENT,
            link: ABSENT,
            allow: ABSENT,
            'retry-after': ABSENT,
            'set-cookie': ABSENT,
          },
        },
      },
    ],
  },
]

const strictness: readonly ConformanceCase[] = [
  {
    id: 'headers.unknown-property-warns',
    title: 'by default an unknown property is dropped and the call succeeds',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-105', says: 'the default is warning: unknown names are dropped, the call succeeds' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: WITH_UNKNOWN_FIELD },
        expect: { status: 204, save: { customer: 'header.location:last' } },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { companyName: 'Seatrial {unique}', seatrialNoSuchField: ABSENT } },
      },
    ],
  },
  {
    id: 'headers.unknown-property-is-told',
    title: 'a dropped property is reported in X-NetSuite-PropertyValidation',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-108', says: 'warnings come back in X-NetSuite-PropertyValidation' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: WITH_UNKNOWN_FIELD },
        expect: { status: 204, header: { 'x-netsuite-propertyvalidation': { $matches: '.' } } },
      },
    ],
  },
  {
    id: 'headers.unknown-property-refused',
    title: 'under error an unknown property is refused and nothing is made',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-105', says: 'X-NetSuite-PropertyNameValidation: error refuses unknown names' },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: { 'X-NetSuite-PropertyNameValidation': 'error' },
          body: WITH_UNKNOWN_FIELD,
        },
        expect: { status: 400 },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'headers.unknown-property-ignored',
    title: 'under ignore an unknown property is dropped in silence',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-105', says: 'X-NetSuite-PropertyNameValidation: ignore drops unknown names' },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: { 'X-NetSuite-PropertyNameValidation': 'ignore' },
          body: WITH_UNKNOWN_FIELD,
        },
        expect: { status: 204, header: { 'x-netsuite-propertyvalidation': ABSENT } },
      },
    ],
  },
  {
    id: 'headers.strictness-in-any-case',
    title: 'the values of the strictness headers are read without regard to case',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-107', says: 'the browser writes Error, the help error: both mean the same' },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: { 'X-NetSuite-PropertyNameValidation': 'Error' },
          body: WITH_UNKNOWN_FIELD,
        },
        expect: { status: 400 },
      },
      {
        send: {
          POST: CUSTOMER,
          headers: { 'X-NetSuite-PropertyNameValidation': 'Ignore' },
          body: WITH_UNKNOWN_FIELD,
        },
        expect: { status: 204 },
      },
    ],
  },
  {
    id: 'headers.bad-value-ignored',
    title: 'under ignore a value of the wrong type is dropped and the call succeeds',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-106',
      says: 'X-NetSuite-PropertyValueValidation: ignore tolerates bad syntax of values',
    },
    needs: ['writes'],
    steps: [
      {
        send: {
          POST: CUSTOMER,
          headers: { 'X-NetSuite-PropertyValueValidation': 'ignore' },
          body: { companyName: 'Seatrial {unique}', externalId: '{unique}', creditLimit: 'plenty' },
        },
        expect: { status: 204 },
      },
    ],
  },
  {
    id: 'headers.bad-reference-always-refused',
    title: 'a reference to nothing is refused also under ignore',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-106', says: 'the header covers syntax only; a semantic error always fails' },
    needs: ['writes'],
    given: [anItem],
    steps: [
      {
        send: {
          POST: ORDER,
          headers: { 'X-NetSuite-PropertyValueValidation': 'ignore' },
          body: {
            externalId: '{unique}',
            entity: { id: NO_ID },
            item: { items: [{ item: { id: '{item}' }, quantity: 1, rate: 1 }] },
          },
        },
        expect: { status: 400 },
      },
    ],
  },
]

export const headerCases: readonly ConformanceCase[] = [...answers, ...strictness]
