/**
 * The form of the hand-written layer: what no document says of a record type [OAS §9]. `TypeRules` is what the
 * simulator reads; `RuleRow` is how one type is written down in this folder, with blank-separated names.
 */

/** One mandatory value: any of the named fields will do. */
export interface Requirement {
  readonly anyOf: readonly string[]
  /** Label of the field in the user interface, for the text of REC-E20. */
  readonly label: string
  /** Only when this field has this value (an absent boolean is false). */
  readonly when?: { readonly field: string; readonly equals: unknown }
  /** Not when this field has this value. */
  readonly unless?: { readonly field: string; readonly equals: unknown }
}

export type RecordKind = 'entity' | 'transaction' | 'item' | 'other'

export interface TypeRules {
  readonly kind: RecordKind
  /** Id space and external-ID space: `entity`, `transaction`, `item`, `event`; for all else the type's lower-case name. [OPQ-014] */
  readonly group: string
  readonly required: readonly Requirement[]
  /** Sublist (lower case) → what each of its lines needs. */
  readonly lineRequired: Readonly<Record<string, readonly Requirement[]>>
  /** Sublists as spelled; one of them must have a line. [REC-134, REC-340] */
  readonly requiredLines: readonly string[]
  /** Body fields, as spelled, that a client cannot set. [OAS-053] */
  readonly computed: ReadonlySet<string>
  /** Sublist (lower case) → columns, as spelled, that a client cannot set; never the key column. */
  readonly lineComputed: Readonly<Record<string, ReadonlySet<string>>>
  /** Sublist (lower case, nested ones too) → key columns as spelled, several for a compound key; absent: no key. [REC-037] */
  readonly lineKeys: Readonly<Record<string, readonly string[]>>
  /** Sublist (lower case) → column as spelled → value that a sent line takes when it names none. */
  readonly lineDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Status letter → label. [OPQ-041] */
  readonly statuses?: Readonly<Record<string, string>>
  /** Letter of a new record; the account's approval preference may say otherwise. */
  readonly initialStatus?: string
  /** Field → letters that a client may write. [REC-341] */
  readonly settable: Readonly<Record<string, readonly string[]>>
  /** Letter → letters it may become, by a write, a transform or its undoing. */
  readonly transitions: Readonly<Record<string, readonly string[]>>
  readonly autoNumber?: { readonly field: string; readonly prefix: string }
  /** Body field (as spelled) → value when none is sent: a literal, `{ today: true }` or `{ now: true }`. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** Fields that `refName` shows, tried in order; the id when all are empty. */
  readonly displayFields: readonly string[]
  /** The transaction type of SuiteQL, e.g. `SalesOrd`. [OPQ-041] */
  readonly transactionCode?: string
}

/** One type as written down. Names of fields the type does not have do no harm. */
export interface RuleRow {
  readonly required?: readonly Requirement[]
  readonly lineRequired?: Readonly<Record<string, readonly Requirement[]>>
  /** Sublists, blank-separated, of which one must have a line. */
  readonly requiredLines?: string
  /** Field names, blank-separated, beside those of the kind. */
  readonly computed?: string
  /** Sublist → column names, blank-separated, beside those of the kind. */
  readonly lineComputed?: Readonly<Record<string, string>>
  /** Sublist → column → value of a line that names none. */
  readonly lineDefaults?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly statuses?: Readonly<Record<string, string>>
  readonly initialStatus?: string
  readonly settable?: Readonly<Record<string, readonly string[]>>
  /** Letter → letters, written together: `B: 'DFH'`. */
  readonly transitions?: Readonly<Record<string, string>>
  readonly autoNumber?: { readonly field: string; readonly prefix: string }
  readonly defaults?: Readonly<Record<string, unknown>>
  readonly displayFields?: string
  readonly transactionCode?: string
}

/** Rows by lower-case type name. */
export type RuleRows = Readonly<Record<string, RuleRow>>

/** A field that must be there. */
export function need(field: string, label: string): Requirement {
  return { anyOf: [field], label }
}
