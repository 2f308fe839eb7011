/**
 * Word lists of the order generator: people and places as a web shop meets them, accents and apostrophes included,
 * because those are what breaks careless integrations. All invented combinations; nobody real.
 */

export const FIRST_NAMES = [
  'Ava',
  'Liam',
  'Noah',
  'Mia',
  'Zoë',
  'José',
  'Anaïs',
  'Björn',
  'Priya',
  'Wei',
  'Fatima',
  'Olga',
  'Kwame',
  'Siobhán',
  'Łukasz',
  'Grace',
  'Henry',
  'Ines',
  'Jack',
  'Yuki',
] as const

export const LAST_NAMES = [
  'Nguyen',
  "O'Brien",
  'Smith',
  'García',
  'Müller',
  'Kowalski',
  'Okafor',
  'Jensen',
  'Patel',
  'Rossi',
  'van den Berg',
  'Lee',
  'Silva',
  'Novák',
  'Ahmed',
  'Tanaka',
  'Brown',
  'Dubois',
  'St. James',
  'Ivanova',
] as const

export const STREETS = [
  'Main St',
  'Oak Ave',
  'Harbor Rd',
  '2nd St',
  'Elm Ct',
  'Lakeview Dr',
  'Mission Blvd',
] as const

/** City, state or province, first digits of its postal code, country. */
export const CITIES = [
  ['Austin', 'TX', '787', 'US'],
  ['Portland', 'OR', '972', 'US'],
  ['Chicago', 'IL', '606', 'US'],
  ['Boston', 'MA', '021', 'US'],
  ['Denver', 'CO', '802', 'US'],
  ['Atlanta', 'GA', '303', 'US'],
  ['San José', 'CA', '951', 'US'],
  ['Coeur d’Alene', 'ID', '838', 'US'],
] as const
