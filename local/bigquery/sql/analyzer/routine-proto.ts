import { notSupported } from '../../bigquery-error.ts'
import type { Routine } from '../../catalog/resources.ts'
import { argumentProto, functionProto } from './extra-functions.ts'
import { typeOfStandardSql } from './field-type.ts'
import { typeName } from './sql-type.ts'

/**
 * A user's function for the analyser: SQL is put in place of the call, JavaScript is known by its types.
 * Only the last name of the path counts, but no two paths of a catalog may be equal.
 */
export function routineProto(routine: Routine, namePath: string[]): object {
  const { language, definitionBody, returnType } = routine
  const parameters = routine.arguments ?? []
  if (isTableFunction(routine)) return tableFunctionProto(routine, namePath)
  if (language === 'JAVASCRIPT') {
    return functionProto(
      {
        name: routine.routineReference.routineId,
        arguments: parameters.map(typeOfArgument),
        returns: returnType ? typeOfStandardSql(returnType) : 'ANY',
      },
      namePath,
      `JavaScript ${routineKey(routine)}`,
    )
  }
  const body = returnType
    ? `CAST((${definitionBody}\n) AS ${typeName(typeOfStandardSql(returnType))})`
    : `(${definitionBody}\n)`
  return {
    namePath,
    group: 'Templated_SQL_Function',
    mode: isAggregateFunction(routine) ? 'AGGREGATE' : 'SCALAR',
    signature: [
      {
        argument: parameters.map((parameter) =>
          argumentProto(typeOfArgument(parameter), {
            ...(parameter.isAggregate === false && { isNotAggregate: true }),
          }),
        ),
        returnType: argumentProto(returnType ? typeOfStandardSql(returnType) : 'ANY'),
        contextId: '-1',
      },
    ],
    parseResumeLocation: { input: body, bytePosition: 0, allowResume: true },
    templatedSqlFunctionArgumentName: parameters.map(({ name }) => name),
    options: {},
  }
}

/** Tells a routine from all others, temporary ones too. */
export function routineKey({ routineReference: r }: Routine): string {
  return `${r.projectId}.${r.datasetId}.${r.routineId}`
}

/** Its query is put in place of the call. */
function tableFunctionProto(routine: Routine, namePath: string[]): object {
  const { definitionBody, returnTableType } = routine
  const parameters = routine.arguments ?? []
  const columns = returnTableType?.columns.map(({ name, type }) => {
    return `CAST(\`${name}\` AS ${typeName(typeOfStandardSql(type))}) AS \`${name}\``
  })
  const query = columns ? `SELECT ${columns.join(', ')} FROM (${definitionBody}\n)` : definitionBody
  return {
    namePath,
    type: 'TEMPLATED_SQL_TVF',
    signature: {
      argument: parameters.map((parameter) => argumentProto(typeOfArgument(parameter))),
      returnType: { kind: 'ARG_TYPE_RELATION', numOccurrences: 1 },
      contextId: '-1',
    },
    parseResumeLocation: { input: query, bytePosition: 0, allowResume: true },
    argumentName: parameters.map(({ name }) => name),
    options: {},
  }
}

export function isTableFunction({ routineType }: Routine): boolean {
  return routineType === 'TABLE_VALUED_FUNCTION'
}

export function isAggregateFunction({ routineType }: Routine): boolean {
  return routineType === 'AGGREGATE_FUNCTION'
}

function typeOfArgument({ dataType, argumentKind }: NonNullable<Routine['arguments']>[number]) {
  if (argumentKind === 'ANY_TYPE') return 'ANY' as const
  if (!dataType) throw notSupported('a routine whose argument has no type')
  return typeOfStandardSql(dataType)
}
