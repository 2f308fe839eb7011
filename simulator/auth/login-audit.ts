/**
 * The Login Audit Trail: failed logins with their real reason, newest kept, and a count of all. Successes are counted
 * only, so that a good login costs an addition. [AUT-042, AUT-051, AUT-093]
 */
import type { FailedLogin, LoginsPage } from '../../protocol/control.ts'

export interface LoginAudit {
  succeeded(): void
  failed(login: Omit<FailedLogin, 'sequence' | 'status'>): void
  /** Entries above `after`, oldest first, at most `limit`. */
  page(after: number, limit: number): LoginsPage
  reset(): void
}

export function createLoginAudit(capacity: number): LoginAudit {
  let ring: FailedLogin[] = []
  let failures = 0
  let successes = 0
  return {
    succeeded: () => void successes++,
    failed(login) {
      ring[failures % capacity] = { sequence: ++failures, status: 'Failure', ...login }
    },
    page(after, limit) {
      const items: FailedLogin[] = []
      const oldest = Math.max(1, failures - capacity + 1)
      let sequence = Math.max(after + 1, oldest)
      for (; sequence <= failures && items.length < limit; sequence++)
        items.push(ring[(sequence - 1) % capacity]!)
      return { items, hasMore: sequence <= failures, overwritten: oldest - 1, successes, failures }
    },
    reset() {
      ring = []
      failures = 0
      successes = 0
    },
  }
}
