import { notSupported } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { notFound } from '../catalog/not-found.ts'
import { pageOfList } from './paging.ts'
import type { Route } from './api.ts'

/** Projects exist as soon as they are named; those that hold datasets are listed. */
export function projectRoutes(catalog: Catalog): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/projects',
      handler({ query }) {
        const datasets = catalog.current.datasets()
        const ids = [...new Set(datasets.map(({ datasetReference }) => datasetReference.projectId))]
        const { items, nextPageToken } = pageOfList(ids, query, 50)
        return {
          body: {
            kind: 'bigquery#projectList',
            etag: Buffer.from(ids.join()).toString('base64url'),
            ...(nextPageToken && { nextPageToken }),
            projects: items.map((id) => ({
              kind: 'bigquery#project',
              id,
              numericId: '0',
              projectReference: { projectId: id },
              friendlyName: id,
            })),
            totalItems: ids.length,
          },
        }
      },
    },
    {
      method: 'GET',
      pattern: '/projects/:project/datasets/:dataset/models',
      handler({ params: { project = '', dataset = '' } }) {
        const reference = { projectId: project, datasetId: dataset }
        if (!catalog.current.hasDataset(reference)) throw notFound(reference)
        return { body: {} }
      },
    },
    {
      method: 'GET',
      pattern: '/projects/:project/serviceAccount',
      handler: ({ params: { project = '' } }) => ({
        body: {
          kind: 'bigquery#getServiceAccountResponse',
          email: `bq-local@${project}.iam.gserviceaccount.com`,
        },
      }),
    },
    ...refusedRoutes,
  ]
}

/** Parts of the API that the local engine knows and does not have: better refused than not found. */
const refusedRoutes: Route[] = [
  ['GET', '/models/:model', 'models'],
  ['DELETE', '/models/:model', 'models'],
].map(([method = '', path = '', what = '']) => ({
  method,
  pattern: `/projects/:project/datasets/:dataset${path}`,
  handler() {
    throw notSupported(what)
  },
}))
