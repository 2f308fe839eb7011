/**
 * What Seatrial keeps in a PostgreSQL database: one schema of its own, `seatrial`, beside whatever else is there. It is ours
 * when its table `product` says so; a schema of that name which is not ours, or of a newer version, is refused untouched.
 *
 * A *lane* is an order key that has items, with the state of its first one: claims look at one narrow index of lanes and
 * skip nothing, and payloads are never rewritten. Whoever adds to a lane or takes from it holds the lane's row, in the order
 * of keys: so no item can slip in unseen while the last one leaves, and no two of us wait for each other in a circle.
 */
import { AppError } from '../../kernel/error.ts'
import type { Postgres } from './postgres.ts'

export const SCHEMA_VERSION = 1

/** Two programs may start on an empty database at once. The number is arbitrary, and only has to be the same for both. */
const INSTALL_LOCK = 7_346_201_554

/** So many lanes become claimable in one claim at most: with a million due at once, none must take minutes. */
const WAKE_MAX = 10_000

/** The time all of a statement goes by, in SQL: the caller's where it gives one, else the database's. */
export function nowSql(given: string): string {
  return `coalesce(${given}::float8, extract(epoch FROM statement_timestamp())::float8 * 1000)`
}

/**
 * Tables that are queues have statistics that are wrong most of the time; the planner must not conclude from them that
 * reading a whole table, or a whole index to join it, is cheap: so a claim looks up arrays and single rows. The dead rows
 * that updates leave behind must be cleared away early.
 */
const BY_INDEX =
  'SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan'
const VACUUM = 'WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)'

const TABLES = `
  CREATE TABLE seatrial.product (name text NOT NULL, version integer NOT NULL);
  CREATE TABLE seatrial.known (dedupe_key text COLLATE "C" PRIMARY KEY);
  CREATE SEQUENCE seatrial.arrival;
  CREATE TABLE seatrial.item (
    id bigint PRIMARY KEY, order_key text COLLATE "C" NOT NULL, dedupe_key text NOT NULL, priority integer NOT NULL,
    until_ms float8 NOT NULL, enqueued_ms float8 NOT NULL, abandoned boolean NOT NULL, payload text NOT NULL
  ) ${VACUUM};
  CREATE INDEX item_lane ON seatrial.item (order_key, id);
  CREATE TABLE seatrial.lane (
    order_key text COLLATE "C" PRIMARY KEY, item_id bigint NOT NULL, priority integer NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'delayed', 'leased')), until_ms float8 NOT NULL,
    deliveries integer NOT NULL DEFAULT 0, abandoned boolean NOT NULL, progress text
  ) ${VACUUM};
  CREATE INDEX lane_waiting ON seatrial.lane (priority DESC, item_id) WHERE state = 'waiting';
  CREATE INDEX lane_due ON seatrial.lane (until_ms) WHERE state <> 'waiting';
  CREATE TABLE seatrial.dead (
    id bigint PRIMARY KEY, order_key text NOT NULL, dedupe_key text NOT NULL, priority integer NOT NULL,
    payload text NOT NULL, reason text NOT NULL, at_ms float8 NOT NULL
  );
  CREATE TABLE seatrial.board (account text PRIMARY KEY, version bigint NOT NULL, board text NOT NULL);
`

/** Takes the rows of a CTE `taken` (id, order_key, dedupe_key, priority, until_ms, abandoned, payload) into their lanes. */
const LINE_UP = `
      lanes AS (
        INSERT INTO seatrial.lane AS l (order_key, item_id, priority, state, until_ms, abandoned)
        SELECT DISTINCT ON (t.order_key) t.order_key, t.id, t.priority,
          CASE WHEN t.until_ms > now_ms THEN 'delayed' ELSE 'waiting' END, t.until_ms, t.abandoned
        FROM taken t ORDER BY t.order_key, t.id
        -- An update of nothing: it only holds the row of a lane that is there already.
        ON CONFLICT ON CONSTRAINT lane_pkey DO UPDATE SET item_id = 0 WHERE false
      ), items AS (
        INSERT INTO seatrial.item (id, order_key, dedupe_key, priority, until_ms, enqueued_ms, abandoned, payload)
        SELECT t.id, t.order_key, t.dedupe_key, t.priority, t.until_ms, now_ms, t.abandoned, t.payload FROM taken t ORDER BY t.id
      )`

