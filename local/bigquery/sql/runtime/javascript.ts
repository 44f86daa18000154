import vm from 'node:vm'
import type { SqlType } from '../analyzer/sql-type.ts'
import { argumentText, encoder, exactNumbers, refusal, resultText } from './javascript-values.ts'
import { parseExactly } from './parse-exactly.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** A user's function in JavaScript, as the printed SQL hands it over. */
export type JavaScriptFunction = {
  /** As messages have it: `twice(INT64)`. */
  title: string
  parameters: { name: string; type: SqlType }[]
  returns: SqlType
  body: string
}

/** Calls a function, given as JSON, with the JSON array of its arguments; gives text that DuckDB casts. */
export const javaScriptFunctions: Record<string, ScalarFunction> = {
  js_user_function: define(['text', 'text'], 'text', (definition, args) => {
    const call = functions.get(definition) ?? compile(definition)
    return call(args)
  }),
}

const functions = new Map<string, (args: string) => string | null>()
/** Milliseconds. */
const longestCall = 5_000

function compile(definition: string): (args: string) => string | null {
  const made = JSON.parse(definition) as JavaScriptFunction
  const { title, parameters, returns, body } = made
  // Nothing of this process is in reach: only texts go in and come out.
  const context = vm.createContext(Object.create(null) as object)
  const names = parameters.map(({ name }) => name).join(', ')
  const scripts = {
    prepare: new vm.Script(encoder),
    define: script(`this.udf = function (${names}) {\n${body}\n}`),
    call: new vm.Script('encode(udf.apply(null, JSON.parse(args)))'),
  }
  scripts.prepare.runInContext(context)
  scripts.define.runInContext(context)

  function run(args: string): string {
    Object.assign(context, { args })
    try {
      return String(scripts.call.runInContext(context, { timeout: longestCall }))
    } catch (error) {
      throw errorOf(error, title)
    }
  }
  const types = parameters.map(({ type }) => type)
  const call = (args: string): string | null => {
    const values = parseExactly(args, exactNumbers) as unknown[]
    const result = run(argumentText(values, types))
    return resultText(result, returns)
  }
  functions.set(definition, call)
  return call
}

function script(text: string): vm.Script {
  try {
    return new vm.Script(text, { filename: 'udf' })
  } catch (error) {
    throw refusal(`an error of a JavaScript function (${String(error)})`)
  }
}

/** An error that the function throws is BigQuery's; the words of all others depend on the version of V8. */
function errorOf(error: unknown, title: string): Error {
  const { name, message, stack = '' } = error as Partial<Error>
  // node:vm writes the place above the error: `udf:2`, the line and a caret below its column.
  const [, line, carets] = /^udf:(\d+)\n.*\n( *)\^/.exec(stack) ?? []
  if (name !== 'Error' || line === undefined || carets === undefined) {
    return refusal(`an error of a JavaScript function (${String(error)})`)
  }
  const place = `line ${Number(line) - 1}, column ${carets.length + 1}`
  return new Error(`${name}: ${message} at ${title} ${place}`)
}
