/** The board on which workers share an account, in the database of their queue: one row for each account. */
import type { Clock } from '../../kernel/clock.ts'
import type { Postgres } from './postgres.ts'
import { nowSql } from './postgres-schema.ts'
import type { Board } from './throttle/board.ts'
import type { BoardStore } from './throttle/shared-limit.ts'

const READ = `SELECT t.now_ms, b.version::float8, b.board FROM (SELECT ${nowSql('$1')} AS now_ms) t
  LEFT JOIN seatrial.board b ON b.account = $2`
const SWAP = `INSERT INTO seatrial.board AS b VALUES ($1, 1, $3)
  ON CONFLICT (account) DO UPDATE SET version = b.version + 1, board = excluded.board WHERE b.version = $2
  RETURNING b.version`

export class PostgresBoard<State> implements BoardStore<State> {
  readonly #clock: Clock
  readonly #db: Postgres
  readonly #account: string

  /** On a database with the schema of a queue. `account`: whose slots they are, e.g. `1234567_SB1`. */
  constructor(clock: Clock, db: Postgres, account: string) {
    this.#clock = clock
    this.#db = db
    this.#account = account
  }

  async read() {
    const givenMs = this.#clock.mode === 'virtual' ? this.#clock.now() : null
    const rows = await this.#db.query<{ now_ms: number; version: number | null; board: string | null }>(
      READ,
      [givenMs, this.#account],
    )
    const { now_ms: nowMs, version, board } = rows[0]!
    return {
      version: version ?? 0,
      board: board === null ? undefined : (JSON.parse(board) as Board<State>),
      nowMs,
    }
  }

  async swap(version: number, board: Board<State>): Promise<boolean> {
    const rows = await this.#db.query(SWAP, [this.#account, version, JSON.stringify(board)])
    return rows.length === 1
  }
}
