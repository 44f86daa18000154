import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { numericOfUnscaled } from '../runtime/numeric-functions.ts'

/**
 * BigQuery's words for what DuckDB says when a statement runs. Other failures of DuckDB are refusals,
 * whose cause tells what it said.
 */
export function engineError(error: unknown): unknown {
  if (error instanceof BigQueryError || !(error instanceof Error)) return error
  const { message } = error
  const refused = /^Invalid Input Error: not supported by the local engine: ([^]*)$/.exec(message)
  if (refused) return Object.assign(notSupported(refused[1] ?? ''), { cause: error })
  for (const { form, words } of translations) {
    const match = form.exec(message)
    if (match)
      return new BigQueryError('invalidQuery', words(match), { location: 'query', cause: error })
  }
  if (/^(INTERRUPT|Interrupt)/.test(message)) {
    return new BigQueryError('stopped', 'Job execution was cancelled: User requested cancellation')
  }
  for (const [form, what] of limits) {
    if (message.includes(form)) return Object.assign(notSupported(what), { cause: error })
  }
  const kind = /^([A-Z][A-Za-z ]+) (?:Error|Exception): /.exec(message)?.[1]
  if (kind === undefined) return error
  return Object.assign(notSupported(unforeseen[kind] ?? 'this statement'), { cause: error })
}

type Translation = { form: RegExp; words(match: RegExpExecArray): string }

const translations: Translation[] = [
  {
    form: /NOT NULL constraint failed: .*\.([^.]+)$/m,
    words: ([, column = '']) => `Required field ${column} cannot be null`,
  },
  {
    form: /More than one row returned by a subquery used as an expression/,
    words: () => 'Scalar subquery produced more than one element',
  },
  {
    form: /Overflow in (?:(?:addition|subtraction|multiplication) of INT64|negation of numeric value)/,
    words: () => 'Integer Overflow',
  },
  {
    form: /Overflow in (?:addition|subtract) of DECIMAL\(38\) \((-?\d+) ([+-]) (-?\d+)\)/,
    words: ([, a = '', operator, b = '']) =>
      `numeric overflow: ${numericOfUnscaled(a)} ${operator} ${numericOfUnscaled(b)}`,
  },
  // What RE2 says of a pattern.
  {
    form: /^Invalid Input Error: ((?:missing [)\]]|unexpected \)|no argument for repetition operator|invalid (?:repetition size|perl operator|UTF-8|named capture group|escape sequence|character class(?: range)?)|bad repetition operator): [^]*|trailing \\.*)$/,
    words: ([, words = '']) => `Cannot parse regular expression: ${words}`,
  },
  // What functions of ours say is said in BigQuery's words already.
  { form: /^Invalid Input Error: ([^]*)$/, words: ([, words = '']) => words },
]

/** What is said of an error of a kind that has no words of its own. */
const unforeseen: Record<string, string> = {
  'Out of Range': 'a value that leaves the range in which the local engine computes',
  Conversion: 'a value that leaves the range in which the local engine computes',
  'Out of Memory': 'a statement that needs more memory than there is',
}

/** What DuckDB cannot do, and what it is that needs it. */
const limits: [form: string, what: string][] = [
  ['TRY can not be used in combination with a scalar subquery', 'SAFE functions of a subquery'],
  [
    'TRY can not be used in combination with a volatile function',
    'SAFE functions and IFERROR of a random value',
  ],
  ['Duplicate struct entry name', 'a struct with two fields of one name'],
  ['Cannot perform non-inner join on subquery', 'a subquery in ON of FULL JOIN'],
  ['Failed to bind column reference', 'this nesting of subqueries of outer columns'],
  ['Unsupported join type for flattening', 'this nesting of subqueries of outer columns'],
  // Our own columns, which are there: in a lambda DuckDB does not find those from outside of a subquery.
  ['Referenced column "c', 'a function that goes over an array with an outer column'],
  ['Overflow in HUGEINT addition', 'a sum of NUMERIC that leaves its range on the way'],
  ['correlated columns in window functions', 'a window function of outer columns'],
  ['window expression is not supported here', 'a window function of outer columns'],
  ['subqueries in lambda expressions', 'a subquery that is evaluated for each element of an array'],
]
