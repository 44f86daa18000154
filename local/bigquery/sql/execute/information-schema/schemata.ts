import { fieldsOf, timeValue, type InformationTable } from './information-table.ts'

/** SCHEMATA: a row for each dataset of the project. */
export const schemata: InformationTable = {
  fields: fieldsOf({
    catalog_name: 'STRING',
    schema_name: 'STRING',
    schema_owner: 'STRING',
    creation_time: 'TIMESTAMP',
    last_modified_time: 'TIMESTAMP',
    location: 'STRING',
    ddl: 'STRING',
    default_collation_name: 'STRING',
  }),
  unknown: ['ddl'],
  rows: ({ catalog }, { projectId }) =>
    catalog
      .datasets(projectId)
      .map(({ datasetReference, creationTime, lastModifiedTime, location, defaultCollation }) => ({
        catalog_name: datasetReference.projectId,
        schema_name: datasetReference.datasetId,
        creation_time: timeValue(creationTime),
        last_modified_time: timeValue(lastModifiedTime),
        location,
        default_collation_name: defaultCollation ?? 'NULL',
      })),
}
