/** Functions of NetSuite that stand for a list of ids: in `IN`, with or without parentheses, or alone where there is one id. [SQL-057] */
import { unsupported } from '../refusals.ts'
import type { Translation } from '../translate.ts'
import { asText, type Typed } from '../typed.ts'
import { ME, MINE } from './named-groups.ts'
import { wordOf } from './words.ts'

interface IdSet {
  readonly takes: number
  /** SELECT of one column, `value`. */
  readonly make: (args: readonly Typed[], t: Translation) => string
}

const EDGES = ['START', 'END']
const ADJUSTMENTS = ['NOT_LAST', 'ALL']
const OPERATORS = ['BETWEEN', 'NOT BETWEEN', '<', '<=', '>', '>=']

const idsOf = (call: string): string => `SELECT value FROM json_each(${call})`

export const SETS: Readonly<Record<string, IdSet>> = {
  'BUILTIN.NAMED_GROUP': {
    takes: 2,
    make(args, t) {
      const type = wordOf('BUILTIN.NAMED_GROUP', args, 0, [...Object.keys(ME), ...Object.keys(MINE)])
      const group = wordOf('BUILTIN.NAMED_GROUP', args, 1, ['ME', 'MINE'])
      if (Object.hasOwn(group === 'ME' ? ME : MINE, type))
        return idsOf(`ql_named_group('${type}', ${t.bind({ kind: 'user' })})`)
      throw unsupported(`BUILTIN.NAMED_GROUP: ${type} has no '${group.toLowerCase()}'`)
    },
  },
  'BUILTIN.PERIOD': {
    takes: 4,
    make(args, t) {
      const [edge, adjustment, operator] = [EDGES, ADJUSTMENTS, OPERATORS].map((words, index) =>
        wordOf('BUILTIN.PERIOD', args, index + 1, words),
      )
      const now = t.bind({ kind: 'now' })
      return idsOf(`ql_periods(${now}, ${asText(args[0]!)}, '${edge}', '${adjustment}', '${operator}')`)
    },
  },
}
