/** Requests that nobody should send. If one is missing here, nobody knows what the account makes of it. */
import { RECORD_BASE_PATH as BASE } from '../../protocol/wire.ts'

const customers = `${BASE}/customer`

const deep = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000)

export type Odd = readonly [
  title: string,
  method: string,
  path: string,
  body?: string | Buffer | undefined,
  headers?: Record<string, string | string[]>,
]
export const ODD: readonly Odd[] = [
  ['TRACE', 'TRACE', customers],
  ['an unknown method', 'PROPFIND', customers],
  ['a method on the wrong address', 'DELETE', customers],
  ['an unknown path', 'GET', '/nowhere'],
  ['the root', 'GET', '/'],
  ['the bare service', 'GET', BASE],
  ['slashes only', 'GET', `${BASE}////`],
  ['a long URL', 'GET', `${customers}/${'9'.repeat(12_000)}`],
  ['a long query', 'GET', `${customers}?${Array.from({ length: 1500 }, (_, n) => `a${n}=b`).join('&')}`],
  ['bad percent-encoding', 'GET', `${customers}/%zz`],
  ['bad percent-encoding in an external id', 'PUT', `${customers}/eid:%zz`, '{}'],
  ['bad percent-encoding in the query', 'GET', `${customers}?limit=%zz`],
  ['percent-encoded bytes that are no UTF-8', 'GET', `${customers}/%ff%fe`],
  ['a null byte in an id', 'GET', `${customers}/1%00`],
  ['a null byte in an external id', 'PUT', `${customers}/eid:a%00b`, '{"companyName":"a\\u0000b"}'],
  ['an empty external id', 'PUT', `${customers}/eid:`, '{"companyName":"x"}'],
  ['a long external id', 'PUT', `${customers}/eid:${'x'.repeat(8000)}`, '{"companyName":"long"}'],
  ['__proto__ as a type', 'GET', `${BASE}/__proto__/1`],
  ['constructor as a type', 'POST', `${BASE}/constructor`, '{}'],
  ['__proto__ as an id', 'GET', `${customers}/__proto__`],
  ['__proto__ among fields', 'GET', `${customers}/1?fields=__proto__,constructor`],
  ['__proto__ as a parameter', 'GET', `${customers}?__proto__=1&constructor=2`],
  ['a huge limit', 'GET', `${customers}?limit=99999999999999999999`],
  ['a negative offset', 'GET', `${customers}?offset=-1`],
  ['an id beyond all integers', 'GET', `${customers}/99999999999999999999999`],
  ['no body', 'POST', customers],
  ['an empty object', 'POST', customers, '{}'],
  ['an array', 'POST', customers, '[]'],
  ['a number', 'POST', customers, '1e999'],
  ['invalid UTF-8', 'POST', customers, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a lone surrogate', 'POST', customers, '{"companyName":"\\ud800"}'],
  ['__proto__ in the body', 'POST', customers, '{"companyName":"p1","__proto__":{"companyName":"p"}}'],
  ['constructor in the body', 'POST', customers, '{"companyName":"p2","constructor":{"prototype":{"x":1}}}'],
  [
    'toString as a field',
    'POST',
    customers,
    '{"companyName":"p3","toString":1,"valueOf":2,"hasOwnProperty":3}',
  ],
  ['an array of 100,000 levels', 'POST', customers, `{"companyName":${deep('[', ']')}}`],
  [
    'an unknown field of 100,000 levels',
    'POST',
    customers,
    `{"custentity_x":${deep('{"a":', '').replace(/"a":$/, '')}${'}'.repeat(100_000)}}`,
  ],
  [
    'a reference of 100,000 levels',
    'POST',
    customers,
    `{"currency":${'{"id":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  ],
  ['a sublist of 100,000 levels', 'POST', customers, `{"addressBook":{"items":${deep('[', ']')}}}`],
  ['nothing but openings', 'POST', customers, '['.repeat(100_000)],
  [
    'numbers beyond doubles',
    'POST',
    customers,
    '{"companyName":"big","creditLimit":1e999,"entityStatus":{"id":1e400}}',
  ],
  [
    'a number of many digits',
    'POST',
    customers,
    `{"companyName":"digits","creditLimit":${'9'.repeat(5000)}}`,
  ],
  ['a date far away', 'POST', `${BASE}/salesOrder`, '{"tranDate":"999999-99-99","entity":{"id":"x"}}'],
  ['fields of the wrong kind', 'POST', `${BASE}/salesOrder`, '{"item":[1,null,{}],"entity":[]}'],
  [
    'sublist lines that are none',
    'POST',
    `${BASE}/salesOrder`,
    '{"entity":{"id":"1"},"item":{"items":[null,1,"x",[],{"item":{"id":{}}}]}}',
  ],
  [
    'null everywhere',
    'POST',
    `${BASE}/salesOrder`,
    '{"entity":null,"item":null,"externalId":null,"id":null,"links":null}',
  ],
  ['an external id that is an object', 'POST', customers, '{"companyName":"obj","externalId":{"a":1}}'],
  ['a long name', 'POST', customers, `{"companyName":"${'n'.repeat(1_000_000)}"}`],
  ['a media type of another world', 'POST', customers, '{}', { 'content-type': 'image/png' }],
  ['many cookies', 'GET', customers, undefined, { cookie: Array.from({ length: 50 }, (_, n) => `a${n}=1`) }],
  ['an Authorization that is none', 'GET', customers, undefined, { authorization: 'OAuth ===,,,"""' }],
  ['a Bearer token', 'GET', customers, undefined, { authorization: 'Bearer x' }],
  ['an upgrade', 'GET', customers, undefined, { connection: 'upgrade', upgrade: 'websocket' }],
  ['a bad validation header', 'POST', customers, '{}', { 'x-netsuite-propertynamevalidation': 'perhaps' }],
  ['Expect', 'POST', customers, '{"companyName":"expect"}', { expect: '100-continue' }],
]

/** Refused at the door: no login in them, or a query that cannot be signed. */
export const NOT_LOGGED_IN = new Set([
  'bad percent-encoding in the query',
  'an Authorization that is none',
  'a Bearer token',
])
