/**
 * The record catalogue of an account without a document of its own: all 206 record types of release 2026.1. Fifteen
 * core types are known in full; the others have the body fields of release 2020.2, and lines borrowed from core types
 * (scripts/build-catalogue.ts says how). No titles, no custom fields, no list of filterable fields.
 */
import core from './catalog/core.json' with { type: 'json' }
import others from './catalog/others.json' with { type: 'json' }
import { type Catalogue, createCatalogue } from './catalogue.ts'
import { decodeCatalogue } from './compact.ts'

let bundled: Catalogue | undefined

/** The bundled catalogue, indexed on first call and shared: it is never changed. */
export function loadBundledCatalogue(): Catalogue {
  bundled ??= createCatalogue(
    decodeCatalogue([core, others]).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)),
  )
  return bundled
}
