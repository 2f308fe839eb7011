/** A user event script: refuses customers without a name of their own, and notes who was checked. */
import type { BeforeSubmitContext } from '../../simulator/scripts/api.ts'

export function beforeSubmit({ newRecord }: BeforeSubmitContext): void {
  const name = String(newRecord.getValue('companyName') ?? '')
  if (/^test\b/i.test(name)) throw new Error(`Credit check: ${name} is no company.`)
  newRecord.setValue({ fieldId: 'comments', value: 'credit checked' })
}
