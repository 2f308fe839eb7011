/** Fields that point at other records: how they are read, and in which forms they are written. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, anOrder, NO_ID, ORDER } from './given.ts'

const LINE = { item: { id: '{item}' }, quantity: 1, rate: 5 }

export const referenceCases: readonly ConformanceCase[] = [
  {
    id: 'references.shape',
    title: 'a reference is read as links, id and refName',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-023', says: '{ links: [{ rel, href }], id: "1", refName: "USD" }' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: `${ORDER}/{order}` },
        expect: {
          status: 200,
          body: {
            entity: {
              $keys: ['links', 'id', 'refName'],
              links: [
                {
                  rel: 'self',
                  href: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer/{customer}$' },
                },
              ],
              id: '{customer}',
              refName: { $matches: '.' },
            },
          },
        },
      },
    ],
  },
  {
    id: 'references.bare-id-accepted',
    title: 'a reference may be written as a bare id',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-109', says: 'bodies in the help write references as { id } and as a bare id' },
    needs: ['writes'],
    given: [aCustomer, anItem],
    steps: [
      {
        send: {
          POST: ORDER,
          body: { externalId: '{unique}', entity: '{customer}', item: { items: [LINE] } },
        },
        expect: { status: 204, save: { order: 'header.location:last' } },
      },
      { send: { GET: `${ORDER}/{order}` }, expect: { status: 200, body: { entity: { id: '{customer}' } } } },
    ],
  },
  {
    id: 'references.by-external-id',
    title: 'a reference may be written by external id, in the body and in lines',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-109', says: 'a reference may be given as { externalId }' },
    needs: ['writes'],
    given: [aCustomer, anItem],
    steps: [
      {
        send: {
          POST: ORDER,
          body: {
            externalId: '{unique}',
            entity: { externalId: '{unique}' },
            item: { items: [{ ...LINE, item: { externalId: '{unique}' } }] },
          },
        },
        expect: { status: 204, save: { order: 'header.location:last' } },
      },
      {
        send: { GET: `${ORDER}/{order}?expandSubResources=true` },
        expect: {
          status: 200,
          body: { entity: { id: '{customer}' }, item: { items: [{ item: { id: '{item}' } }] } },
        },
      },
    ],
  },
  {
    id: 'references.unknown-id-refused',
    title: 'a reference to a record that does not exist answers 400 USER_ERROR',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E17', says: '400 USER_ERROR that names the value and the field' },
    needs: ['writes'],
    given: [anItem],
    steps: [
      {
        send: {
          POST: ORDER,
          body: { externalId: '{unique}', entity: { id: NO_ID }, item: { items: [LINE] } },
        },
        expect: {
          status: 400,
          errorCode: 'USER_ERROR',
          body: {
            'o:errorDetails': [
              {
                detail: `Error while accessing a resource. You have entered an Invalid Field Value ${NO_ID} for the following field: entity.`,
              },
            ],
          },
        },
      },
      { send: { GET: `${ORDER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
]
