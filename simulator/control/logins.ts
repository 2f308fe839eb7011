/** Routes for who may log in, and for logins that failed. What is blocked or revoked stays so until the next reset. */
import { z } from 'zod'
import {
  integrationChangeSchema,
  integrationsSchema,
  loginsPageSchema,
  userChangeSchema,
} from '../../protocol/control.ts'
import { pageQuery } from './query.ts'
import { notFound, route } from './route.ts'

const KNOWN = 'GET /_seatrial/integrations lists them'

function known(isKnown: boolean, what: string): void {
  if (!isKnown) throw notFound(`no ${what}`, KNOWN)
}

export const loginRoutes = [
  route({
    method: 'GET',
    path: '/logins',
    summary: 'The Login Audit Trail: failed logins with their real reason',
    query: z.strictObject(pageQuery),
    answer: loginsPageSchema,
    handle: ({ query }, { authentication }) => authentication.audit.page(query.after, query.limit),
  }),
  route({
    method: 'GET',
    path: '/integrations',
    summary: 'Integration records with their tokens and certificates, without secrets',
    answer: integrationsSchema,
    handle: (_, { authentication }) => ({ items: [...authentication.registry.view()] }),
  }),
  route({
    method: 'PATCH',
    path: '/integrations/{name}',
    summary: 'Block an integration, or enable it again',
    body: integrationChangeSchema,
    handle: ({ parameters: { name }, body }, { authentication }) =>
      known(authentication.registry.setBlocked(name, body.state === 'blocked'), `integration ${name}`),
  }),
  route({
    method: 'PATCH',
    path: '/users/{name}',
    summary: 'Make a user inactive, lock them for half an hour, or let them in again',
    body: userChangeSchema,
    handle: ({ parameters: { name }, body }, { authentication }) =>
      known(authentication.registry.setUser(name, body.state), `user ${name}`),
  }),
  route({
    method: 'DELETE',
    path: '/tokens/{name}',
    summary: 'Revoke a token, by its name or its token id',
    handle: ({ parameters: { name } }, { authentication }) =>
      known(authentication.registry.revokeToken(name), `token ${name}`),
  }),
  route({
    method: 'DELETE',
    path: '/certificates/{id}',
    summary: 'Revoke a certificate of OAuth 2.0; access tokens issued for it live on',
    handle: ({ parameters: { id } }, { authentication }) =>
      known(authentication.registry.revokeCertificate(id), `certificate ${id}`),
  }),
]
