/** The form a client posts, and who the client is: by Basic, or by its id alone where it is a public one. [AUT-083, AUT-084] */
import type { ParsedRequest } from '../../request.ts'
import type { KnownIntegration, Registry } from '../registry.ts'
import { tokenRefusal } from './refusal.ts'

/** The fields of a form; undefined where the body is none, or names a field twice. Empty fields count as absent. */
export function parseForm({ headers, body }: ParsedRequest): ReadonlyMap<string, string> | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return undefined
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body ?? '')) {
    if (fields.has(name)) return undefined
    if (value !== '') fields.set(name, value)
  }
  return fields
}

/** Whose client it is that asks; throws `invalid_client`. */
export function authenticateClient(
  { registry, accountId }: { readonly registry: Registry; readonly accountId: string },
  headers: Readonly<Record<string, string>>,
  form: ReadonlyMap<string, string>,
): KnownIntegration {
  const basic = basicOf(headers.authorization)
  const integration = registry.byClientId(basic?.id ?? form.get('client_id') ?? '')
  const client = integration?.oauth2
  if (integration === undefined || client === undefined)
    throw tokenRefusal(accountId, 'invalid_client', 'InvalidIntegration')
  const attempt = { integration: integration.name }
  if (integration.isBlocked) throw tokenRefusal(accountId, 'invalid_client', 'IntegrationBlocked', attempt)
  const isKnown = basic === undefined ? client.isPublic : basic.secret === client.clientSecret
  if (!isKnown) throw tokenRefusal(accountId, 'invalid_client', 'InvalidIntegration', attempt)
  return integration
}

function basicOf(header: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const coded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1]
  if (coded === undefined) return undefined
  const text = Buffer.from(coded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  if (at < 0) return { id: text, secret: '' }
  return { id: text.slice(0, at), secret: text.slice(at + 1) }
}
