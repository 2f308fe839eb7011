/**
 * If this fails, there is a record type that loses what is written to it, or takes what it must refuse. Bodies are drawn
 * from the catalogue for every type; the message holds the seed and the body.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { differences } from '../../conformance/match.ts'
import { createRng, type Rng } from '../../kernel/rng.ts'
import { loadBundledCatalogue } from '../../simulator/spec/bundled.ts'
import type { RecordType } from '../../simulator/spec/catalogue.ts'
import { drawBody, drawInvalid, drawUnknownName } from './bodies.ts'
import { creatable, createWorld, isPossible, type World } from './world.ts'

/** Another seed: `SEATRIAL_MODEL_SEED=12 npx vitest run test/model`. */
const SEED = process.env.SEATRIAL_MODEL_SEED ?? '1'
const VALID_BODIES = 3
const INVALID_BODIES = 6

const catalogue = loadBundledCatalogue()
const types = creatable(catalogue).map((type) => [type.name, type] as const)
let world: World
beforeAll(async () => {
  world = await createWorld(createRng(SEED).fork('world'))
})

const replay = (type: RecordType, sent: unknown): string =>
  `replay: SEATRIAL_MODEL_SEED=${SEED} npx vitest run test/model/bodies -t ${type.name}\n${JSON.stringify(sent)}`

function rngOf(type: RecordType, label: string, index: number): Rng {
  return createRng(SEED).fork(`${type.name}/${label}/${index}`)
}

async function keepsWhatItIsGiven(type: RecordType, index: number): Promise<void> {
  const { sent, shown } = drawBody(rngOf(type, 'valid', index), type, world.pool)
  const made = await world.send('POST', type.name, sent)
  expect(made.status, `${made.body}\n${replay(type, sent)}`).toBe(204)
  const read = await world.send('GET', `${type.name}/${made.id}?expandSubResources=true`)
  expect(read.status, read.body).toBe(200)
  expect(differences(shown, read.json), replay(type, sent)).toEqual([])
}

async function refuses(
  type: RecordType,
  { sent, field }: { sent: unknown; field: string },
  headers: Record<string, string>,
): Promise<void> {
  const before = await world.counts()
  const answer = await world.send('POST', type.name, sent, headers)
  const said = `${answer.status} ${answer.body}\n${field}: ${replay(type, sent)}`
  expect(answer.status, said).toBe(400)
  expect(answer.headers['content-type'], said).toBe(
    'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
  )
  expect(Object.keys(answer.json), said).toEqual(['type', 'title', 'status', 'o:errorDetails'])
  expect(answer.error?.['o:errorPath']?.split(/[.[]/)[0], said).toBe(field)
  expect(await world.counts(), said).toEqual(before)
}

describe('every record type that can be created', () => {
  it('is covered', () => {
    expect(catalogue.types.length).toBe(206)
    expect(types.length).toBe(201)
    const impossible = types.filter(([, type]) => !isPossible(type, world.pool)).map(([name]) => name)
    expect(impossible).toEqual([])
  })
  it.each(types)(
    '%s keeps what it is given and shows it again [REC-021, REC-032..035, REC-100, REC-109]',
    async (_, type) => {
      for (let index = 0; index < VALID_BODIES; index++) await keepsWhatItIsGiven(type, index)
    },
  )
  it.each(types)(
    '%s refuses a wrong value by its path and stores nothing [REC-106, REC-250, REC-E18]',
    async (_, type) => {
      for (let index = 0; index < INVALID_BODIES; index++) {
        const invalid = drawInvalid(rngOf(type, 'invalid', index), type, world.pool)
        if (invalid !== undefined) await refuses(type, invalid, {})
      }
    },
  )
  it.each(types)('%s refuses an unknown name when asked to [REC-105]', async (_, type) => {
    const invalid = drawUnknownName(rngOf(type, 'unknown', 0), type, world.pool)
    await refuses(type, invalid, { 'x-netsuite-propertynamevalidation': 'error' })
  })
})

describe('the few that cannot', () => {
  it.each(
    catalogue.types.filter(({ methods }) => !methods.collection.includes('POST')).map(({ name }) => [name]),
  )('%s answers 405 [OPQ-010]', async (name) => {
    const answer = await world.send('POST', name, {})
    expect(answer.status).toBe(405)
    expect(answer.error?.['o:errorCode']).toBe('INVALID_METHOD')
  })
})

describe('the drawing of bodies', () => {
  it('gives the same bodies for the same seed, and others for another', () => {
    const type = catalogue.find('salesOrder')!
    const draw = (seed: number) => JSON.stringify(drawBody(createRng(seed), type, world.pool).sent)
    expect(draw(1)).toBe(draw(1))
    expect(draw(1)).not.toBe(draw(2))
  })
  it('fills every kind of field', () => {
    const kinds = new Set(
      types.flatMap(([, type]) => {
        const { sent } = drawBody(createRng(`kinds/${type.name}`), type, world.pool)
        return type.body.fields.filter(({ name }) => name in sent).map(({ kind }) => kind)
      }),
    )
    expect([...kinds].sort()).toEqual(['enum', 'multiSelect', 'reference', 'scalar', 'sublist', 'subrecord'])
  })
})
