/**
 * What the loader met in a document and tolerated, or did not understand. NetSuite's documents break OpenAPI's own
 * rules in known ways, so nothing here stops a load; but nothing passes in silence either: drift of a new release
 * shows up as an oddity before it shows up as a wrong simulation. [OAS §10]
 */

/** Code → what it means for the simulated account. */
export const ODDITIES = {
  'all-of': 'allOf is not NetSuite style; its first member is used',
  'array-without-items': 'an array says nothing of its members; any JSON value is kept [OAS-068]',
  'byte-order-mark': 'the file begins with a byte order mark; skipped',
  'case-twin':
    'two names differ only in case; an exact spelling finds each, other spellings the first [OAS-046]',
  'content-on-204': 'a 204 answer declares a body; there is none [OAS-033]',
  cycle: 'schemas contain each other; the inner one is kept as any JSON value',
  'dangling-ref': 'the schema referred to is not in the document',
  'empty-enum': 'an enumeration lists no values; every value is accepted [OAS-056]',
  'empty-object': 'an object without properties; any JSON value is kept',
  'empty-ref': 'a reference to a record type without a name; it may point at any type [OAS-061]',
  'foreign-ref': 'a $ref of a form NetSuite does not use; never opened, treated as a reference to any type',
  'ignored-keyword': 'a constraint of the document that the simulator does not enforce [OAS-051]',
  'list-name': 'name and shape of a list page disagree; the shape decides [OAS-063]',
  'methods-assumed': 'a JSON schema names no methods; the usual set is assumed [REC-240]',
  'mixed-one-of': 'oneOf has members that are no references; they are ignored [OAS-059]',
  'name-from-file': 'a JSON schema does not name its record type; taken from the file name [OAS-087]',
  'no-type': 'a property has no type; any JSON value is kept',
  'not-a-schema': 'something else where a schema belongs; any JSON value is kept',
  'numeric-enum': 'an enumeration lists values that are not strings; read as strings [OAS-056]',
  'odd-array': 'an array of values; NetSuite uses list pages; any JSON value is kept',
  'odd-filterable': 'x-ns-filterable is not a list of the names of fields; what is not is ignored [OAS-080]',
  'odd-format': 'an unknown format; ignored',
  'odd-sublist-key': 'x-ns-sublistkey has an unknown form; ignored [OAS-065]',
  'odd-type': 'an unknown type; any JSON value is kept',
  'orphan-schema': 'no record type uses this schema',
  'outside-ref':
    'a reference leaves the document; never opened, its last segment names the record type [OAS-061]',
  'page-name': 'a list page whose schema name does not end in Collection [OAS-042]',
  'too-deep': 'schemas nest too deep; the innermost is kept as any JSON value',
  'two-bodies': 'operations of one record type use different schemas; the first is used',
  'unknown-key': 'a key that is not known here; ignored',
  'unknown-method': 'a method that NetSuite does not use here; ignored',
  'unknown-path': 'a path of no known form; ignored',
  'unsafe-name': 'a name that JavaScript reserves on every object; left out',
} as const

export type OddityCode = keyof typeof ODDITIES

export interface Oddity {
  readonly code: OddityCode
  /** Where, as a JSON pointer (RFC 6901) into the document; '' is the whole. */
  readonly pointer: string
  /** What was found there, in one sentence that names it. */
  readonly message: string
}

/** Appends one segment to a JSON pointer, escaped. [RFC 6901] */
export function at(pointer: string, segment: string): string {
  return `${pointer}/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
