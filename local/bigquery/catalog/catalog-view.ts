import { hasExpired } from './expiry.ts'
import type {
  Dataset,
  ProjectDataset,
  Routine,
  RoutineReference,
  Table,
  TableReference,
} from './resources.ts'
import type { TableVersion } from './table-version.ts'

/** What exists at one moment, or in one transaction. */
export type CatalogView = {
  /** Differs whenever datasets, tables, columns, view texts or routines do; not when only rows change. */
  readonly version: number
  /** Where datasets are that do not say. */
  readonly location: string
  /** Milliseconds since the epoch, by the clock that expiry and times of change go by. */
  now(): number
  dataset(reference: ProjectDataset): Dataset | undefined
  hasDataset(reference: ProjectDataset): boolean
  table(reference: TableReference): Table | undefined
  routine(reference: RoutineReference): Routine | undefined
  /** Of a table with rows: where they are now. */
  tableVersion(reference: TableReference): TableVersion | undefined
  /** Where the rows of all tables are and were, as far back as anybody may look. */
  tableVersions(): TableVersion[]
  /** In the order of their names, as all lists here. */
  datasets(projectId?: string): Dataset[]
  /** Those whose name starts with `_`: they are the engine's own and no list shows them. */
  hiddenDatasets(): Dataset[]
  tables(dataset?: ProjectDataset): Table[]
  routines(dataset?: ProjectDataset): Routine[]
}

export type CatalogObjects = {
  datasets: ReadonlyMap<string, Dataset>
  tables: ReadonlyMap<string, Table>
  routines: ReadonlyMap<string, Routine>
  versions: ReadonlyMap<string, TableVersion>
}

export function datasetKey({ projectId, datasetId }: ProjectDataset): string {
  return `${projectId}.${datasetId}`
}

export function tableKey(reference: TableReference): string {
  return `${datasetKey(reference)}.${reference.tableId}`
}

export function routineKey(reference: RoutineReference): string {
  return `${datasetKey(reference)}.${reference.routineId}`
}

/** Looks things up in whatever `objects` gives at that moment; what has expired by `now` is not there. */
export function createView(
  objects: () => CatalogObjects & { version: number },
  { location, now }: { location: string; now(): number },
): CatalogView {
  const alive = (table: Table): boolean =>
    table.expirationTime === undefined || !hasExpired(table, now())

  return {
    get version() {
      return objects().version
    },
    location,
    now,
    dataset: (reference) => objects().datasets.get(datasetKey(reference)),
    hasDataset: (reference) => objects().datasets.has(datasetKey(reference)),
    table(reference) {
      const table = objects().tables.get(tableKey(reference))
      return table && alive(table) ? table : undefined
    },
    routine: (reference) => objects().routines.get(routineKey(reference)),
    tableVersion: (reference) => objects().versions.get(tableKey(reference)),
    tableVersions: () => [...objects().versions.values()],
    datasets: (projectId) =>
      sorted(objects().datasets).filter(
        ({ datasetReference }) =>
          !isHidden(datasetReference) &&
          (projectId === undefined || datasetReference.projectId === projectId),
      ),
    hiddenDatasets: () =>
      sorted(objects().datasets).filter(({ datasetReference }) => isHidden(datasetReference)),
    tables: (dataset) =>
      sorted(objects().tables).filter(
        (table) => isIn(dataset, table.tableReference) && alive(table),
      ),
    routines: (dataset) =>
      sorted(objects().routines).filter((routine) => isIn(dataset, routine.routineReference)),
  }
}

function sorted<T>(objects: ReadonlyMap<string, T>): T[] {
  const byName = [...objects].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return byName.map(([, object]) => object)
}

function isHidden({ datasetId }: ProjectDataset): boolean {
  return datasetId.startsWith('_')
}

function isIn(wanted: ProjectDataset | undefined, reference: ProjectDataset): boolean {
  return wanted === undefined || datasetKey(wanted) === datasetKey(reference)
}
