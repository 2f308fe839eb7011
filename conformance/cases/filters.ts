/**
 * Filtering a collection by `q`. Two customers of the run are told apart; every query holds to the run's own names, so that
 * the records of an account do not matter. One row per rule of the grammar. [REC-070..092]
 */
import type { ConformanceCase, Given } from '../case.ts'
import { aCustomer, anItem, anOrder, CUSTOMER, ORDER } from './given.ts'

const alpha: Given = {
  send: {
    POST: CUSTOMER,
    body: {
      companyName: 'Seatrial {unique} Alpha',
      externalId: '{unique}',
      email: 'alpha@example.com',
      creditLimit: 100,
    },
  },
  save: { alpha: 'header.location:last' },
}
const beta: Given = {
  send: {
    POST: CUSTOMER,
    body: { companyName: 'Seatrial {unique} Beta', externalId: '{unique}-B', creditLimit: 300 },
  },
  save: { beta: 'header.location:last' },
}

/** Only records of this case. */
const OWN = 'companyName START_WITH "Seatrial {unique}"'
const ALPHA = [{ id: '{alpha}' }]
const BETA = [{ id: '{beta}' }]

interface Row {
  readonly id: string
  readonly title: string
  readonly ref: string
  readonly says: string
  readonly q: string
  readonly finds: 'alpha' | 'beta' | 'both'
  /** Default: documented, and so a must. */
  readonly evidence?: 'documented' | 'inferred'
}

