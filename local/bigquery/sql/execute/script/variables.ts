import { DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { ScriptStatement, ScriptText } from '../../analyzer/script.ts'
import { systemVariables } from '../../analyzer/system-variables.ts'
import { typeName, type SqlType } from '../../analyzer/sql-type.ts'
import { findVariable, type Session, type Variable } from '../session.ts'
import { evaluate, evaluateAs, namedType } from './evaluate-expression.ts'

type Statement<Kind extends ScriptStatement['kind']> = Extract<ScriptStatement, { kind: Kind }>

export async function declare(session: Session, statement: Statement<'declare'>): Promise<void> {
  const { names, type: typeText, defaultValue } = statement
  const initially = await initial(session, typeText, defaultValue)
  for (const name of names) {
    if (findVariable(session, name)) {
      throw new BigQueryError('invalidQuery', `Variable '${name}' redeclaration`, {
        location: 'query',
      })
    }
    setInScope(session, { name, ...initially })
  }
}

async function initial(
  session: Session,
  typeText: ScriptText | undefined,
  defaultValue: ScriptText | undefined,
): Promise<Omit<Variable, 'name'>> {
  if (!typeText) {
    if (!defaultValue) throw new Error('a variable with neither type nor default')
    return await evaluate(session, defaultValue)
  }
  const type = await namedType(session, typeText)
  const sized = sizedType(typeText, type)
  const value = defaultValue ? await evaluateAs(session, defaultValue, type, sized) : null
  return { type, value, ...(sized !== undefined && { sized }) }
}

function sizedType({ text }: ScriptText, type: SqlType): string | undefined {
  if (!/\(\s*\w/.test(text)) return undefined
  if (type.kind === 'ARRAY' || type.kind === 'STRUCT') {
    throw notSupported('a variable whose type has parameters within')
  }
  return text
}

export async function set(session: Session, statement: Statement<'set'>): Promise<void> {
  const [name = ''] = statement.variables
  const variable = needVariable(session, name)
  variable.value = await evaluateAs(session, statement.value, variable.type, variable.sized)
}

/** SET (a, b) = (1, 2): all values are computed before the first is assigned. */
export async function setFromStruct(
  session: Session,
  { variables, value: expression }: Statement<'setFromStruct'>,
): Promise<void> {
  const { value, type } = await evaluate(session, expression)
  const fields = type.kind === 'STRUCT' ? type.fields : []
  if (fields.length !== variables.length) {
    const message = `Number of variables (${variables.length}) does not match the number of values (${fields.length})`
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  const values = value instanceof DuckDBStructValue ? Object.values(value.entries) : []
  for (const [index, name] of variables.entries()) {
    const field = fields[index]
    if (field) assign(needVariable(session, name), field.type, values[index] ?? null)
  }
}

/** Gives a variable a value that was computed already. */
export function assign(variable: Variable, type: SqlType, value: DuckDBValue): void {
  if (variable.sized !== undefined && value !== null) {
    throw notSupported(`assigning so to the ${variable.sized} variable ${variable.name}`)
  }
  const same = typeName(variable.type) === typeName(type)
  if (!same && value !== null) {
    throw notSupported(
      `assigning ${typeName(type)} to the ${typeName(variable.type)} variable ${variable.name}`,
    )
  }
  variable.value = value
}

export async function setSystemVariable(
  session: Session,
  { path, value: expression }: Statement<'setSystemVariable'>,
): Promise<void> {
  const name = path.join('.').toLowerCase()
  if (!systemVariables.some(([known]) => known === name)) {
    throw new BigQueryError('invalidQuery', `Unrecognized name: @@${name}`, { location: 'query' })
  }
  const value = await evaluateAs(session, expression, { kind: 'STRING' })
  if (name === 'time_zone' && value === 'UTC') return
  if (name === 'query_label') {
    session.systemVariables.set(name, value)
    return
  }
  if (name === 'dataset_id' && typeof value === 'string' && /^[\w-]+$/.test(value)) {
    const { projectId, defaultDataset } = session.request
    const dataset = { projectId: defaultDataset?.projectId ?? projectId, datasetId: value }
    session.request = { ...session.request, defaultDataset: dataset }
    return
  }
  throw notSupported(`SET @@${name}`)
}

export function needVariable(session: Session, name: string): Variable {
  const variable = findVariable(session, name)
  if (variable) return variable
  throw new BigQueryError('invalidQuery', `Undeclared variable: ${name}`, { location: 'query' })
}

export function setInScope({ scopes }: Session, variable: Variable): void {
  scopes.at(-1)?.set(variable.name.toLowerCase(), variable)
}
