import type { DuckDBConnection } from '@duckdb/node-api'
import { approximateMacros } from './approximate-macros.ts'
import { arrayMacros } from './array-macros.ts'
import { bignumericFunctions } from './bignumeric-functions.ts'
import { keepByteOrderMarks } from './byte-order-marks.ts'
import { bytesFunctions } from './bytes-functions.ts'
import { castFunctions } from './cast-functions.ts'
import { exactStatistics } from './exact-statistics.ts'
import { formatFunctions } from './format-functions.ts'
import { inOrderOfUse } from './in-order-of-use.ts'
import { intervalFunctions } from './interval-functions.ts'
import { javaScriptFunctions } from './javascript.ts'
import { jsonEdits } from './json-edits.ts'
import { jsonFunctions } from './json-functions.ts'
import { jsonMacros } from './json-macros.ts'
import { netFunctions } from './net-functions.ts'
import { numberFunctions } from './number-functions.ts'
import { numberMacros } from './number-macros.ts'
import { numericFunctions } from './numeric-functions.ts'
import { rangeMacros } from './range-macros.ts'
import { recursionFunctions } from './recursion-functions.ts'
import { registerFunction } from './scalar-function.ts'
import { strictFunctions } from './strict-functions.ts'
import { textFunctions } from './text-functions.ts'
import { textMacros } from './text-macros.ts'
import { numberFormats } from './number-format.ts'
import { timeBuckets } from './time-buckets.ts'
import { timeFunctions } from './time-functions.ts'
import { timeMacros } from './time-macros.ts'

const functions = {
  ...textFunctions,
  ...numberFunctions,
  ...numericFunctions,
  ...bignumericFunctions,
  ...bytesFunctions,
  ...netFunctions,
  ...timeFunctions,
  ...numberFormats,
  ...timeBuckets,
  ...formatFunctions,
  ...exactStatistics,
  ...castFunctions,
  ...intervalFunctions,
  ...jsonFunctions,
  ...jsonEdits,
  ...javaScriptFunctions,
  ...strictFunctions,
  ...recursionFunctions,
}

const macros = {
  ...numberMacros,
  ...textMacros,
  ...arrayMacros,
  ...approximateMacros,
  ...timeMacros,
  ...rangeMacros,
  ...jsonMacros,
}

/**
 * Gives a DuckDB instance what the printed SQL needs beyond DuckDB: functions in JavaScript, and
 * macros in an attached database in memory, so that nothing of them gets into the user's file.
 * Once an instance; all its connections see it. (No macro may be called as a type is: DuckDB takes
 * `bq.date(x)` for a cast.)
 */
export async function installRuntime(connection: DuckDBConnection): Promise<void> {
  keepByteOrderMarks()
  for (const [name, definition] of Object.entries(functions)) {
    registerFunction(connection, name, definition)
  }
  const statements = inOrderOfUse(macros).map(
    ([head, body]) => `CREATE MACRO bq.${head} AS (${body})`,
  )
  // It moves common parts out of TRY, where they raise, and then DuckDB reads freed memory.
  await connection.run(`SET GLOBAL disabled_optimizers = 'common_subexpressions'`)
  await connection.run(`ATTACH ':memory:' AS bq; ${statements.join('; ')}`)
}
