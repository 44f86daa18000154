import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Routine, RoutineReference, StandardSqlType } from '../catalog/resources.ts'
import { isObject } from '../is-object.ts'
import { requiredText } from '../jobs/references.ts'
import { refuseNames } from '../refused-names.ts'

const refused = [
  'dataGovernanceType',
  'externalRuntimeOptions',
  'importedLibraries',
  'pythonOptions',
  'remoteFunctionOptions',
  'securityMode',
  'sparkOptions',
]

/** The SQL statement that makes the routine of a request: so it is checked as SQL is. */
export function createStatement(
  { projectId, datasetId, routineId }: RoutineReference,
  body: Record<string, unknown>,
  how: 'create' | 'create or replace',
): string {
  refuseNames(body, refused, 'routines')
  const { language = 'SQL' } = body
  if (language !== 'SQL') throw notSupported(`routines.insert in the language ${String(language)}`)
  const name = `\`${projectId}.${datasetId}.${routineId}\``
  const head = `${name}(${argumentsOf(body).join(', ')})`
  const definition = requiredText(body.definitionBody, 'definitionBody')
  switch (kindOf(body)) {
    case 'SCALAR_FUNCTION':
      return `${how} function ${head}${returns(body)} as (${definition}\n)`
    case 'AGGREGATE_FUNCTION':
      return `${how} aggregate function ${head}${returns(body)} as (${definition}\n)`
    case 'TABLE_VALUED_FUNCTION':
      return `${how} table function ${head}${returnsTable(body)} as ${definition}`
    case 'PROCEDURE':
      return `${how} procedure ${head} ${/^\s*begin\b/i.test(definition) ? definition : `begin ${definition}\nend`}`
  }
}

function kindOf({ routineType }: Record<string, unknown>): Routine['routineType'] {
  switch (routineType) {
    case 'SCALAR_FUNCTION':
    case 'AGGREGATE_FUNCTION':
    case 'TABLE_VALUED_FUNCTION':
    case 'PROCEDURE':
      return routineType
    default:
      throw new BigQueryError('invalid', `Invalid value for routineType: ${String(routineType)}`, {
        location: 'routineType',
      })
  }
}

function argumentsOf({ arguments: given }: Record<string, unknown>): string[] {
  const list: unknown[] = Array.isArray(given) ? given : []
  return list.map((argument) => {
    const { name, argumentKind, dataType, mode, isAggregate } = isObject(argument) ? argument : {}
    const type = argumentKind === 'ANY_TYPE' ? 'ANY TYPE' : typeText(dataType)
    const direction = typeof mode === 'string' && mode !== 'MODE_UNSPECIFIED' ? `${mode} ` : ''
    const whole = isAggregate === false ? ' NOT AGGREGATE' : ''
    return `${direction}\`${requiredText(name, 'arguments.name')}\` ${type}${whole}`
  })
}

function returns({ returnType }: Record<string, unknown>): string {
  return isObject(returnType) ? ` returns ${typeText(returnType)}` : ''
}

function returnsTable({ returnTableType }: Record<string, unknown>): string {
  const columns =
    isObject(returnTableType) && Array.isArray(returnTableType.columns)
      ? (returnTableType.columns as { name: string; type: StandardSqlType }[])
      : []
  if (columns.length === 0) return ''
  const texts = columns.map(({ name, type }) => `\`${name}\` ${typeText(type)}`)
  return ` returns table<${texts.join(', ')}>`
}

function typeText(type: unknown): string {
  const { typeKind, arrayElementType, structType, rangeElementType } = isObject(type) ? type : {}
  if (typeKind === 'RANGE') return `RANGE<${typeText(rangeElementType)}>`
  if (typeKind === 'ARRAY') return `ARRAY<${typeText(arrayElementType)}>`
  if (typeKind === 'STRUCT') {
    const { fields = [] } = (isObject(structType) ? structType : {}) as {
      fields?: { name?: string; type: unknown }[]
    }
    const texts = fields.map((field) => {
      return `${field.name ? `\`${field.name}\` ` : ''}${typeText(field.type)}`
    })
    return `STRUCT<${texts.join(', ')}>`
  }
  const kind = requiredText(typeKind, 'dataType.typeKind')
  if (/^\w+$/.test(kind)) return kind
  throw new BigQueryError('invalid', `Invalid value for typeKind: ${kind}`)
}
