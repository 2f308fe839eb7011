/** One record: create, read, change. Writing answers, the shape of a body, field selection, values. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, anOrder, CUSTOMER, ITEM, ORDER } from './given.ts'

const NEW_CUSTOMER = { companyName: 'Seatrial {unique}', externalId: '{unique}' }

const writing: readonly ConformanceCase[] = [
  {
    id: 'records.create-answers-204',
    title: 'creating a record answers 204 without a body',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-100', says: 'POST answers 204 No Content and no body' },
    needs: ['writes'],
    steps: [{ send: { POST: CUSTOMER, body: NEW_CUSTOMER }, expect: { status: 204, text: '' } }],
  },
  {
    id: 'records.create-tells-location',
    title: 'the Location of a new record is absolute and ends in its internal id',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-100', says: 'POST answers with Location, the absolute address of the new record' },
    needs: ['writes'],
    steps: [
      {
        send: { POST: CUSTOMER, body: NEW_CUSTOMER },
        expect: {
          status: { $anyOf: [200, 201, 204] },
          header: { location: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer/[0-9]+$' } },
          save: { id: 'header.location:last' },
        },
      },
      {
        send: { GET: `${CUSTOMER}/{id}` },
        expect: { status: 200, body: { companyName: 'Seatrial {unique}' } },
      },
    ],
  },
  {
    id: 'records.property-names-any-case',
    title: 'property names in a body are accepted in any case',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-104', says: 'samples of the help spell companyName also companyname' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { companyname: 'Seatrial {unique}', externalid: '{unique}' } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { companyName: 'Seatrial {unique}', externalId: '{unique}' } },
      },
    ],
  },
  {
    id: 'records.patch-leaves-others',
    title: 'a PATCH changes what it names and leaves the rest',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-130', says: 'PATCH answers 204; fields that are not in the body stay as they were' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, email: 'before@example.com' } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      {
        send: { PATCH: `${CUSTOMER}/{customer}`, body: { companyName: 'Seatrial {unique} renamed' } },
        expect: { status: 204, text: '' },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          body: {
            companyName: 'Seatrial {unique} renamed',
            email: 'before@example.com',
            externalId: '{unique}',
          },
        },
      },
    ],
  },
  {
    id: 'records.patch-tells-location',
    title: 'a PATCH answers with the Location of the record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-130', says: 'PATCH answers 204 with the Location of the record' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { PATCH: `${CUSTOMER}/{customer}`, body: { email: 'after@example.com' } },
        expect: {
          status: 204,
          header: { location: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer/{customer}$' } },
        },
      },
    ],
  },
  {
    id: 'records.null-clears',
    title: 'null in a PATCH clears a body field',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-130', says: 'null clears a body field' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, email: 'before@example.com' } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      { send: { PATCH: `${CUSTOMER}/{customer}`, body: { email: null } }, expect: { status: 204 } },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { companyName: 'Seatrial {unique}', email: { $absent: true } } },
      },
    ],
  },
  {
    id: 'records.unpadded-dates-accepted',
    title: 'a date without leading zeros is accepted and comes back padded',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-033', says: 'bodies in the help send dates such as 2019-1-31; output is YYYY-MM-DD' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      { send: { PATCH: `${ORDER}/{order}`, body: { tranDate: '2026-1-5' } }, expect: { status: 204 } },
      { send: { GET: `${ORDER}/{order}` }, expect: { status: 200, body: { tranDate: '2026-01-05' } } },
    ],
  },
]

const shape: readonly ConformanceCase[] = [
  {
    id: 'records.get-media-type',
    title: 'a record is read as 200 in the vendor type for one record',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-020', says: '200, application/vnd.oracle.resource+json; type=singular' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          header: {
            'content-type': { $matches: '^application/vnd\\.oracle\\.resource\\+json; ?type=singular(;|$)' },
          },
        },
      },
    ],
  },
  {
    id: 'records.links-come-first',
    title: 'a record begins with its links, and the first is self',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-021', says: 'the body is flat: links with rel self first, then the fields' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          text: { $matches: '^\\s*\\{\\s*"links"\\s*:\\s*\\[' },
          body: {
            links: [
              {
                rel: 'self',
                href: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer/{customer}$' },
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'records.fields-sorted',
    title: 'after the links the fields follow by name, without regard to case',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-021', says: 'in samples the fields are sorted by name, id among them' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { $keysSorted: ['links'] } },
      },
    ],
  },
  {
    id: 'records.self-names-its-method',
    title: 'self links carry the method GET',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-023', says: 'every self link of a record or reference has method GET' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { links: [{ rel: 'self', method: 'GET' }] } },
      },
    ],
  },
  {
    id: 'records.self-repeats-query',
    title: 'the self link repeats the query, encoded again',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-022', says: 'self.href repeats the query as sent, re-encoded (fields=a%2Cb)' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}?fields=companyName,email` },
        expect: {
          status: 200,
          body: { links: [{ href: { $matches: '/{customer}\\?fields=companyName%2Cemail$' } }] },
        },
      },
    ],
  },
  {
    id: 'records.id-is-text',
    title: 'the internal id is JSON text',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-007', says: 'the id is an integer in the path and a JSON string in bodies' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [{ send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 200, body: { id: '{customer}' } } }],
  },
  {
    id: 'records.empty-fields-left-out',
    title: 'fields without a value are left out, not null',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-021', says: 'empty fields are left out of the body' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          body: { fax: { $absent: true }, email: { $absent: true } },
          text: { $not: { $matches: ':\\s*null' } },
        },
      },
    ],
  },
  {
    id: 'records.fields-selects',
    title: 'fields= brings back the named body fields only',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-028', says: 'only the fields named, and the links, come back' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, email: 'a@example.com', phone: '555-0100' } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}?fields=companyName,email` },
        expect: {
          status: 200,
          body: {
            links: { $type: 'array' },
            companyName: 'Seatrial {unique}',
            email: 'a@example.com',
            phone: { $absent: true },
            externalId: { $absent: true },
          },
        },
      },
    ],
  },
  {
    id: 'records.type-in-lower-case',
    title: 'a record type in a path is found in lower case too',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-005', says: 'the help itself uses inventoryitem and salesorder in paths' },
    needs: ['writes'],
    given: [anItem],
    steps: [
      {
        send: { GET: `${ITEM.toLowerCase()}/{item}` },
        expect: { status: 200, body: { id: '{item}', itemId: 'Seatrial {unique}' } },
      },
    ],
  },
  {
    id: 'records.get-by-external-id',
    title: 'eid: stands where an internal id may stand',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-008', says: 'eid:{externalId} may stand wherever an internal id may stand' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/eid:{unique}` },
        expect: { status: 200, body: { id: '{customer}', externalId: '{unique}' } },
      },
      {
        send: { PATCH: `${CUSTOMER}/eid:{unique}`, body: { email: 'eid@example.com' } },
        expect: { status: 204 },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { email: 'eid@example.com' } },
      },
    ],
  },
]

const values: readonly ConformanceCase[] = [
  {
    id: 'records.checkboxes-are-booleans',
    title: 'a checkbox travels as true or false',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-034', says: 'real checkboxes are JSON true and false' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      { send: { PATCH: `${CUSTOMER}/{customer}`, body: { isInactive: true } }, expect: { status: 204 } },
      { send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 200, body: { isInactive: true } } },
      { send: { PATCH: `${CUSTOMER}/{customer}`, body: { isInactive: false } }, expect: { status: 204 } },
      { send: { GET: `${CUSTOMER}/{customer}` }, expect: { status: 200, body: { isInactive: false } } },
    ],
  },
  {
    id: 'records.enums-have-id-and-name',
    title: 'an enumeration comes back as id and refName, or as bare text on request',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-030', says: '{ id, refName } since 2021.1; simpleEnumFormat=true gives the bare id' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, emailPreference: { id: 'PDF' } } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { emailPreference: { id: 'PDF', refName: { $type: 'string' } } } },
      },
      {
        send: { GET: `${CUSTOMER}/{customer}?simpleEnumFormat=true` },
        expect: { status: 200, body: { emailPreference: 'PDF' } },
      },
    ],
  },
  {
    id: 'records.enums-have-empty-links',
    title: 'an enumeration carries an empty list of links before its id',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-024', says: 'captured enumerations are { links: [], id, refName }' },
    needs: ['writes'],
    given: [
      {
        send: { POST: CUSTOMER, body: { ...NEW_CUSTOMER, emailPreference: { id: 'PDF' } } },
        save: { customer: 'header.location:last' },
      },
    ],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: { status: 200, body: { emailPreference: { $keys: ['links', 'id', 'refName'], links: [] } } },
      },
    ],
  },
  {
    id: 'records.date-times-are-utc-minutes',
    title: 'a date-time is UTC with Z and whole minutes',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-028', says: 'seconds are 00 in every captured record; the zone is Z' },
    needs: ['writes'],
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}` },
        expect: {
          status: 200,
          body: { lastModifiedDate: { $matches: '^\\d\\d\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00Z$' } },
        },
      },
    ],
  },
  {
    id: 'records.dates-have-no-time',
    title: 'a date is YYYY-MM-DD without time or zone',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-032', says: 'dates are YYYY-MM-DD and are not converted between zones' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: `${ORDER}/{order}` },
        expect: { status: 200, body: { tranDate: { $matches: '^\\d\\d\\d\\d-\\d\\d-\\d\\d$' } } },
      },
    ],
  },
  {
    id: 'records.amounts-have-a-decimal',
    title: 'amounts and quantities are written with at least one decimal',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-029', says: 'raw captures print 0.0, 70.0, 1.0' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: `${ORDER}/{order}?expandSubResources=true` },
        expect: {
          status: 200,
          text: { $matches: '"quantity"\\s*:\\s*2\\.0\\b' },
        },
      },
      { resend: 0, expect: { status: 200, text: { $matches: '"rate"\\s*:\\s*10\\.0\\b' } } },
    ],
  },
]

export const recordCases: readonly ConformanceCase[] = [...writing, ...shape, ...values]
