import type { Catalog } from '../catalog/catalog.ts'
import { notFound } from '../catalog/not-found.ts'
import type { Routine, RoutineReference } from '../catalog/resources.ts'
import type { CatalogView } from '../catalog/catalog-view.ts'
import { isObject } from '../is-object.ts'
import { requiredText } from '../jobs/references.ts'
import { newJobId } from '../jobs/submit-job.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import type { ApiRequest, Route } from './api.ts'
import { readJson } from './body.ts'
import { requireMatch } from './etag.ts'
import { pageOfList } from './paging.ts'
import { createStatement } from './routine-body.ts'

/** `routines.list`, `get`, `insert`, `update` and `delete`. */
export function routineRoutes(catalog: Catalog, engine: SqlEngine): Route[] {
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
    {
      method: 'POST',
      pattern: all,
      async handler(request) {
        const body = await readJson(request)
        const { routineReference: given } = body
        const { routineId } = isObject(given) ? given : {}
        const { project: projectId = '', dataset: datasetId = '' } = request.params
        const reference = { projectId, datasetId, routineId: requiredText(routineId, 'routineId') }
        return { body: await put(catalog, engine, reference, body, 'create') }
      },
    },
    {
      method: 'PUT',
      pattern: one,
      async handler(request) {
        const reference = referenceOf(request)
        requireMatch(request, existing(catalog.current, reference))
        const body = await readJson(request)
        return { body: await put(catalog, engine, reference, body, 'create or replace') }
      },
    },
  ]
}

async function put(
  catalog: Catalog,
  engine: SqlEngine,
  reference: RoutineReference,
  body: Record<string, unknown>,
  how: 'create' | 'create or replace',
): Promise<Routine> {
  await engine.run({
    sql: createStatement(reference, body, how),
    projectId: reference.projectId,
    jobId: newJobId(),
    location: catalog.current.location,
  })
  const { description } = body
  if (typeof description !== 'string') return existing(catalog.current, reference)
  return await catalog.write(async ({ catalog: draft }) =>
    draft.putRoutine({ ...existing(draft, reference), description }),
  )
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
