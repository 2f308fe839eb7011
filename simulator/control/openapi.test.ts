/** If these fail, the control API's document tells of calls that are not there, or hides calls that are. */
import { describe, expect, it } from 'vitest'
import { createTestAccount } from '../test-account.ts'
import { ROUTES } from './routes.ts'

interface Operation {
  readonly summary: string
  readonly requestBody?: unknown
  readonly responses: Record<string, unknown>
}

const document = async () => {
  const { status, json } = await createTestAccount().send('GET', '/_seatrial/openapi.json')
  expect(status).toBe(200)
  return json as unknown as { openapi: string; paths: Record<string, Record<string, Operation>> }
}

describe('the document of the control API', () => {
  it('has every route, and no other', async () => {
    const { openapi, paths } = await document()
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(openapi).toBe('3.1.0')
    expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} /_seatrial${path}`).sort())
    expect(documented).toContain('POST /_seatrial/records/{type}')
  })
  it('names nothing twice and refers to nothing that is missing', async () => {
    const keys = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
    expect(new Set(keys).size).toBe(keys.length)
    const text = JSON.stringify(await document())
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } }
    const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!)
    expect(referred.filter((name) => !(name in components.schemas))).toEqual([])
    expect(text).not.toContain('#/$defs')
  })
})

describe('every documented route', () => {
  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers as documented',
    async (_, { method, path, body, answer }) => {
      const account = createTestAccount()
      const address = `/_seatrial${path.replace('{type}', 'currency').replaceAll(/\{\w+\}/g, 'none')}`
      const { status, json } = await account.send(method, address, body === undefined ? undefined : [])
      // What is named `none` is not there, and a list is nobody's body: both are refusals of the route itself.
      if (body !== undefined)
        expect([status, json]).toMatchObject([400, { error: { code: 'E_BAD_REQUEST' } }])
      else if (status === 404)
        expect(json).toMatchObject({ error: { message: expect.stringContaining('none') } })
      else if (answer === undefined) expect([status, json]).toEqual([204, {}])
      else expect([status, answer.safeParse(json).error]).toEqual([200, undefined])
    },
  )
})
