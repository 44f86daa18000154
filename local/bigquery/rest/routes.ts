import type { Catalog } from '../catalog/catalog.ts'
import type { JobDesk } from '../jobs/submit-job.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import type { Route } from './api.ts'
import { datasetRoutes } from './datasets.ts'
import { discoveryRoutes } from './discovery.ts'
import { insertAllRoutes } from './insert-all.ts'
import { jobRoutes } from './jobs.ts'
import { projectRoutes } from './projects.ts'
import { queryRoutes } from './queries.ts'
import { routineRoutes } from './routines.ts'
import { rowAccessRoutes } from './row-access.ts'
import { tableDataRoutes } from './tabledata.ts'
import { tableRoutes } from './tables.ts'
import { uploadRoutes } from './uploads.ts'

export type Backend = {
  catalog: Catalog
  engine: SqlEngine
  desk: JobDesk
  /** Where uploads lie until their load is done. */
  uploadFolder: string
}

/** The whole API. */
export function routesOf({ catalog, engine, desk, uploadFolder }: Backend): Route[] {
  return [
    ...queryRoutes(desk, catalog),
    ...jobRoutes(desk),
    ...insertAllRoutes(catalog, engine),
    ...tableDataRoutes(catalog, desk.jobs),
    ...tableRoutes(catalog, engine, desk.jobs),
    ...rowAccessRoutes(catalog, engine),
    ...datasetRoutes(catalog),
    ...routineRoutes(catalog, engine),
    ...uploadRoutes(desk, uploadFolder),
    ...projectRoutes(catalog),
    ...discoveryRoutes,
  ]
}
