/**
 * Routes for copies of the account. A restore happens between two requests, whole or not at all. Requests that were let in before it
 * and are not carried out yet end with their connection reset, and change nothing. Journal, usage, faults, limits,
 * nonces and the clock are no part of a snapshot.
 */
import { newSnapshotSchema, snapshotSchema, snapshotsSchema } from '../../protocol/control.ts'
import { SNAPSHOTS_MAX } from '../records/snapshots.ts'
import { ControlError, notFound, route } from './route.ts'

export const snapshotRoutes = [
  route({
    method: 'GET',
    path: '/snapshots',
    summary: 'Copies of the account, in the order they were taken',
    answer: snapshotsSchema,
    handle: (_, { account }) => ({ items: account.store.snapshots.list() }),
  }),
  route({
    method: 'POST',
    path: '/snapshots',
    summary: `Take a copy of records, sequences, stock and jobs; there can be ${SNAPSHOTS_MAX}`,
    body: newSnapshotSchema,
    answer: snapshotSchema,
    handle: ({ body: { name } }, { account: { store, clock } }) => {
      if (store.snapshots.get(name) !== undefined) {
        const mend = 'choose another name, or DELETE the old one first'
        throw new ControlError(409, 'E_SNAPSHOT_EXISTS', `a snapshot named ${name} is there`, mend)
      }
      if (store.snapshots.list().length >= SNAPSHOTS_MAX) {
        const mend = 'DELETE one that is not needed any more'
        throw new ControlError(409, 'E_SNAPSHOTS_FULL', `there are ${SNAPSHOTS_MAX} snapshots already`, mend)
      }
      return store.snapshots.take(name, clock.now())
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/{name}/restore',
    summary: 'Bring the account back to a copy; requests under way end with a reset connection',
    handle: ({ parameters: { name } }, { restore }) => {
      if (!restore(name)) throw unknown(name)
    },
  }),
  route({
    method: 'DELETE',
    path: '/snapshots/{name}',
    summary: 'Drop a copy',
    handle: ({ parameters: { name } }, { account }) => {
      if (!account.store.snapshots.remove(name)) throw unknown(name)
    },
  }),
]

function unknown(name: string): ControlError {
  return notFound(`no snapshot ${name}`, 'GET /_seatrial/snapshots lists them')
}
