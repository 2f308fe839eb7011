/** Lines of a record: how they are read, changed, added and replaced. Line numbers are asked for, never assumed. */
import type { ConformanceCase } from '../case.ts'
import { aCustomer, anItem, anOrder, anotherItem, aTwoLineOrder, itsLineNumbers, ORDER } from './given.ts'

const EXPANDED = `${ORDER}/{order}?expandSubResources=true`
const TWO_LINES = [aCustomer, anItem, anotherItem, aTwoLineOrder, itsLineNumbers]

export const sublistCases: readonly ConformanceCase[] = [
  {
    id: 'sublists.link-only-by-default',
    title: 'a sublist is a link unless it is asked for',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-025', says: 'an unexpanded sublist is { links: [self] } and nothing else' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: `${ORDER}/{order}` },
        expect: {
          status: 200,
          body: {
            item: {
              $keys: ['links'],
              links: [
                {
                  rel: 'self',
                  href: { $matchesAnyCase: '^{base}/services/rest/record/v1/salesorder/{order}/item$' },
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    id: 'sublists.expand-on-request',
    title: 'expandSubResources=true brings the lines of every sublist',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-026', says: 'expandSubResources=true expands all sublists and their lines' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: { item: { items: [{ item: { id: '{item}' }, quantity: 2, rate: 10 }] } },
        },
      },
    ],
  },
  {
    id: 'sublists.expanded-keys',
    title: 'an expanded sublist has links, items and totalResults',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-082', says: 'on the wire the keys are links, items, totalResults' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: { item: { $keys: ['links', 'items', 'totalResults'], totalResults: 1 } },
        },
      },
    ],
  },
  {
    id: 'sublists.line-links-by-key',
    title: 'the self link of a line ends in the key of the line',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-027', says: 'a line is addressed by its key, which is line for item lines' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: {
            item: {
              items: [
                { links: [{ rel: 'self', href: { $matches: '/item/{first}$' } }] },
                { links: [{ rel: 'self', href: { $matches: '/item/{second}$' } }] },
              ],
            },
          },
        },
      },
    ],
  },
  {
    id: 'sublists.amount-is-computed',
    title: 'the amount of a line is quantity times rate',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-321', says: 'a line amount is quantity × rate unless it is sent' },
    needs: ['writes'],
    given: [aCustomer, anItem, anOrder],
    steps: [
      { send: { GET: EXPANDED }, expect: { status: 200, body: { item: { items: [{ amount: 20 }] } } } },
    ],
  },
  {
    id: 'sublists.patch-updates-by-line',
    title: 'a PATCH with the line number changes that line and no other',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-136', says: 'item lines are keyed by line: with it, the line is updated' },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: {
          PATCH: `${ORDER}/{order}`,
          body: { item: { items: [{ line: '{second}', quantity: 9 }] } },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: {
            item: {
              items: [
                { line: '{first}', quantity: 2, rate: 10 },
                { line: '{second}', quantity: 9, rate: 7 },
              ],
            },
          },
        },
      },
    ],
  },
  {
    id: 'sublists.patch-adds-without-line',
    title: 'a PATCH without a line number adds a line and keeps the others',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-136', says: 'without line a line is added; lines not mentioned stay' },
    needs: ['writes'],
    given: [aCustomer, anItem, anotherItem, anOrder],
    steps: [
      {
        send: {
          PATCH: `${ORDER}/{order}`,
          body: { item: { items: [{ item: { id: '{otherItem}' }, quantity: 4, rate: 3 }] } },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: {
            item: {
              items: {
                $length: 2,
                $has: { item: { id: '{otherItem}' }, quantity: 4, rate: 3 },
                $every: { item: { id: { $anyOf: ['{item}', '{otherItem}'] } } },
              },
            },
          },
        },
      },
    ],
  },
  {
    id: 'sublists.replace-removes-the-rest',
    title: 'replace=item keeps the lines that are named and removes the others',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-133',
      says: 'with replace, matched lines are updated and unmatched old lines removed',
    },
    needs: ['writes'],
    given: TWO_LINES,
    steps: [
      {
        send: {
          PATCH: `${ORDER}/{order}?replace=item`,
          body: { item: { items: [{ line: '{second}', quantity: 5 }] } },
        },
        expect: { status: 204 },
      },
      {
        send: { GET: EXPANDED },
        expect: {
          status: 200,
          body: { item: { items: [{ item: { id: '{otherItem}' }, quantity: 5, rate: 7 }] } },
        },
      },
    ],
  },
]
