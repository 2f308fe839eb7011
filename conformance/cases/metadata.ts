/** The metadata catalogue: the list of record types, and two descriptions of a type. All of it only reads. */
import type { ConformanceCase } from '../case.ts'

const CATALOG = '/services/rest/record/v1/metadata-catalog'
const OPEN_API = { Accept: 'application/swagger+json' }
const JSON_SCHEMA = { Accept: 'application/schema+json' }

const list: readonly ConformanceCase[] = [
  {
    id: 'metadata.list-of-types',
    title: 'the catalogue lists record types, each with a name and four links',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-230', says: 'items of name and links: canonical, two alternates, describes' },
    steps: [
      {
        send: { GET: CATALOG },
        expect: {
          status: 200,
          body: { items: { $every: { name: { $type: 'string' }, links: { $length: 4 } } } },
        },
      },
    ],
  },
  {
    id: 'metadata.link-media-types',
    title: 'the alternates of a type are OpenAPI and JSON Schema',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-230', says: 'alternate links name application/swagger+json and schema+json' },
    steps: [
      {
        send: { GET: CATALOG },
        expect: {
          status: 200,
          body: {
            items: {
              $has: {
                name: { $matchesAnyCase: '^customer$' },
                links: [
                  { rel: 'canonical' },
                  { rel: 'alternate', mediaType: 'application/swagger+json' },
                  { rel: 'alternate', mediaType: 'application/schema+json' },
                  {
                    rel: 'describes',
                    href: { $matchesAnyCase: '^{base}/services/rest/record/v1/customer$' },
                  },
                ],
              },
            },
          },
        },
      },
    ],
  },
  {
    id: 'metadata.list-in-lower-case',
    title: 'names and links of the list are all in lower case',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'OAS-009', says: 'a saved list has salesorder where documents have salesOrder' },
    steps: [
      {
        send: { GET: CATALOG },
        expect: { status: 200, body: { items: { $every: { name: { $matches: '^[a-z0-9_]+$' } } } } },
      },
    ],
  },
  {
    id: 'metadata.space-in-path',
    title: 'a space after a comma in the path answers 400 INVALID_REQUEST',
    level: 'must',
    evidence: 'documented',
    source: {
      ref: 'REC-E07',
      says: 'The request could not be understood by the server due to malformed syntax.',
    },
    steps: [
      {
        send: { GET: `${CATALOG}/customer,%20salesorder` },
        expect: { status: 400, errorCode: 'INVALID_REQUEST' },
      },
    ],
  },
]

const descriptions: readonly ConformanceCase[] = [
  {
    id: 'metadata.open-api',
    title: 'application/swagger+json gives an OpenAPI 3.0 document with paths and schemas',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-232', says: 'OpenAPI 3.0: paths, parameters, components.schemas' },
    steps: [
      {
        send: { GET: `${CATALOG}?select=customer`, headers: OPEN_API },
        expect: {
          status: 200,
          body: {
            openapi: { $matches: '^3\\.0' },
            paths: {
              '/customer': { get: { parameters: { $has: { name: 'q', in: 'query' } } } },
              '/customer/{id}': { get: { $type: 'object' }, patch: { $type: 'object' } },
            },
            components: { schemas: { customer: { properties: { companyName: { type: 'string' } } } } },
          },
        },
      },
    ],
  },
  {
    id: 'metadata.select-restricts',
    title: 'a type that is not selected has no structure in the document',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-236', says: 'types referred to but not selected become structure-less objects' },
    steps: [
      {
        send: { GET: `${CATALOG}?select=customer`, headers: OPEN_API },
        expect: {
          status: 200,
          body: {
            paths: { '/contact': { $absent: true } },
            components: { schemas: { customer: { type: 'object' }, contact: { $absent: true } } },
          },
        },
      },
    ],
  },
  {
    id: 'metadata.names-in-any-case',
    title: 'record types are selected by name in any case',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-231', says: 'names in the catalogue are matched in any case' },
    steps: [
      {
        send: { GET: `${CATALOG}/CUSTOMER`, headers: JSON_SCHEMA },
        expect: { status: 200, body: { properties: { companyName: { type: 'string' } } } },
      },
    ],
  },
  {
    id: 'metadata.json-schema',
    title: 'application/schema+json gives a draft-06 hyper-schema of the body alone',
    level: 'must',
    evidence: 'documented',
    source: { ref: 'REC-232', says: '$schema is https://json-schema.org/draft-06/hyper-schema#; no paths' },
    steps: [
      {
        send: { GET: `${CATALOG}/customer`, headers: JSON_SCHEMA },
        expect: {
          status: 200,
          text: { $matches: '"https://json-schema\\.org/draft-06/hyper-schema#"' },
          body: { type: 'object', properties: { $type: 'object' }, paths: { $absent: true } },
        },
      },
    ],
  },
  {
    id: 'metadata.references-are-addresses',
    title: 'references of a JSON schema are addresses in the catalogue',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'REC-235', says: 'the members of links refer to …/metadata-catalog/nsLink' },
    steps: [
      {
        send: { GET: `${CATALOG}/customer`, headers: JSON_SCHEMA },
        expect: {
          status: 200,
          text: { $matchesAnyCase: '"/services/rest/record/v1/metadata-catalog/nslink"' },
        },
      },
    ],
  },
]

export const metadataCases: readonly ConformanceCase[] = [...list, ...descriptions]
