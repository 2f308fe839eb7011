/** How a mistake in an order file is told: always the same code, and where in the file it is. */
import { AppError } from '../../kernel/error.ts'

export interface OrderMistake {
  /** As the user named it. */
  readonly file: string
  /** 1-based line of the text; for a JSON array the number of the order in it. */
  readonly line?: number | undefined
  /** Name of the column, or path of the field inside the order, e.g. `line_items/0/quantity`. */
  readonly column?: string | undefined
  readonly message: string
  readonly expected?: string | undefined
  readonly mend: string
}

/** An `E_ORDERS_INVALID`; the run does not start. */
export function orderError({ file, line, column, message, expected, mend }: OrderMistake): AppError {
  const pointer = column === undefined ? undefined : `/${column}`
  return new AppError('E_ORDERS_INVALID', message, { file, line, pointer, expected, mend })
}
