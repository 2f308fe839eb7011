/** All cases, area by area: the suite. A new file of cases is added here and nowhere else. */
import { type ConformanceCase, checkCases } from '../case.ts'
import { asyncCases } from './async.ts'
import { authCases } from './auth.ts'
import { batchCases } from './batch.ts'
import { collectionCases } from './collections.ts'
import { deleteCases } from './delete.ts'
import { errorCases } from './errors.ts'
import { externalIdCases } from './external-ids.ts'
import { filterCases } from './filters.ts'
import { governanceCases } from './governance.ts'
import { headerCases } from './headers.ts'
import { metadataCases } from './metadata.ts'
import { oauth2Cases } from './oauth2.ts'
import { permissionCases } from './permissions.ts'
import { recordCases } from './records.ts'
import { referenceCases } from './references.ts'
import { subResourceCases } from './sub-resources.ts'
import { sublistCases } from './sublists.ts'
import { systemCases } from './system.ts'
import { transformCases } from './transforms.ts'
import { upsertCases } from './upsert.ts'
import { writingCases } from './writing.ts'

/** Read-only areas first, so that a target that cannot be reached or logged in to is known at once. */
export const allCases: readonly ConformanceCase[] = checkCases([
  ...authCases,
  ...oauth2Cases,
  ...errorCases,
  ...metadataCases,
  ...systemCases,
  ...recordCases,
  ...referenceCases,
  ...upsertCases,
  ...externalIdCases,
  ...collectionCases,
  ...filterCases,
  ...subResourceCases,
  ...transformCases,
  ...writingCases,
  ...deleteCases,
  ...sublistCases,
  ...headerCases,
  ...asyncCases,
  ...batchCases,
  ...permissionCases,
  ...governanceCases,
])
