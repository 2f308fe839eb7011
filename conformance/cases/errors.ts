/** What is refused, and how a refusal looks. Words are asserted only where a source gives them literally. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, anOrder, CUSTOMER, NO_ID, ORDER } from './given.ts'

const NO_CUSTOMER = `${CUSTOMER}/${NO_ID}`
const NEW_CUSTOMER = { companyName: 'Seatrial {unique}', externalId: '{unique}' }

const shape: readonly ConformanceCase[] = [
  {
    id: 'errors.body-shape',
    title: 'an error is a problem with type, title, status and a list of details',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-250', says: 'type, title, status and o:errorDetails of detail and o:errorCode' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          body: {
            type: { $matches: '^https://' },
            title: 'Not Found',
            status: 404,
            'o:errorDetails': { $every: { detail: { $type: 'string' }, 'o:errorCode': { $type: 'string' } } },
          },
        },
      },
    ],
  },
  {
    id: 'errors.media-type',
    title: 'an error is labelled as the vendor type for errors',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-251', says: 'application/vnd.oracle.resource+json; type=error' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          header: {
            'content-type': { $matches: '^application/vnd\\.oracle\\.resource\\+json; ?type=error(;|$)' },
          },
        },
      },
    ],
  },
  {
    id: 'errors.key-order',
    title: 'the keys of an error come in one order',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'REC-253', says: 'type, title, status, o:errorDetails; inside, detail comes first' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          body: {
            $keys: ['type', 'title', 'status', 'o:errorDetails'],
            'o:errorDetails': [{ $keys: ['detail', 'o:errorCode'] }],
          },
        },
      },
    ],
  },
  {
    id: 'errors.type-names-rfc-9110',
    title: 'the type of an error is the section of RFC 9110 for its status',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'REC-252', says: 'answers of 2025 and 2026 name sections of RFC 9110' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          body: { type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5' },
        },
      },
      {
        send: { GET: `${CUSTOMER}/000` },
        expect: {
          status: 400,
          body: { type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1' },
        },
      },
    ],
  },
]

const paths: readonly ConformanceCase[] = [
  {
    id: 'errors.unknown-id-404',
    title: 'an id that no record has answers 404 NONEXISTENT_ID',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-E02', says: 'an unknown id of an entity answers 404 NONEXISTENT_ID' },
    steps: [{ send: { GET: NO_CUSTOMER }, expect: { status: 404, errorCode: 'NONEXISTENT_ID' } }],
  },
  {
    id: 'errors.unknown-id-sentence',
    title: 'the refusal of an unknown id asks for a valid record instance ID',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'REC-E02', says: 'live answers say: The record instance does not exist. …' },
    steps: [
      {
        send: { GET: NO_CUSTOMER },
        expect: {
          status: 404,
          body: {
            'o:errorDetails': [
              { detail: 'The record instance does not exist. Provide a valid record instance ID.' },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'errors.unknown-external-id-404',
    title: 'an external id that no record has answers 404',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-008', says: 'eid: stands for an internal id, so an unknown one is an unknown id' },
    steps: [
      {
        send: { GET: `${CUSTOMER}/eid:{unique}-none` },
        expect: { status: 404, errorCode: 'NONEXISTENT_ID' },
      },
    ],
  },
  {
    id: 'errors.unknown-type-404',
    title: 'a record type that does not exist answers 404 with the path in o:errorUrl',
    level: 'must',
    evidence: 'observed',
    source: {
      ref: 'OPQ-011',
      says: '404 NONEXISTENT_ID; detail, o:errorUrl (path only) and o:errorCode in this order',
    },
    steps: [
      {
        send: { GET: '/services/rest/record/v1/seatrialnosuchtype' },
        expect: {
          status: 404,
          errorCode: 'NONEXISTENT_ID',
          body: {
            'o:errorDetails': [
              {
                $keys: ['detail', 'o:errorUrl', 'o:errorCode'],
                detail: "Record type 'seatrialnosuchtype' does not exist.",
                'o:errorUrl': '/services/rest/record/v1/seatrialnosuchtype',
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'errors.malformed-id-400',
    title: 'an id that is no id answers 400 INVALID_ID with the path in o:errorUrl',
    level: 'must',
    evidence: 'observed',
    source: {
      ref: 'REC-E05',
      says: '400 INVALID_ID that quotes the identifier and locates it by o:errorUrl',
    },
    steps: [
      {
        send: { GET: `${CUSTOMER}/000` },
        expect: {
          status: 400,
          errorCode: 'INVALID_ID',
          body: {
            'o:errorDetails': [
              {
                detail: "Invalid record instance identifier '000'. Provide a valid record instance ID.",
                'o:errorUrl': `${CUSTOMER}/000`,
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'errors.method-not-allowed',
    title: 'a method that a path does not have answers 405 INVALID_METHOD without a locator',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'OPQ-010',
      says: 'captured for an operation a type lacks: 405 INVALID_METHOD that names the operations allowed',
    },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { POST: `${CUSTOMER}/{customer}`, body: { email: 'a@example.com' } },
        expect: {
          status: 405,
          errorCode: 'INVALID_METHOD',
          header: { allow: { $absent: true } },
          body: {
            title: 'Method Not Allowed',
            'o:errorDetails': [{ $keys: ['detail', 'o:errorCode'] }],
          },
        },
      },
    ],
  },
  {
    id: 'errors.other-transaction-type-400',
    title: 'the id of another transaction type answers 400 USER_ERROR',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'OPQ-012',
      says: '400 USER_ERROR: the transaction type specified is incorrect; when it is said is our reading',
    },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: '/services/rest/record/v1/invoice/{order}' },
        expect: {
          status: 400,
          errorCode: 'USER_ERROR',
          body: {
            'o:errorDetails': [
              {
                $keys: ['detail', 'o:errorCode'],
                detail: 'Error while accessing a resource. Transaction type specified is incorrect.',
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'errors.unused-transaction-id-404',
    title: 'an id that no transaction has answers 404',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'OPQ-013',
      says: 'an id unused in the group of transactions is unknown: 404 NONEXISTENT_ID',
    },
    steps: [{ send: { GET: `${ORDER}/${NO_ID}` }, expect: { status: 404, errorCode: 'NONEXISTENT_ID' } }],
  },
]

const bodies: readonly ConformanceCase[] = [
  {
    id: 'errors.malformed-json-400',
    title: 'a body that is not JSON answers 400',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E15', says: '400 with a detail that begins: Invalid content in the request body' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, text: '{"companyName": "Seatrial' },
        expect: {
          status: 400,
          body: {
            'o:errorDetails': { $has: { detail: { $matches: '^Invalid content in the request body' } } },
          },
        },
      },
    ],
  },
  {
    id: 'errors.malformed-json-code',
    title: 'the code of a body that is not JSON is INVALID_CONTENT',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-E15', says: 'the code was not captured; INVALID_CONTENT is the likely one' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, text: 'bad body' },
        expect: { status: 400, errorCode: 'INVALID_CONTENT' },
      },
    ],
  },
  {
    id: 'errors.list-is-no-record',
    title: 'a JSON list sent as a record answers 400 and makes nothing',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E15', says: 'a list where an object is due is invalid content, not a batch' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: [NEW_CUSTOMER] },
        expect: {
          status: 400,
          body: {
            'o:errorDetails': { $has: { detail: { $matches: '^Invalid content in the request body' } } },
          },
        },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'errors.missing-mandatory-fields',
    title: 'missing mandatory fields are named by their labels in one sentence',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E20', says: '400 USER_ERROR: Please enter value(s) for: First Name, Last Name.' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: { isPerson: true, externalId: '{unique}' } },
        expect: {
          status: 400,
          errorCode: 'USER_ERROR',
          body: {
            'o:errorDetails': [
              {
                detail: 'Error while accessing a resource. Please enter value(s) for: First Name, Last Name.',
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'errors.order-needs-entity',
    title: 'a sales order without an entity answers 400 USER_ERROR',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E20', says: 'a create that lacks mandatory fields answers 400 USER_ERROR' },
    needs: ['writes'],
    given: [anItem],
    steps: [
      {
        send: {
          POST: ORDER,
          body: {
            externalId: '{unique}',
            item: { items: [{ item: { id: '{item}' }, quantity: 1, rate: 1 }] },
          },
        },
        expect: { status: 400, errorCode: 'USER_ERROR' },
      },
      { send: { GET: `${ORDER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'errors.value-of-wrong-type',
    title: 'a value that a field cannot hold answers 400 INVALID_VALUE and names the field',
    level: 'must',
    evidence: 'observed',
    source: {
      ref: 'REC-E18',
      says: "400 INVALID_VALUE: Invalid value for the resource or sub-resource field '…'. Provide a valid value.",
    },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, creditLimit: 'plenty' } },
        expect: {
          status: 400,
          errorCode: 'INVALID_VALUE',
          body: {
            'o:errorDetails': [
              {
                detail:
                  "Invalid value for the resource or sub-resource field 'creditLimit'. Provide a valid value.",
              },
            ],
          },
        },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
  {
    id: 'errors.value-path',
    title: 'the refusal of a value locates the field by o:errorPath',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-E18', says: 'o:errorPath is the likely locator; the captures do not show it' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, creditLimit: 'plenty' } },
        expect: { status: 400, body: { 'o:errorDetails': [{ 'o:errorPath': 'creditLimit' }] } },
      },
    ],
  },
]

export const errorCases: readonly ConformanceCase[] = [...shape, ...paths, ...bodies]