/** The address of a filtered list: blanks and quotes as a URL holds them. */
function filtered(path: string, q: string): string {
  const encoded = q.replace(/ /g, '%20').replace(/"/g, '%22').replace(/\[/g, '%5B').replace(/\]/g, '%5D')
  return `${path}?q=${encoded}`
}

function rowCase({ id, title, ref, says, q, finds, evidence = 'documented' }: Row): ConformanceCase {
  const items = { alpha: ALPHA, beta: BETA, both: { $length: 2 } }[finds]
  return {
    id: `filters.${id}`,
    title,
    level: evidence === 'inferred' ? 'should' : 'must',
    evidence,
    source: { ref, says },
    needs: ['writes'],
    given: [alpha, beta],
    steps: [
      {
        send: { GET: filtered(CUSTOMER, q) },
        expect: { status: 200, body: { items, totalResults: finds === 'both' ? 2 : 1 } },
      },
    ],
  }
}

const BOOLEAN_TEXT = 'IS and IS_NOT compare booleans and text'
const NUMBERS = 'numbers are compared with EQUAL, GREATER, LESS and the forms with OR_EQUAL'
const TEXTS = 'text is searched with CONTAIN, START_WITH, ENDWITH and their negations'

const ROWS: readonly Row[] = [
  {
    id: 'is',
    title: 'IS finds the record with exactly that text',
    ref: 'REC-071',
    says: BOOLEAN_TEXT,
    q: 'companyName IS "Seatrial {unique} Alpha"',
    finds: 'alpha',
  },
  {
    id: 'is-not',
    title: 'IS_NOT leaves out the record with that text',
    ref: 'REC-071',
    says: BOOLEAN_TEXT,
    q: `${OWN} AND companyName IS_NOT "Seatrial {unique} Alpha"`,
    finds: 'beta',
  },
  {
    id: 'is-boolean',
    title: 'IS compares a checkbox with true or false',
    ref: 'REC-071',
    says: BOOLEAN_TEXT,
    q: `${OWN} AND isInactive IS false`,
    finds: 'both',
  },
  {
    id: 'start-with',
    title: 'START_WITH finds text by its beginning',
    ref: 'REC-075',
    says: TEXTS,
    q: 'companyName START_WITH "Seatrial {unique} Al"',
    finds: 'alpha',
  },
  {
    id: 'contain',
    title: 'CONTAIN finds text by a part of it',
    ref: 'REC-075',
    says: TEXTS,
    q: 'companyName CONTAIN "{unique} Be"',
    finds: 'beta',
  },
  {
    id: 'contain-not',
    title: 'CONTAIN_NOT leaves out text by a part of it',
    ref: 'REC-075',
    says: TEXTS,
    q: `${OWN} AND companyName CONTAIN_NOT "Beta"`,
    finds: 'alpha',
  },
  {
    id: 'endwith',
    title: 'ENDWITH, spelled without an underscore, finds text by its end',
    ref: 'REC-075',
    says: TEXTS,
    q: `${OWN} AND companyName ENDWITH "Beta"`,
    finds: 'beta',
  },
  {
    id: 'end-with-not',
    title: 'END_WITH_NOT, spelled with an underscore, leaves out text by its end',
    ref: 'REC-075',
    says: TEXTS,
    q: `${OWN} AND companyName END_WITH_NOT "Beta"`,
    finds: 'alpha',
  },
  {
    id: 'empty',
    title: 'EMPTY finds records without a value in the field',
    ref: 'REC-070',
    says: 'EMPTY and EMPTY_NOT take no value and any type of field',
    q: `${OWN} AND email EMPTY`,
    finds: 'beta',
  },
  {
    id: 'empty-not',
    title: 'EMPTY_NOT finds records with a value in the field',
    ref: 'REC-070',
    says: 'EMPTY and EMPTY_NOT take no value and any type of field',
    q: `${OWN} AND email EMPTY_NOT`,
    finds: 'alpha',
  },
  {
    id: 'equal',
    title: 'EQUAL compares a number',
    ref: 'REC-072',
    says: NUMBERS,
    q: `${OWN} AND creditLimit EQUAL 300`,
    finds: 'beta',
  },
  {
    id: 'greater',
    title: 'GREATER leaves out the number itself',
    ref: 'REC-072',
    says: NUMBERS,
    q: `${OWN} AND creditLimit GREATER 100`,
    finds: 'beta',
  },
  {
    id: 'greater-or-equal',
    title: 'GREATER_OR_EQUAL takes the number itself',
    ref: 'REC-072',
    says: NUMBERS,
    q: `${OWN} AND creditLimit GREATER_OR_EQUAL 100`,
    finds: 'both',
  },
  {
    id: 'less',
    title: 'LESS finds smaller numbers',
    ref: 'REC-072',
    says: NUMBERS,
    q: `${OWN} AND creditLimit LESS 300`,
    finds: 'alpha',
  },
  {
    id: 'less-not',
    title: 'LESS_NOT is the opposite of LESS',
    ref: 'REC-072',
    says: 'each comparison has a negation that ends in _NOT',
    q: `${OWN} AND creditLimit LESS_NOT 300`,
    finds: 'beta',
  },
  {
    id: 'between',
    title: 'BETWEEN takes two numbers in brackets',
    ref: 'REC-073',
    says: 'BETWEEN and WITHIN take two values, [a, b]',
    q: `${OWN} AND creditLimit BETWEEN [50, 150]`,
    finds: 'alpha',
  },
  {
    id: 'between-not',
    title: 'BETWEEN_NOT leaves out what lies between',
    ref: 'REC-073',
    says: 'BETWEEN and WITHIN take two values, [a, b]',
    q: `${OWN} AND creditLimit BETWEEN_NOT [50, 150]`,
    finds: 'beta',
  },
  {
    id: 'any-of',
    title: 'ANY_OF takes a list of ids in brackets',
    ref: 'REC-074',
    says: 'ANY_OF takes one or more values, [a, b, c], ids among them',
    q: 'id ANY_OF [{alpha}, {beta}]',
    finds: 'both',
  },
  {
    id: 'and-binds-tighter',
    title: 'AND binds tighter than OR',
    ref: 'REC-080',
    says: 'AND binds tighter than OR',
    q: 'id EQUAL {alpha} OR id EQUAL {beta} AND creditLimit EQUAL 100',
    finds: 'alpha',
  },
  {
    id: 'parentheses',
    title: 'parentheses override the order of AND and OR',
    ref: 'REC-080',
    says: 'parentheses override',
    q: '(id EQUAL {alpha} OR id EQUAL {beta}) AND creditLimit EQUAL 300',
    finds: 'beta',
  },
  {
    id: 'numbers-may-be-quoted',
    title: 'a number may stand in double quotes',
    ref: 'REC-081',
    says: 'samples of the help quote numbers',
    q: `${OWN} AND creditLimit EQUAL "100"`,
    finds: 'alpha',
  },
  {
    id: 'field-names-any-case',
    title: 'field names are taken in any case',
    ref: 'REC-085',
    says: 'samples of the help write companyname and isinactive',
    q: 'companyname IS "Seatrial {unique} Beta"',
    finds: 'beta',
  },
  {
    id: 'operators-any-case',
    title: 'operators are taken in any case',
    ref: 'REC-092',
    says: 'clients send lower-case operators',
    q: 'companyName is "Seatrial {unique} Beta"',
    finds: 'beta',
    evidence: 'inferred',
  },
  {
    id: 'external-id',
    title: 'the external id can be filtered like any other text',
    ref: 'REC-091',
    says: 'externalId can be filtered with IS',
    q: 'externalId IS "{unique}-B"',
    finds: 'beta',
  },
]

const others: readonly ConformanceCase[] = [
  {
    id: 'filters.last-q-counts',
    title: 'of two q the last one counts',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-090', says: 'a sample sends two; the answer’s self link shows the last' },
    needs: ['writes'],
    given: [alpha, beta],
    steps: [
      {
        send: { GET: `${CUSTOMER}?q=id%20EQUAL%20{alpha}&q=id%20EQUAL%20{beta}` },
        expect: { status: 200, body: { items: BETA } },
      },
    ],
  },
  {
    id: 'filters.reference-by-id',
    title: 'a reference is filtered by the id it holds, with the operators of numbers',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-083', says: 'entity EQUAL "14" finds the transactions of an entity' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: filtered(ORDER, 'entity EQUAL "{customer}"') },
        expect: { status: 200, body: { items: [{ id: '{order}' }] } },
      },
    ],
  },
  {
    id: 'filters.date-in-account-format',
    title: 'a date is written in the format of the account',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-087', says: 'date literals follow the account’s format, such as 1/1/2019' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      { send: { PATCH: `${ORDER}/{order}`, body: { tranDate: '2026-02-03' } }, expect: { status: 204 } },
      {
        send: { GET: filtered(ORDER, 'entity EQUAL {customer} AND tranDate ON "2/3/2026"') },
        expect: { status: 200, body: { items: [{ id: '{order}' }] } },
      },
      {
        send: { GET: filtered(ORDER, 'entity EQUAL {customer} AND tranDate AFTER "2/3/2026"') },
        expect: { status: 200, body: { items: [] } },
      },
    ],
  },
]

