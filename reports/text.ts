/**
 * Text from outside (dead-letter reasons, order names, answers of an account) made fit to show anywhere: no control
 * characters, no terminal sequences, no direction overrides, bounded length. Escaping for a format is that format's job.
 */

// Controls save tab and line feed; half surrogates and non-characters, which XML refuses; direction overrides, which
// can make a line read as something it is not.
const UNSHOWABLE = /[^\P{Cc}\n\t]|\p{Cs}|\p{Noncharacter_Code_Point}|\p{Bidi_Control}/gu

/** Removes every character that could upset a terminal, a browser or an XML parser. Keeps tab and line feed. */
export function cleanText(text: string): string {
  return text.replace(UNSHOWABLE, '')
}

/** One clean line of at most `charsMax` characters; what is cut off is marked by an ellipsis. */
export function oneLine(text: string, charsMax: number): string {
  // Cut before cleaning as well: a text of megabytes is not worth reading to its end.
  return clip(
    cleanText(clip(text, 4 * charsMax))
      .replace(/\s+/g, ' ')
      .trim(),
    charsMax,
  )
}

/** At most `charsMax` characters; never cuts a surrogate pair in two. */
export function clip(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  return `${text.slice(0, Math.max(0, charsMax - 1)).replace(/\p{Cs}$/u, '')}…`
}

/** `1 order`, `2,000 orders`. */
export function counted(amount: number, noun: string, many = `${noun}s`): string {
  return `${grouped(amount)} ${amount === 1 ? noun : many}`
}

/** An amount with its thousands grouped: `12,345`. Independent of the machine's language. */
export function grouped(amount: number): string {
  const [whole = '', fraction] = String(amount).split('.')
  if (whole.includes('e')) return String(amount)
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
