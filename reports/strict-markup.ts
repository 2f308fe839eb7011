/**
 * Test support: a parser of markup that forgives nothing. Every tag must be closed in order, every attribute quoted
 * and unique, every ampersand a known entity. Style and script hold raw text, as in HTML.
 */

/** One element with its children; text children are plain strings, entities decoded. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

interface OpenElement extends Element {
  readonly children: (Element | string)[]
}

const TOKEN = /<([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<\/([A-Za-z][\w-]*)>|([^<]+)/y
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const RAW = ['style', 'script']

/** Parses a document after its prolog (doctype or XML declaration). Throws at the first irregularity. */
export function parseStrict(text: string): Element {
  const prolog = /^(<!doctype html>|<\?xml version="1\.0" encoding="UTF-8"\?>)\n/.exec(text)
  if (prolog === null) throw new Error('the prolog is missing')
  const forbidden = /[^\P{Cc}\n\t]|\p{Cs}|\p{Noncharacter_Code_Point}/u.exec(text)
  if (forbidden !== null) throw new Error(`forbidden character at ${forbidden.index}`)
  const root: OpenElement = { name: '', attributes: {}, children: [] }
  const open: OpenElement[] = [root]
  let at = prolog[0].length
  while (at < text.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (match === null) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 60)}`)
    at = TOKEN.lastIndex
    const parent = open.at(-1)!
    const [, name, attributes = '', selfClosing, closing, content] = match
    if (content !== undefined) parent.children.push(decode(content))
    if (closing !== undefined && open.pop()!.name !== closing)
      throw new Error(`</${closing}> closes <${parent.name}>`)
    if (name === undefined) continue
    const element: OpenElement = { name, attributes: attributesOf(attributes), children: [] }
    parent.children.push(element)
    if (selfClosing === '/') continue
    if (RAW.includes(name)) {
      const end = text.indexOf(`</${name}>`, at)
      element.children.push(text.slice(at, end))
      at = end + name.length + 3
    } else open.push(element)
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is never closed`)
  const elements = root.children.filter((child) => typeof child !== 'string')
  if (elements.length !== 1) throw new Error(`${elements.length} root elements`)
  return elements[0]!
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, key = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (key in found) throw new Error(`attribute ${key} twice`)
    found[key] = decode(value)
  }
  return found
}

function decode(text: string): string {
  return text.replace(/&([^;\s]*;?)/g, (all, name: string) => {
    const character = name.endsWith(';') ? ENTITIES[name.slice(0, -1)] : undefined
    if (character === undefined) throw new Error(`bare or unknown entity ${all}`)
    return character
  })
}

/** All elements of a name, in document order, the element itself included. */
export function elementsOf(element: Element, name?: string): readonly Element[] {
  const below = element.children.flatMap((child) =>
    typeof child === 'string' ? [] : elementsOf(child, name),
  )
  return name === undefined || element.name === name ? [element, ...below] : below
}

/** What a reader reads of an element; style and script are not read. */
export function textOf(element: Element): string {
  if (RAW.includes(element.name)) return ''
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}
