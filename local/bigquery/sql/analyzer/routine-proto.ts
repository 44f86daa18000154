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
  if (language === 'JAVASCRIPT') {
    return functionProto(
      {
        name: routine.routineReference.routineId,
        arguments: parameters.map(typeOfArgument),
        returns: returnType ? typeOfStandardSql(returnType) : 'ANY',
      },
      namePath,
      'JavaScript',
    )
  }
  const body = returnType
    ? `CAST((${definitionBody}) AS ${typeName(typeOfStandardSql(returnType))})`
    : `(${definitionBody})`
  return {
    namePath,
    group: 'Templated_SQL_Function',
    mode: 'SCALAR',
    signature: [
      {
        argument: parameters.map((parameter) => argumentProto(typeOfArgument(parameter))),
        returnType: argumentProto(returnType ? typeOfStandardSql(returnType) : 'ANY'),
        contextId: '-1',
      },
    ],
    parseResumeLocation: { input: body, bytePosition: 0, allowResume: true },
    templatedSqlFunctionArgumentName: parameters.map(({ name }) => name),
    options: {},
  }
}

function typeOfArgument({ dataType, argumentKind }: NonNullable<Routine['arguments']>[number]) {
  if (argumentKind === 'ANY_TYPE') return 'ANY' as const
  if (!dataType) throw notSupported('a routine whose argument has no type')
  return typeOfStandardSql(dataType)
}
