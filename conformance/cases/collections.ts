/** Collections as they are listed: envelope, items, pages and their links. What a page holds depends on the account; its form does not. */
import type { ConformanceCase, Given } from '../case.ts'
import { CUSTOMER } from './given.ts'

const ITEM_HREF = '^{base}/services/rest/record/v1/customer/-?[0-9]+$'

function customer(suffix: string): Given {
  return {
    send: { POST: CUSTOMER, body: { companyName: 'Seatrial {unique}', externalId: `{unique}-${suffix}` } },
  }
}
/** Enough for three pages of one. */
const THREE = [customer('A'), customer('B'), customer('C')]

export const collectionCases: readonly ConformanceCase[] = [
  {
    id: 'collections.media-type',
    title: 'a collection is read as 200 in the vendor type for collections',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-050', says: '200, application/vnd.oracle.resource+json; type=collection' },
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1` },
        expect: {
          status: 200,
          header: {
            'content-type': {
              $matches: '^application/vnd\\.oracle\\.resource\\+json; ?type=collection(;|$)',
            },
          },
        },
      },
    ],
  },
  {
    id: 'collections.envelope',
    title: 'a collection has six keys in a fixed order',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-050', says: 'links, count, hasMore, items, offset, totalResults' },
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1` },
        expect: {
          status: 200,
          body: { $keys: ['links', 'count', 'hasMore', 'items', 'offset', 'totalResults'], offset: 0 },
        },
      },
    ],
  },
  {
    id: 'collections.items-are-addresses',
    title: 'an item is a link and an id and nothing else',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-051', says: 'items hold only links and id, whatever the record' },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=5` },
        expect: {
          status: 200,
          body: {
            items: {
              $every: {
                $keys: ['links', 'id'],
                links: [{ rel: 'self', href: { $matchesAnyCase: ITEM_HREF } }],
                id: { $matches: '^-?[0-9]+$' },
              },
            },
          },
        },
      },
    ],
  },
  {
    id: 'collections.limit-is-kept',
    title: 'a page holds as many items as limit says and tells that there are more',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-052', says: 'limit and offset choose the page' },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=2&offset=0` },
        expect: { status: 200, body: { count: 2, hasMore: true, offset: 0, items: { $length: 2 } } },
      },
      {
        send: { GET: `${CUSTOMER}?limit=2&offset=2` },
        expect: { status: 200, body: { offset: 2, count: { $type: 'integer' } } },
      },
    ],
  },
  {
    id: 'collections.trailing-slash',
    title: 'a collection is found with a slash at its end too',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-011', says: 'samples of the help have both forms' },
    steps: [{ send: { GET: `${CUSTOMER}/?limit=1` }, expect: { status: 200, body: { offset: 0 } } }],
  },
  {
    id: 'collections.empty',
    title: 'a list of nothing is an answer, not an error',
    level: 'should',
    evidence: 'inferred',
    source: { ref: 'REC-059', says: '200 with count 0, no more, no items, no results' },
    steps: [
      {
        send: { GET: `${CUSTOMER}?q=externalId%20IS%20%22{unique}%22` },
        expect: { status: 200, body: { count: 0, hasMore: false, items: [], totalResults: 0 } },
      },
    ],
  },
  {
    id: 'collections.offset-not-a-multiple',
    title: 'an offset that is no multiple of limit is refused',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-054', says: '20 of 10 is right, 15 of 10 is wrong' },
    steps: [{ send: { GET: `${CUSTOMER}?limit=10&offset=15` }, expect: { status: 400 } }],
  },
  {
    id: 'collections.bad-limit',
    title: 'a limit of zero, of more than a thousand or of letters is refused and named',
    level: 'should',
    evidence: 'inferred',
    source: {
      ref: 'REC-500',
      says: '400 INVALID_PARAMETER with the name of the parameter, as for other parameters',
    },
    steps: ['0', '1001', 'abc'].map((limit) => ({
      send: { GET: `${CUSTOMER}?limit=${limit}` },
      expect: {
        status: 400,
        errorCode: 'INVALID_PARAMETER',
        body: { 'o:errorDetails': [{ 'o:errorQueryParam': 'limit' }] },
      },
    })),
  },
  {
    id: 'collections.links-of-the-first-page',
    title: 'the first of several pages links to the next, the last and itself',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-020', says: 'first page: next, last, self, in this order' },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1` },
        expect: { status: 200, body: { links: [{ rel: 'next' }, { rel: 'last' }, { rel: 'self' }] } },
      },
    ],
  },
  {
    id: 'collections.links-of-a-middle-page',
    title: 'a page in the middle links in all directions',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-020', says: 'middle page: previous, first, next, last, self' },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1&offset=1` },
        expect: {
          status: 200,
          body: {
            links: [{ rel: 'previous' }, { rel: 'first' }, { rel: 'next' }, { rel: 'last' }, { rel: 'self' }],
          },
        },
      },
    ],
  },
  {
    id: 'collections.self-repeats-query',
    title: 'the self link of a page repeats the query as it was sent',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-020', says: 'self repeats the request’s query and has method GET' },
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1` },
        expect: {
          status: 200,
          body: { links: { $has: { rel: 'self', method: 'GET', href: { $matches: '\\?limit=1$' } } } },
        },
      },
    ],
  },
  {
    id: 'collections.page-links-carry-limit-and-offset',
    title: 'links to other pages carry limit and offset',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'OPQ-020', says: 'their hrefs carry limit and offset and no other key' },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1` },
        expect: {
          status: 200,
          body: { links: { $has: { rel: 'next', href: { $matches: '\\?limit=1&offset=1$' } } } },
        },
      },
    ],
  },
  {
    id: 'collections.hrefs-in-lower-case',
    title: 'links to other pages spell the type in lower case whatever the request did',
    level: 'must',
    evidence: 'observed',
    source: {
      ref: 'OPQ-083',
      says: 'hrefs of items and pages carry the lower-case type; self keeps the request’s',
    },
    needs: ['writes'],
    given: THREE,
    steps: [
      {
        send: { GET: '/services/rest/record/v1/Customer?limit=1' },
        expect: {
          status: 200,
          body: {
            links: {
              $has: { rel: 'next', href: { $matches: '/v1/customer\\?' } },
            },
            items: [{ links: [{ href: { $matches: '/v1/customer/-?[0-9]+$' } }] }],
          },
        },
      },
    ],
  },
]
