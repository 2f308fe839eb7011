/**
 * Record actions: what a button of the user interface does. Which type has which action, and between which states,
 * is Oracle's list of supported record actions; ids of states are common knowledge (K). [REC-195, REC-E42]
 */
import type { RecordBody } from './store.ts'

/** Why an action does not fit, in the words of the flat error. */
export interface Refusal {
  readonly title: string
  readonly detail: string
}

/** What an action changes in a body, or why it cannot. */
export type Outcome = { readonly changes: RecordBody } | { readonly refusal: Refusal }

export interface RecordAction {
  /** Body fields that may be sent as parameters. */
  readonly parameters: readonly string[]
  run(body: RecordBody): Outcome
}

/** A record that goes from state to state. */
interface Machine {
  readonly noun: string
  /** The field that keeps the state. A type that lacks it keeps it unseen. */
  readonly field: string
  /** State, as refusals name it, → value in the field; the first is that of a new record. */
  readonly states: Readonly<Record<string, string>>
  readonly actions: Readonly<
    Record<
      string,
      { readonly from: readonly string[]; readonly to: string; readonly parameters?: readonly string[] }
    >
  >
}

const TIME_STATES = { open: '1', 'pending approval': '2', approved: '3', rejected: '4' }

const VENDOR_PAYMENT: Machine = {
  noun: 'payment',
  field: 'confirmationState',
  states: { 'in transit': 'T', confirmed: 'C', declined: 'D' },
  actions: {
    confirm: { from: ['in transit'], to: 'confirmed', parameters: ['exchangeRate', 'postingPeriod'] },
    decline: { from: ['in transit'], to: 'declined' },
  },
}
/** Without advanced approvals time is approved as it is entered, so an open one may be. */
const TIME_BILL: Machine = {
  noun: 'time entry',
  field: 'approvalStatus',
  states: TIME_STATES,
  actions: {
    submit: { from: ['open', 'rejected'], to: 'pending approval' },
    approve: { from: ['open', 'pending approval'], to: 'approved' },
    reject: { from: ['pending approval'], to: 'rejected' },
    retract: { from: ['pending approval'], to: 'open' },
  },
}
const TIMESHEET: Machine = {
  ...TIME_BILL,
  noun: 'timesheet',
  actions: { ...TIME_BILL.actions, approve: { from: ['pending approval'], to: 'approved' } },
}
const INVENTORY_COUNT: Machine = {
  noun: 'count',
  field: 'status',
  states: { open: 'A', started: 'B', completed: 'C', approved: 'D' },
  actions: {
    startcount: { from: ['open'], to: 'started' },
    completecount: { from: ['started'], to: 'completed' },
    approve: { from: ['completed'], to: 'approved' },
    reject: { from: ['completed'], to: 'open' },
  },
}

/** What is said of an invoice that cannot be grouped is documented word for word; there is no group without a group record. */
const INVOICE: Readonly<Record<string, (body: RecordBody) => string | RecordBody>> = {
  markforgrouping(body) {
    if (body.forInvoiceGrouping === true) return 'This invoice is already marked.'
    if (isPaid(body)) return 'The invoice is partially or fully paid.'
    if (body.createdFrom === undefined) return 'There is no sales order associated with this invoice.'
    return { forInvoiceGrouping: true }
  },
  unmarkforgrouping(body) {
    if (body.groupedTo !== undefined) return 'This invoice is already grouped.'
    if (body.forInvoiceGrouping !== true) return 'This is already a standalone invoice.'
    return { forInvoiceGrouping: false }
  },
  removeinvoicefromgroup(body) {
    if (isPaid(body)) return 'The invoice is partially or fully paid.'
    if (body.groupedTo === undefined) return 'This is already a standalone invoice.'
    return { groupedTo: undefined }
  },
}

function isPaid({ status, amountPaid }: RecordBody): boolean {
  return status === 'B' || (typeof amountPaid === 'number' && amountPaid > 0)
}

/** By lower-case type and action. A weekly timesheet is `timeSheet` in the documents. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, RecordAction>>>> = {
  vendorpayment: actionsOf(VENDOR_PAYMENT),
  timebill: actionsOf(TIME_BILL),
  weeklytimesheet: actionsOf(TIMESHEET),
  timesheet: actionsOf(TIMESHEET),
  inventorycount: actionsOf(INVENTORY_COUNT),
  invoice: Object.fromEntries(
    Object.entries(INVOICE).map(([name, act]) => [
      name,
      { parameters: [], run: (body) => outcomeOf(act(body)) },
    ]),
  ),
}

/** Actions that NetSuite has and that change nothing here. */
const NOT_SIMULATED: Readonly<Record<string, readonly string[]>> = {
  bonus: ['cancel'],
  charge: [
    'clearbudgetamounts',
    'distributebudgettotalamount',
    'selectallbudgetlines',
    'setbudgetamountstocalculated',
    'unselectallbudgetlines',
  ],
  invoicegroup: ['groupinvoices', 'removeinvoicesfromgroup'],
  revenuearrangement: ['allocate'],
  supplychangeorder: ['approve', 'reject'],
  supplyplandefinition: ['launch'],
}

/** Finds an action whatever the case of its name; undefined: the type has no such action. */
export function findAction(typeName: string, action: string): RecordAction | 'not simulated' | undefined {
  const [type, name] = [typeName.toLowerCase(), action.toLowerCase()]
  if (Object.hasOwn(NOT_SIMULATED, type) && NOT_SIMULATED[type]!.includes(name)) return 'not simulated'
  const actions = Object.hasOwn(ACTIONS, type) ? ACTIONS[type]! : {}
  return Object.hasOwn(actions, name) ? actions[name] : undefined
}

function actionsOf(machine: Machine): Record<string, RecordAction> {
  return Object.fromEntries(
    Object.keys(machine.actions).map((name) => [
      name,
      { parameters: machine.actions[name]!.parameters ?? [], run: (body) => step(machine, name, body) },
    ]),
  )
}

/** The refusal of the documented sample, for every state. [REC-E42] */
function step({ noun, field, states, actions }: Machine, name: string, body: RecordBody): Outcome {
  const names = Object.keys(states)
  const state = names.find((each) => states[each] === body[field]) ?? names[0]!
  const { from, to } = actions[name]!
  if (from.includes(state)) return { changes: { [field]: states[to] } }
  const verb = name.replace(/count$/, '')
  return {
    refusal: {
      title: `${noun[0]!.toUpperCase()}${noun.slice(1)} already ${state}`,
      detail: `A ${noun} you are trying to ${verb} is already ${state}`,
    },
  }
}

function outcomeOf(said: string | RecordBody): Outcome {
  return typeof said === 'string' ? { refusal: { title: said, detail: said } } : { changes: said }
}
