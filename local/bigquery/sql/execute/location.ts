import type { CatalogView } from '../../catalog/catalog-view.ts'
import type { ProjectDataset } from '../../catalog/resources.ts'
import type { QueryRequest } from '../sql-engine.ts'

/** Whether a request sees a dataset: one that names a location sees none elsewhere. */
export function isInLocation(
  { location, isLocationGiven = false }: QueryRequest,
  catalog: CatalogView,
  dataset: ProjectDataset,
): boolean {
  const itsLocation = catalog.dataset(dataset)?.location ?? location
  return !isLocationGiven || itsLocation.toLowerCase() === location.toLowerCase()
}
