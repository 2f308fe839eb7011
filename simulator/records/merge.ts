/**
 * Laying the values of a request over a record: what is not named stays, null clears, lines are matched by their key, and
 * subrecords change field by field, at every depth. `replace` names sublists by dotted path. [REC-112, REC-130..138]
 */
import { findField, type Shape, type SublistField } from '../spec/catalogue.ts'
import type { TypeRules } from '../spec/rules.ts'
import type { RecordBody } from './store.ts'
import { mergeSublist } from './sublists.ts'
import { forgetOutdated } from './totals.ts'
import type { FieldValues } from './values.ts'

export interface MergeContext {
  readonly rules: TypeRules
  /** Names of `replace=`, lower case, dotted: `item`, `billingaddress.lines`. [REC-133] */
  readonly replace: ReadonlySet<string>
  /** Clear only fields that are null in the body and named in `replace`. [REC-131] */
  readonly replaceSelectedFields: boolean
}

/** Changes `body`, which must be the caller's own copy; what hangs below it is copied before it is changed. */
export function layOver(
  shape: Shape,
  body: RecordBody,
  values: FieldValues,
  context: MergeContext,
  path = '',
): void {
  for (const name in values) {
    const value = values[name]
    if (typeof value !== 'object') {
      body[name] = value
      continue
    }
    if (value === null) {
      // Inside lines and subrecords nothing can be selected, so null always clears there.
      if (path !== '' || !context.replaceSelectedFields || context.replace.has(name.toLowerCase()))
        delete body[name]
      continue
    }
    const field = findField(shape, name)
    if (field?.kind === 'sublist') {
      const lines = layLines(
        field,
        body[name] as RecordBody[] | undefined,
        value as RecordBody[],
        context,
        path + name.toLowerCase(),
      )
      if (lines.length === 0) delete body[name]
      else body[name] = lines
    } else if (field?.kind === 'subrecord') {
      const inner = { ...(body[name] as RecordBody | undefined) }
      layOver(field.body, inner, value as FieldValues, context, `${path}${name.toLowerCase()}.`)
      body[name] = inner
    } else {
      body[name] = value
    }
  }
}

function layLines(
  field: SublistField,
  old: readonly RecordBody[] = [],
  sent: readonly RecordBody[],
  context: MergeContext,
  at: string,
): RecordBody[] {
  const name = field.name.toLowerCase()
  const { lineKeys, lineComputed, lineDefaults } = context.rules
  const key = lineKeys[name]
  const computed = lineComputed[name]
  const defaults = lineDefaults[name]
  const named = old.length > 0 && key?.[0] === 'line' ? sent.map((line) => nameByOrderLine(old, line)) : sent
  const complete = defaults === undefined ? named : named.map((line) => ({ ...defaults, ...line }))
  return mergeSublist(old, complete, {
    key,
    replace: context.replace.has(at),
    lay(line, values) {
      const next = line === undefined ? {} : forgetOutdated(line, values)
      layOver(field.line, next, settable(values, computed, key), context, `${at}.`)
      return next
    },
  })
}

/** A line of a fulfilment, receipt or bill may be named by the order's line as well, if one line only stands for that. [REC-174] */
function nameByOrderLine(old: readonly RecordBody[], sent: RecordBody): RecordBody {
  const { line, orderLine } = sent
  if (orderLine === undefined || orderLine === null || (line !== undefined && line !== null)) return sent
  const found = old.filter((one) => String(one.orderLine) === String(orderLine))
  return found.length === 1 ? { ...sent, line: found[0]!.line } : sent
}

/** The columns of a line that a client may set. [REC-345] */
function settable(
  line: RecordBody,
  computed: ReadonlySet<string> | undefined,
  key: readonly string[] | undefined,
): RecordBody {
  if (computed === undefined) return line
  let kept = line
  for (const name in line) {
    if (!computed.has(name) || key?.includes(name) === true) continue
    if (kept === line) kept = { ...line }
    delete kept[name]
  }
  return kept
}
