import type { Routine } from '../../../catalog/resources.ts'
import { typeOfStandardSql } from '../../analyzer/field-type.ts'
import { typeName } from '../../analyzer/sql-type.ts'
import { datasetsIn, fieldsOf, timeValue, type InformationTable } from './information-table.ts'

const routineTypes: Record<Routine['routineType'], string> = {
  SCALAR_FUNCTION: 'FUNCTION',
  AGGREGATE_FUNCTION: 'AGGREGATE FUNCTION',
  PROCEDURE: 'PROCEDURE',
  TABLE_VALUED_FUNCTION: 'TABLE FUNCTION',
}

/** ROUTINES: a row for each function and procedure, with its definition. */
export const routines: InformationTable = {
  fields: fieldsOf({
    specific_catalog: 'STRING',
    specific_schema: 'STRING',
    specific_name: 'STRING',
    routine_catalog: 'STRING',
    routine_schema: 'STRING',
    routine_name: 'STRING',
    routine_type: 'STRING',
    data_type: 'STRING',
    routine_body: 'STRING',
    routine_definition: 'STRING',
    external_language: 'STRING',
    is_deterministic: 'STRING',
    security_type: 'STRING',
    created: 'TIMESTAMP',
    last_altered: 'TIMESTAMP',
    ddl: 'STRING',
    connection: 'STRING',
  }),
  unknown: ['ddl'],
  rows: ({ catalog }, scope) =>
    datasetsIn(catalog, scope)
      .flatMap((dataset) => catalog.routines(dataset))
      .map((routine) => {
        const { routineReference: name, returnType, language } = routine
        const isSql = language === 'SQL'
        return {
          specific_catalog: name.projectId,
          specific_schema: name.datasetId,
          specific_name: name.routineId,
          routine_catalog: name.projectId,
          routine_schema: name.datasetId,
          routine_name: name.routineId,
          routine_type: routineTypes[routine.routineType],
          data_type: returnType ? typeName(typeOfStandardSql(returnType)) : null,
          routine_body: isSql ? 'SQL' : 'EXTERNAL',
          routine_definition: routine.definitionBody,
          external_language: isSql ? null : language,
          created: timeValue(routine.creationTime),
          last_altered: timeValue(routine.lastModifiedTime),
        }
      }),
}