/** Functions, because each statement in one sees what was committed before it, and because one is one trip to the server. */
const FUNCTIONS = `
  CREATE FUNCTION seatrial.enqueue(given_ms float8, dedupe_keys text[], order_keys text[], priorities integer[],
    waits_ms float8[], payloads text[])
  RETURNS SETOF integer LANGUAGE plpgsql AS $body$
  DECLARE now_ms float8 := ${nowSql('given_ms')};
  BEGIN
    RETURN QUERY
      WITH input AS (
        SELECT t.dedupe_key COLLATE "C" AS dedupe_key, t.order_key COLLATE "C" AS order_key, t.priority,
          coalesce(now_ms + t.wait_ms, 0) AS until_ms, t.payload, t.n
        FROM unnest(dedupe_keys, order_keys, priorities, waits_ms, payloads)
          WITH ORDINALITY AS t (dedupe_key, order_key, priority, wait_ms, payload, n)
      ), fresh AS (
        INSERT INTO seatrial.known AS k SELECT DISTINCT i.dedupe_key FROM input i ORDER BY i.dedupe_key
        ON CONFLICT DO NOTHING RETURNING k.dedupe_key
      ), first AS (
        SELECT min(i.n) AS n FROM input i JOIN fresh f ON f.dedupe_key = i.dedupe_key GROUP BY i.dedupe_key
      ), taken AS MATERIALIZED (
        SELECT nextval('seatrial.arrival') AS id, s.*, false AS abandoned
        FROM (SELECT i.* FROM input i JOIN first USING (n) ORDER BY i.n) s
      ), ${LINE_UP}
      SELECT t.n::integer FROM taken t;
  END $body$;

  CREATE FUNCTION seatrial.redrive(given_ms float8, ids bigint[])
  RETURNS integer LANGUAGE plpgsql AS $body$
  DECLARE
    now_ms float8 := ${nowSql('given_ms')};
    count integer;
  BEGIN
    WITH raised AS (
      DELETE FROM seatrial.dead d USING unnest(ids) WITH ORDINALITY AS t (id, n) WHERE d.id = t.id RETURNING d.*, t.n
    ), taken AS MATERIALIZED (
      SELECT nextval('seatrial.arrival') AS id, s.order_key COLLATE "C" AS order_key, s.dedupe_key, s.priority,
        0::float8 AS until_ms, true AS abandoned, s.payload
      FROM (SELECT * FROM raised ORDER BY raised.n) s
    ), ${LINE_UP}
    SELECT count(*)::integer INTO count FROM taken;
    RETURN count;
  END $body$;

  CREATE FUNCTION seatrial.claim(given_ms float8, lease_ms float8, most integer)
  RETURNS TABLE (id text, dedupe_key text, order_key text, priority integer, deliveries integer, abandoned boolean,
    enqueued_ms float8, progress text, payload text)
  LANGUAGE plpgsql ${BY_INDEX} AS $body$
  #variable_conflict use_column
  DECLARE now_ms float8 := ${nowSql('given_ms')};
  BEGIN
    UPDATE seatrial.lane SET abandoned = abandoned OR state = 'leased', state = 'waiting' WHERE order_key = ANY (ARRAY(
      SELECT due.order_key FROM seatrial.lane due WHERE due.state <> 'waiting' AND due.until_ms <= now_ms
      ORDER BY due.until_ms LIMIT ${WAKE_MAX} FOR UPDATE SKIP LOCKED));
    RETURN QUERY
      WITH claimed AS (
        UPDATE seatrial.lane l SET state = 'leased', deliveries = l.deliveries + 1, until_ms = now_ms + lease_ms
        WHERE l.order_key = ANY (ARRAY(
          SELECT w.order_key FROM seatrial.lane w WHERE w.state = 'waiting'
          ORDER BY w.priority DESC, w.item_id LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING l.*
      )
      SELECT i.id::text, i.dedupe_key, i.order_key, i.priority, c.deliveries, c.abandoned, i.enqueued_ms, c.progress, i.payload
      FROM claimed c CROSS JOIN LATERAL (SELECT * FROM seatrial.item WHERE item.id = c.item_id OFFSET 0) i ORDER BY c.priority DESC, c.item_id;
  END $body$;

  CREATE FUNCTION seatrial.settle(given_ms float8, lease_ms float8, order_keys text[], ids bigint[], counts integer[],
    verdicts text[], waits_ms float8[], notes text[])
  RETURNS SETOF integer LANGUAGE plpgsql ${BY_INDEX} AS $body$
  DECLARE
    now_ms float8 := ${nowSql('given_ms')};
    one record;
    gone seatrial.item;
    next seatrial.item;
  BEGIN
    FOR one IN
      SELECT * FROM unnest(order_keys, ids, counts, verdicts, waits_ms, notes)
        WITH ORDINALITY AS t (lane_key, id, count, verdict, wait_ms, note, n)
      ORDER BY lane_key COLLATE "C", n
    LOOP
      PERFORM 1 FROM seatrial.lane WHERE order_key = one.lane_key AND item_id = one.id AND deliveries = one.count
        AND state = 'leased' AND until_ms > now_ms FOR UPDATE;
      CONTINUE WHEN NOT FOUND;
      RETURN NEXT one.n::integer;
      IF one.verdict = 'renew' THEN
        UPDATE seatrial.lane SET until_ms = now_ms + lease_ms WHERE order_key = one.lane_key;
      ELSIF one.verdict = 'retry' THEN
        UPDATE seatrial.lane SET state = 'delayed', until_ms = now_ms + one.wait_ms, abandoned = false, progress = one.note
          WHERE order_key = one.lane_key;
      ELSE
        DELETE FROM seatrial.item WHERE id = one.id RETURNING * INTO gone;
        IF one.verdict = 'dead' THEN
          INSERT INTO seatrial.dead
            VALUES (gone.id, gone.order_key, gone.dedupe_key, gone.priority, gone.payload, one.note, now_ms);
        END IF;
        SELECT * INTO next FROM seatrial.item WHERE order_key = one.lane_key ORDER BY id LIMIT 1;
        IF FOUND THEN
          UPDATE seatrial.lane SET item_id = next.id, priority = next.priority, until_ms = next.until_ms, deliveries = 0,
            state = CASE WHEN next.until_ms > now_ms THEN 'delayed' ELSE 'waiting' END, abandoned = next.abandoned, progress = NULL
            WHERE order_key = one.lane_key;
        ELSE
          DELETE FROM seatrial.lane WHERE order_key = one.lane_key;
        END IF;
      END IF;
    END LOOP;
  END $body$;
`

