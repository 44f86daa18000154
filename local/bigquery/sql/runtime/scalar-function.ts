import {
  BIGINT,
  BIGNUM,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBIntervalValue,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  INTERVAL,
  VARCHAR,
} from '@duckdb/node-api'
import type { Interval } from '../../database/interval-text.ts'

type Values = {
  text: string
  int64: bigint
  float64: number
  bool: boolean
  bytes: Uint8Array
  bignumeric: bigint
  interval: Interval
}
export type Kind = keyof Values

type Arguments<Kinds extends readonly Kind[]> = { [I in keyof Kinds]: Values[Kinds[I]] }

/** A function of DuckDB in JavaScript. It is never called with NULL; it may give NULL or throw. */
export type ScalarFunction = {
  parameters: readonly Kind[]
  returns: Kind
  run(...args: never[]): Values[Kind] | null
  /** It is called anew wherever DuckDB would take an earlier result of the same arguments. */
  isVolatile?: boolean
}

export function scalarFunction<const Kinds extends readonly Kind[], Returns extends Kind>(
  parameters: Kinds,
  returns: Returns,
  run: (...args: Arguments<Kinds>) => Values[Returns] | null,
): ScalarFunction {
  return { parameters, returns, run: run as unknown as ScalarFunction['run'] }
}

const duckTypes: Record<Kind, DuckDBType> = {
  text: VARCHAR,
  int64: BIGINT,
  float64: DOUBLE,
  bool: BOOLEAN,
  bytes: BLOB,
  bignumeric: BIGNUM,
  interval: INTERVAL,
}

export function registerFunction(
  connection: DuckDBConnection,
  name: string,
  { parameters, returns, run, isVolatile = false }: ScalarFunction,
): void {
  const call = run as (...args: unknown[]) => Values[Kind] | null
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: parameters.map((kind) => duckTypes[kind]),
      returnType: duckTypes[returns],
      volatile: isVolatile,
      mainFunction(info, input, output) {
        const columns = parameters.map((_, index) => input.getColumnVector(index))
        try {
          for (let row = 0; row < input.rowCount; row += 1) {
            const args = columns.map((column) => plain(column.getItem(row)))
            output.setItem(row, args.includes(null) ? null : duckValue(call(...args)))
          }
          output.flush()
        } catch (error) {
          // DuckDB makes the message the statement's error, which TRY can catch.
          info.setError(error instanceof Error ? error.message : String(error))
        }
      },
    }),
  )
}

function plain(value: DuckDBValue): DuckDBValue | Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : value
}

function duckValue(value: Values[Kind] | null): DuckDBValue {
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value)
  if (value === null || typeof value !== 'object') return value
  return new DuckDBIntervalValue(value.months, value.days, value.micros)
}

/** The function with an error in place of NULL. (COALESCE inside of TRY makes DuckDB crash.) */
export function strictly(
  { parameters, returns, run }: ScalarFunction,
  complaint: (text: string) => string,
): ScalarFunction {
  const call = run as (...args: unknown[]) => Values[Kind] | null
  const strict = (...args: unknown[]): Values[Kind] => {
    const value = call(...args)
    if (value === null) throw new Error(complaint(String(args[0])))
    return value
  }
  return { parameters, returns, run: strict as unknown as ScalarFunction['run'] }
}
