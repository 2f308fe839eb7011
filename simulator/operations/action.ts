/** Record actions: `POST /{type}/{id}/@{action}`, parameters as a JSON body or none. [REC-195, REC-E42] */
import { ApiFault } from '../api-fault.ts'
import { findAction } from '../records/actions.ts'
import { readFields } from '../records/values.ts'
import { readContext, saveAction } from '../records/write.ts'
import { findField } from '../spec/catalogue.ts'
import { readJsonIfAny, writeOptions } from './body.ts'
import {
  type Call,
  describe,
  load,
  notSimulated,
  type Operation,
  resource,
  selfHref,
  type Target,
} from './operation.ts'

export function planAction({ account, request }: Call, target: Target, name: string): Operation {
  const { type } = target
  const action = findAction(type.name, name)
  if (action === undefined) {
    throw new ApiFault(
      'NONEXISTENT_ID',
      `Record action '${name}' does not exist for a ${type.name} record.`,
      {
        url: request.path,
      },
    )
  }
  if (request.method !== 'POST') {
    throw new ApiFault(
      'INVALID_METHOD',
      `This operation is not allowed for a ${type.name} record. Use one of the following valid operations: ${name}.`,
    )
  }
  if (action === 'not simulated') throw notSimulated(`@${name} of a ${type.name}`)
  const json = readJsonIfAny(request)
  const options = writeOptions(request)
  const fields = action.parameters.flatMap((parameter) => findField(type.body, parameter) ?? [])
  return describe(`@${name.toLowerCase()}`, target, 0, () => {
    const record = load(account, target)
    // Parameters that set no field, and a note on a refusal, have no visible effect.
    const sent = readFields(
      { fields },
      json,
      '',
      readContext(account, { ...options, nameValidation: 'ignore' }),
    )
    const outcome = action.run(record.body)
    if ('refusal' in outcome) {
      throw new ApiFault('USER_ERROR', outcome.refusal.detail, { flatTitle: outcome.refusal.title })
    }
    const body = { ...record.body }
    for (const [field, value] of Object.entries({ ...sent, ...outcome.changes })) {
      if (value === undefined || value === null) delete body[field]
      else body[field] = value
    }
    saveAction(account, type, record, body, options)
    const method = account.profile.settings.linkMethod ? { method: 'POST' } : {}
    const links = [{ rel: 'self', href: selfHref(request), ...method }]
    return {
      status: 200,
      headers: resource('singular'),
      body: JSON.stringify({ links, result: true }),
      recordId: String(record.id),
      committed: true,
    }
  })
}