/** Title, query, source: each is refused before anything is looked for. */
const REFUSED: readonly (readonly [
  string,
  string,
  string,
  string,
  string,
  'must' | 'should',
  'observed' | 'documented' | 'inferred',
])[] = [
  [
    'single-quotes-refused',
    'a value in single quotes is no query',
    "companyName IS 'x'",
    'REC-082',
    'a single-quoted literal is an invalid query',
    'must',
    'observed',
  ],
  [
    'unknown-operator-refused',
    'an operator that does not exist is no query',
    'companyName LIKE "x"',
    'REC-E10',
    'a query that cannot be read answers 400 INVALID_PARAMETER',
    'must',
    'observed',
  ],
  [
    'open-parenthesis-refused',
    'a parenthesis that stays open is no query',
    '(companyName IS "x"',
    'REC-E10',
    'a query that cannot be read answers 400 INVALID_PARAMETER',
    'must',
    'observed',
  ],
  [
    'no-operator-refused',
    'a field alone is no query',
    'companyName',
    'REC-E10',
    'a query that cannot be read answers 400 INVALID_PARAMETER',
    'must',
    'observed',
  ],
  [
    'iso-date-time-refused',
    'a date-time in ISO form is refused',
    'lastModifiedDate AFTER "2026-01-01T00:00:00Z"',
    'REC-088',
    'clients found ISO date-times refused',
    'must',
    'observed',
  ],
  [
    'sublist-field-refused',
    'a field of a sublist cannot be filtered',
    'addressBook.label IS "x"',
    'REC-086',
    'only body fields may be used: no sublists, no joins',
    'must',
    'documented',
  ],
]

const refused: readonly ConformanceCase[] = REFUSED.map(([id, title, q, ref, says, level, evidence]) => ({
  id: `filters.${id}`,
  title,
  level,
  evidence,
  source: { ref, says },
  steps: [{ send: { GET: filtered(CUSTOMER, q) }, expect: { status: 400, body: { status: 400 } } }],
}))

export const filterCases: readonly ConformanceCase[] = [...ROWS.map(rowCase), ...others, ...refused]
