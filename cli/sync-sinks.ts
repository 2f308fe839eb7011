/**
 * Where changes of the account go: to the end of a file, or to a webhook. What is taken is safe: the file is on the disk, the webhook
 * has said so. Anything else is an error, and the same rows come again.
 */
import { type FileHandle, open } from 'node:fs/promises'
import type { Deliver } from '../harness/engine/sync/delta.ts'
import { AppError } from '../kernel/error.ts'
import type { Transport } from '../protocol/transport.ts'

const TIMEOUT_MS = 30_000
const NEWLINE = 0x0a

/** NDJSON: a row a line. What a crash left of a line stays, as a line of its own, and is no JSON. */
export function fileSink(file: string): Deliver {
  return async (rows) => {
    const text = rows.map(({ links: _, ...row }) => `${JSON.stringify(row)}\n`).join('')
    await withFile(file, async (handle) => {
      await handle.appendFile((await isBroken(handle)) ? `\n${text}` : text)
      await handle.datasync()
    })
  }
}

/** Makes the file, so that one that cannot be written is known at once. Throws `E_SYNC_SINK`. */
export function prepareFile(file: string): Promise<void> {
  return withFile(file, async () => {})
}

async function withFile(file: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, 'a+')
    await work(handle)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new AppError('E_SYNC_SINK', `cannot be written (${code ?? message})`, {
      file,
      mend: 'check the path, its permissions and the room on the disk',
      cause: error,
    })
  } finally {
    await handle?.close()
  }
}

async function isBroken(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return false
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== NEWLINE
}

/** One POST of `{ source, rows }` for up to a thousand rows; 2xx: they are taken. The address may be a secret. */
export function webhookSink(transport: Transport, source: string, url: string): Deliver {
  return async (rows) => {
    const plain = rows.map(({ links: _, ...row }) => row)
    const request = {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, rows: plain }),
    }
    const problem = await transport.send(request, { timeoutMs: TIMEOUT_MS }).then(
      ({ status }) => (status < 300 ? undefined : `HTTP ${status}`),
      (error: { code?: string }) => error.code ?? 'no answer',
    )
    if (problem === undefined) return
    throw new AppError('E_SYNC_SINK', `the webhook of ${source} did not take its rows (${problem})`, {
      mend: 'look at the program behind it; the rows are sent again',
    })
  }
}
