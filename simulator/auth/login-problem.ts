/** Integrations of a profile that nobody can log in as: named when the profile is read, not by a generic 401 later. */
import type { Profile } from '../profile.ts'

interface Problem {
  readonly message: string
  readonly pointer: string
  readonly mend: string
}

/** The first integration without any way in, and where; undefined when all is well. */
export function loginProblem(integrations: Profile['integrations']): Problem | undefined {
  for (const [at, { name, tokens, oauth2 }] of integrations.entries()) {
    if (tokens.length > 0) continue
    const pointer = `/integrations/${at}`
    if (oauth2 === undefined) {
      const message = `nobody can log in as ${name}: it has neither tokens nor oauth2`
      return { message, pointer, mend: 'give it tokens, or oauth2 with certificates or redirectUris' }
    }
    const { grants, certificates, redirectUris } = oauth2
    const byCertificate = grants.includes('client_credentials') && certificates.length > 0
    const byUser = grants.includes('authorization_code') && redirectUris.length > 0
    if (byCertificate || byUser) continue
    const message = `nobody can log in as ${name}: without tokens it needs a grant and what goes with it`
    const mend =
      'name certificates for client_credentials [AUT-066], redirectUris for authorization_code [AUT-080], or tokens'
    return { message, pointer: `${pointer}/oauth2`, mend }
  }
  return undefined
}
