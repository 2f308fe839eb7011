/** Profiles as YAML files: read with the line of every mistake, written with the meaning of every key. */
import { createRequire } from 'node:module'
import type { Document } from 'yaml'
import { AppError } from '../kernel/error.ts'
import { type JsonSchema, loadProfile, type Profile, profileJsonSchema } from './profile.ts'

/** Seventy modules: loaded with the first file. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml')

/** Reads a YAML profile. Unknown keys and bad values are refused with file and line. */
export function parseProfile(text: string, file: string): Profile {
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken !== undefined) {
    throw new AppError('E_PROFILE_INVALID', `not valid YAML: ${broken.message.split('\n')[0]}`, {
      file,
      line: broken.linePos?.[0].line,
      mend: 'correct the YAML syntax there',
    })
  }
  const data: unknown = document.toJS()
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    throw new AppError('E_PROFILE_INVALID', 'a profile is a mapping of keys', {
      file,
      mend: 'start with: preset: premium',
    })
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as
        | { range?: [number, number, number] }
        | undefined
      if (node?.range !== undefined) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  const preset = (data as { preset?: unknown }).preset ?? 'premium'
  try {
    return loadProfile(String(preset), { name: file.replace(/^.*\//, '').replace(/\.ya?ml$/, ''), ...data })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const path = error.details.pointer?.split('/').slice(1) ?? ['preset']
    const at = path.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    throw new AppError(error.code, error.message, { ...error.details, file, line: lineOf(at) })
  }
}

/** Comments longer than this are wrapped. */
const COMMENT_COLUMNS = 110

/** A whole profile as YAML, each key with its meaning above it. What it prints can be read back and changed. */
export function profileText(profile: Profile): string {
  const { integrations: _, ...rest } = profile
  const { parseDocument, stringify } = yaml()
  const document: Document = parseDocument(stringify({ ...rest, integrations: [] }, { lineWidth: 0 }))
  comment(document.contents, profileJsonSchema())
  return document.toString({ lineWidth: 0 })
}

function comment(node: unknown, schema: JsonSchema | undefined): void {
  const { isMap, isScalar, isSeq } = yaml()
  if (isSeq(node)) for (const item of node.items) comment(item, schema?.items)
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    const child = schema?.properties?.[String(isScalar(key) ? key.value : key)]
    if (child?.description !== undefined && isScalar(key)) key.commentBefore = wrapped(child.description)
    comment(value, child)
  }
}

function wrapped(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= COMMENT_COLUMNS) lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
