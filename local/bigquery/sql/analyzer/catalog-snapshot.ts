import type { ProjectDataset, Routine, Table, TableReference } from '../../catalog/resources.ts'

/** What exists, as one statement sees it. */
export type CatalogSnapshot = {
  /** Differs whenever anything else in the snapshot does. */
  version: number
  /** Where tables are said not to have been found: `US`. */
  location: string
  hasDataset(dataset: ProjectDataset): boolean
  /** Whether there is anything in a project; all of its tables are out of reach where there is not. */
  hasProject?(projectId: string): boolean
  /**
   * The table or view, or undefined. Tables of the information schema are asked for as
   * `INFORMATION_SCHEMA.COLUMNS` in their dataset (or in the region, `region-us`, or in the dataset ''),
   * wildcard tables with their star.
   */
  table(reference: TableReference): Table | undefined
  /** A temporary table of the running script. */
  temporaryTable?(name: string): Table | undefined
  routines(): Routine[]
}
