/** Databases for one measurement, on the server that SEATRIAL_PG_URL names. */
import { openPostgres } from '../harness/engine/index.ts'

/** Makes the databases `names`, gives their addresses to `work`, and drops them. What was left by a run that was cut off goes first. */
export async function withDatabases<T>(
  server: string,
  names: readonly string[],
  work: (urls: readonly string[]) => Promise<T>,
): Promise<T> {
  const admin = await openPostgres(server)
  const drop = async (): Promise<void> => {
    for (const name of names) await admin.exec(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  try {
    await drop()
    for (const name of names) await admin.exec(`CREATE DATABASE ${name}`)
    return await work(names.map((name) => Object.assign(new URL(server), { pathname: `/${name}` }).href))
  } finally {
    await drop()
    await admin.close()
  }
}
