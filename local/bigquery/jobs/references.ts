import { BigQueryError } from '../bigquery-error.ts'
import type { ProjectDataset, TableReference } from '../catalog/resources.ts'

/** A dataset as a request names it; the project may be left out. */
export function datasetReference(
  { projectId: project, datasetId }: Record<string, unknown>,
  defaultProject: string,
): ProjectDataset {
  const id = requiredText(datasetId, 'datasetId')
  if (!/^[\w-]{1,1024}$/.test(id)) {
    throw new BigQueryError(
      'invalid',
      `Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores and dashes) ` +
        'and must be at most 1024 characters long.',
    )
  }
  return { projectId: typeof project === 'string' ? project : defaultProject, datasetId: id }
}

/** A table as a request names it; a partition decorator (`t$20250208`) stays in its id. */
export function tableReference(
  reference: Record<string, unknown>,
  defaultProject: string,
): TableReference {
  const tableId = requiredText(reference.tableId, 'tableId')
  if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}(\$\w+)?$/u.test(tableId)) {
    throw new BigQueryError(
      'invalid',
      `Invalid table ID "${tableId}". Table IDs must be alphanumeric (plus underscores) and must ` +
        'be at most 1024 characters long. Also, Table decorators cannot be used.',
    )
  }
  return { ...datasetReference(reference, defaultProject), tableId }
}

/** Refuses a body that names another resource than the path does; it may name none. */
export function requireSame(inBody: unknown, inPath: string): void {
  if (inBody === undefined || inBody === null || inBody === inPath) return
  const message = `Value '${String(inBody)}' in content does not agree with value '${inPath}'.`
  throw new BigQueryError('invalid', message)
}

export function requiredText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new BigQueryError('required', `Required parameter is missing: ${name}`, { location: name })
}
