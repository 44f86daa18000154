import { notSupported } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { notFound } from '../catalog/not-found.ts'
import type { Routine, RoutineReference } from '../catalog/resources.ts'
import type { CatalogView } from '../catalog/catalog-view.ts'
import type { ApiRequest, Route } from './api.ts'
import { pageOfList } from './paging.ts'

/** `routines.list`, `get` and `delete`; routines are made by CREATE FUNCTION and its kin only. */
export function routineRoutes(catalog: Catalog): Route[] {
  const all = '/projects/:project/datasets/:dataset/routines'
  const one = `${all}/:routine`
  return [
    {
      method: 'GET',
      pattern: all,
      handler({ params, query }) {
        const { project = '', dataset = '' } = params
        const reference = { projectId: project, datasetId: dataset }
        if (!catalog.current.hasDataset(reference)) throw notFound(reference)
        const { items, nextPageToken } = pageOfList(catalog.current.routines(reference), query)
        return {
          body: {
            ...(items.length > 0 && { routines: items.map(listed) }),
            ...(nextPageToken && { nextPageToken }),
          },
        }
      },
    },
    {
      method: 'GET',
      pattern: one,
      handler: (request) => ({ body: existing(catalog.current, referenceOf(request)) }),
    },
    {
      method: 'DELETE',
      pattern: one,
      async handler(request) {
        await catalog.write(async ({ catalog: draft }) => {
          const { routineReference } = existing(draft, referenceOf(request))
          draft.removeRoutine(routineReference)
        })
        return { status: 204 }
      },
    },
    { method: 'POST', pattern: all, handler: refuse },
    { method: 'PUT', pattern: one, handler: refuse },
  ]
}

function refuse(): never {
  throw notSupported('routines.insert and routines.update; use CREATE OR REPLACE FUNCTION')
}

function listed(routine: Routine): unknown {
  const { definitionBody: _, arguments: __, returnType: ___, ...rest } = routine
  return rest
}

function referenceOf({ params }: ApiRequest): RoutineReference {
  const { project = '', dataset = '', routine = '' } = params
  return { projectId: project, datasetId: dataset, routineId: routine }
}

function existing(catalog: CatalogView, reference: RoutineReference): Routine {
  const routine = catalog.routine(reference)
  if (routine) return routine
  const { projectId, datasetId } = reference
  const dataset = { projectId, datasetId }
  if (!catalog.hasDataset(dataset)) throw notFound(dataset)
  throw notFound(reference)
}
