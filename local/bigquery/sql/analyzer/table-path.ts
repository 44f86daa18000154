import type { ProjectDataset, TableReference } from '../../catalog/resources.ts'

export type NameScope = { projectId: string; defaultDataset?: ProjectDataset | undefined }

/**
 * The table that a path in a statement means, in whatever way its parts are quoted:
 * `` `p.d.t` ``, `p.d.t`, `d.t`, `t`; undefined where a single name has no default dataset.
 */
export function tableOfPath(
  segments: readonly string[],
  { projectId, defaultDataset }: NameScope,
): TableReference | undefined {
  const parts = segments.join('.').split('.')
  const schema = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA')
  if (schema >= 0) {
    const tableId = ['INFORMATION_SCHEMA', ...parts.slice(schema + 1)].join('.').toUpperCase()
    const [datasetId = '', project = projectId] = parts.slice(0, schema).toReversed()
    return { projectId: project, datasetId, tableId }
  }
  const [tableId = '', datasetId, project = projectId] = parts.toReversed()
  if (datasetId !== undefined) return { projectId: project, datasetId, tableId }
  return defaultDataset && { ...defaultDataset, tableId }
}

/** As BigQuery's messages name it. */
export function tableName({ projectId, datasetId, tableId }: TableReference): string {
  return `${projectId}:${datasetId}.${tableId}`
}