/**
 * Makes the schema where there is none, or checks the one that is there. Throws `E_QUEUE_FOREIGN`, `E_QUEUE_VERSION`, and
 * `E_QUEUE_MISSING` where `mayCreate` is false; then nothing has changed.
 */
export async function ensureSchema(db: Postgres, mayCreate: boolean): Promise<void> {
  if (!(await isOurs(db))) {
    if (!mayCreate)
      throw new AppError('E_QUEUE_MISSING', `${db.name} holds no queue`, {
        mend: 'check the name of the database; `seatrial enqueue` or `seatrial work` makes a queue in it',
      })
    await install(
      db,
      "to_regnamespace('seatrial') IS NULL",
      `CREATE SCHEMA seatrial; ${TABLES} ${FUNCTIONS} ${registered('queue', SCHEMA_VERSION)}`,
    )
  }
  checkVersion(db, 'queue', SCHEMA_VERSION, await versionOf(db, 'queue'))
}

/** What is kept beside the queue, with a version of its own, so that who needs only the queue need not know of it. */
export interface SchemaPart {
  readonly name: string
  readonly version: number
  /** Statements that make it. */
  readonly tables: string
}

/** Makes a part in the schema where it is not, or checks the one that is there. Throws `E_QUEUE_VERSION`. */
export async function ensurePart(db: Postgres, { name, version, tables }: SchemaPart): Promise<void> {
  if ((await versionOf(db, name)) === undefined)
    await install(
      db,
      `NOT EXISTS (SELECT FROM seatrial.product WHERE name = '${name}')`,
      `${tables}; ${registered(name, version)}`,
    )
  checkVersion(db, name, version, await versionOf(db, name))
}

function checkVersion(db: Postgres, name: string, ours: number, theirs: number | undefined): void {
  if (theirs === ours) return
  throw new AppError(
    'E_QUEUE_VERSION',
    `${db.name} holds a ${name} of version ${theirs}; this program reads version ${ours}`,
    { mend: 'run the version of Seatrial that the others run; this database was not changed' },
  )
}

function registered(name: string, version: number): string {
  return `INSERT INTO seatrial.product VALUES ('${name}', ${version});`
}

/** Runs `statements` where `condition` holds, all or none; of several programs at once, one does. */
function install(db: Postgres, condition: string, statements: string): Promise<void> {
  return db.exec(
    `SELECT pg_advisory_xact_lock(${INSTALL_LOCK});
    DO $install$ BEGIN IF ${condition} THEN ${statements} END IF; END $install$;`,
  )
}

/** Whether the schema is there. Throws `E_QUEUE_FOREIGN` for one that is not ours. */
async function isOurs(db: Postgres): Promise<boolean> {
  const [found] = await db.query<{ has_schema: boolean; has_product: boolean }>(
    "SELECT to_regnamespace('seatrial') IS NOT NULL AS has_schema, to_regclass('seatrial.product') IS NOT NULL AS has_product",
  )
  if (!found!.has_schema) return false
  if (found!.has_product && (await versionOf(db, 'queue')) !== undefined) return true
  throw new AppError('E_QUEUE_FOREIGN', `${db.name} has a schema named seatrial that is not ours`, {
    expected: 'a database without that schema, or one that Seatrial made',
    mend: 'name another database; this one was not changed',
  })
}

/** `undefined`: the part is not there. */
async function versionOf(db: Postgres, name: string): Promise<number | undefined> {
  const [row] = await db.query<{ version: number }>('SELECT version FROM seatrial.product WHERE name = $1', [
    name,
  ])
  return row?.version
}
