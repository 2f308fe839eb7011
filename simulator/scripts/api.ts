/**
 * What account scripts are given: the types that users import into their modules. The words are SuiteScript's where there
 * is a word for it. Everything is synchronous, and nothing here tells the machine's time or rolls its dice.
 */

export type SaveType = 'create' | 'edit' | 'xedit' | 'delete'

/** Values as a request to the REST record service has them. */
export type Values = Record<string, unknown>

/** A body field: a reference and an enumeration by their id, a multi-select by its ids; undefined: empty. */
export type FieldValue = string | number | boolean | readonly string[] | undefined

export interface SublistPlace {
  readonly sublistId: string
  readonly fieldId: string
  /** From 0. */
  readonly line: number
}

/** A record to look at. */
export interface RecordView {
  readonly type: string
  /** Undefined before a new record is saved. */
  readonly id: string | undefined
  getValue(fieldId: string): FieldValue
  /** What a reference shows. */
  getText(fieldId: string): string | undefined
  getLineCount(sublistId: string): number
  getSublistValue(place: SublistPlace): FieldValue
  /** All values: sublists as `{ items: […] }`, references as `{ id, refName }`. A copy. */
  toJSON(): Values
}

/** A record on its way into the account. What is set passes the same checks as a request. */
export interface EditableRecord extends RecordView {
  /** Null or '' clears. */
  setValue(field: { readonly fieldId: string; readonly value: unknown }): void
  /** `line` = the number of lines adds one. */
  setSublistValue(place: SublistPlace & { readonly value: unknown }): void
}

/** A record by itself, for scripts that read or write others. Each call costs usage units. */
export interface RecordApi {
  /** Gives the internal id. */
  create(type: string, values: Values): string
  load(type: string, id: string | number): RecordView
  /** Loads, changes and saves; lines as a PATCH has them. */
  update(type: string, id: string | number, values: Values): string
  /** Changes body fields alone, for fewer units. */
  submitFields(type: string, id: string | number, values: Values): string
  delete(type: string, id: string | number): string
  /** The internal id of the record that has an external id. */
  find(type: string, externalId: string): string | undefined
}

/** What every function is given. */
export interface ScriptContext {
  readonly record: RecordApi
  /** The account's time, milliseconds since 1970. */
  now(): number
  /** Usage units left. */
  remainingUsage(): number
  /** An error to throw, with a code of its own. */
  error(name: string, message: string): Error
}

export interface BeforeSubmitContext extends ScriptContext {
  readonly type: SaveType
  readonly newRecord: EditableRecord
  /** Undefined when the record is new. */
  readonly oldRecord: RecordView | undefined
}

export interface AfterSubmitContext extends ScriptContext {
  readonly type: SaveType
  readonly newRecord: RecordView
  readonly oldRecord: RecordView | undefined
}

/** Started by a save, run some time later. */
export interface MapReduceContext extends ScriptContext {
  readonly type: SaveType
  readonly recordType: string
  readonly recordId: string
}

export type BeforeSubmit = (context: BeforeSubmitContext) => void
export type AfterSubmit = (context: AfterSubmitContext) => void
export type MapReduce = (context: MapReduceContext) => void
/** Whether a workflow holds the record: then nobody reads or writes it by its id. */
export type Locks = (record: RecordView) => boolean
