import { extraFunctions } from '../analyzer/extra-functions.ts'
import { bigQueryLanguage } from '../analyzer/language.ts'
import { connect } from '../analyzer/rpc.ts'
import { type SqlType, typeFromProto, type TypeProto } from '../analyzer/sql-type.ts'

/** The type of an argument: one of GoogleSQL's, or undefined where the call chooses. */
type Argument = { type: SqlType['kind'] | undefined; isRequired: boolean }

export type BuiltinFunction = {
  /** As GoogleSQL has it; operators begin with `$`. */
  name: string
  mode: 'SCALAR' | 'AGGREGATE' | 'ANALYTIC'
  signatures: Argument[][]
}

type FunctionProto = {
  namePath: string[]
  mode: BuiltinFunction['mode']
  signature?: {
    argument?: { kind: string; type?: TypeProto; options?: { cardinality?: string } }[]
  }[]
}

/** Every function and operator of BigQuery that GoogleSQL's analyser knows, by name. */
export async function builtinFunctions(): Promise<BuiltinFunction[]> {
  const rpc = await connect()
  try {
    const languageOptions = await bigQueryLanguage(rpc)
    const { function: known } = await rpc.call<{ function: FunctionProto[] }>(
      'GetBuiltinFunctions',
      { languageOptions },
    )
    return [...known, ...(extraFunctions as FunctionProto[])]
      .map(readFunction)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } finally {
    await rpc.stop()
  }
}

function readFunction({ namePath, mode, signature = [] }: FunctionProto): BuiltinFunction {
  const signatures = signature.map(({ argument = [] }) =>
    argument.map(({ kind, type, options }) => ({
      type: argumentType(kind, type),
      isRequired: (options?.cardinality ?? 'REQUIRED') === 'REQUIRED',
    })),
  )
  return { name: namePath.join('.').toLowerCase(), mode, signatures }
}

function argumentType(kind: string, type: TypeProto | undefined): Argument['type'] {
  if (type) return typeFromProto(type).kind
  if (kind.startsWith('ARG_ARRAY_TYPE')) return 'ARRAY'
  return kind.startsWith('ARG_RANGE_TYPE') ? 'RANGE' : undefined
}
