/**
 * 100 contacts at once into an account with five slots, by the public surface of the package and nothing else. Reads where
 * the account is from the ready file of `seatrial serve`, named by its first argument.
 */
import { readFileSync } from 'node:fs'
import { createClient, type Outcome } from 'seatrial'
import type { RecordTypes } from './account.d.ts'

const { accountId, baseUrl, ...credentials } = JSON.parse(readFileSync(process.argv[2]!, 'utf8'))
let attempts = 0
const client = createClient<RecordTypes>({
  account: accountId,
  baseUrl,
  credentials,
  observer: {
    attempt: () => {
      attempts++
    },
  },
})

/** `298 done, 2 refused, 0 unknown`. */
function tally(outcomes: readonly Outcome<unknown>[]): string {
  const kinds = ['done', 'refused', 'unknown'] as const
  return kinds.map((kind) => `${outcomes.filter((one) => one.kind === kind).length} ${kind}`).join(', ')
}

function createAll() {
  const people = Array.from({ length: 100 }, (_, index) => `Person ${index + 1}`)
  return Promise.all(
    people.map((entityId) => client.create('contact', { externalId: entityId.replace(' ', '-'), entityId })),
  )
}

const first = await createAll()
console.log(`100 creates at once: ${tally(first)}`)
console.log(`some were sent more than once: ${attempts > 100}`)

const second = await createAll()
const ids = (outcomes: typeof first): string =>
  outcomes.map((one) => one.kind === 'done' && one.value.id).join()
console.log(`all of them again: ${tally(second)}; the same records: ${ids(first) === ids(second)}`)

const refused = await client.update('contact', 'eid:Person-7', { company: { id: '99999999' } })
if (refused.kind === 'refused')
  console.log(`a company that is not there: ${refused.status} ${refused.detail}`)
const seen = await client.get('contact', 'eid:Person-7')
if (seen.kind === 'done') console.log(`read by external ID: ${seen.value.entityId}`)
const absent = await client.find('contact', 'Person-101')
if (absent.kind === 'done') console.log(`one that does not exist: ${absent.value}`)
await client.close()
