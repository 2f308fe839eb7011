/**
 * Markup by tagged template, for HTML, SVG and XML alike: every value put in is escaped and cleaned unless it is
 * itself markup. There is no other way into a report, so a hostile order name can only ever be read.
 */
import { cleanText } from './text.ts'

/** Finished markup, safe to put into other markup. */
export interface Markup {
  readonly text: string
}

/** What may stand in a template: text is escaped, `undefined` and `false` vanish, lists are joined. */
export type Part = Markup | string | number | undefined | false | readonly Part[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Builds markup; fit for text and for quoted attributes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    text += render(part) + (strings[index + 1] ?? '')
  })
  return { text }
}

/** Markup of our own making that no escaping may touch: style, script, numbers of a path. */
export function trusted(text: string): Markup {
  return { text }
}

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escapeText(part)
  if ('text' in part) return part.text
  return part.map(render).join('')
}

function escapeText(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
