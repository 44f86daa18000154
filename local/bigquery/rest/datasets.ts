import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import type { CatalogView } from '../catalog/catalog-view.ts'
import { createDataset, deleteDataset, requireSupported } from '../catalog/datasets.ts'
import { nameOf, notFound } from '../catalog/not-found.ts'
import { requireRoundingMode } from '../catalog/rounding-mode.ts'
import type { Dataset, ProjectDataset } from '../catalog/resources.ts'
import { datasetReference, requireSame } from '../jobs/references.ts'
import { requireWholeNumbers } from '../whole-number.ts'
import type { ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { refuseNames } from '../refused-names.ts'
import { readJson } from './body.ts'
import { requireMatch } from './etag.ts'
import { merged } from './merge.ts'
import { flagOf, pageOfList } from './paging.ts'

/** `datasets.list`, `get`, `insert`, `patch`, `update` and `delete`. */
export function datasetRoutes(catalog: Catalog): Route[] {
  const one = '/projects/:project/datasets/:dataset'
  return [
    {
      method: 'GET',
      pattern: '/projects/:project/datasets',
      handler: (request) => ({ body: listDatasets(catalog.current, request) }),
    },
    {
      method: 'POST',
      pattern: '/projects/:project/datasets',
      async handler(request) {
        const dataset = newDataset(await readJson(request), request, catalog.current.location)
        await catalog.write((open) => createDataset(open, dataset))
        return { body: resource(existing(catalog.current, dataset.datasetReference), request) }
      },
    },
    {
      method: 'GET',
      pattern: one,
      handler: (request) => ({
        body: resource(existing(catalog.current, referenceOf(request)), request),
      }),
    },
    { method: 'PATCH', pattern: one, handler: (request) => change(catalog, request, 'patch') },
    { method: 'PUT', pattern: one, handler: (request) => change(catalog, request, 'update') },
    {
      method: 'DELETE',
      pattern: one,
      async handler(request) {
        const deleteContents = flagOf(request.query, 'deleteContents')
        await catalog.write((open) => deleteDataset(open, referenceOf(request), { deleteContents }))
        return { status: 204 }
      },
    },
  ]
}

async function change(catalog: Catalog, request: ApiRequest, how: 'patch' | 'update') {
  const body = await readJson(request)
  const changed = await catalog.write(async ({ catalog: draft }) => {
    const before = existing(draft, referenceOf(request))
    requireMatch(request, before)
    const given = pick(body)
    const after =
      how === 'patch'
        ? merged(before, given)
        : { ...fixedPart(before), ...given, location: before.location }
    return draft.putDataset({ ...after, creationTime: before.creationTime })
  })
  return { body: resource(changed, request) }
}

function newDataset(
  body: Record<string, unknown>,
  { params: { project = '' } }: ApiRequest,
  defaultLocation: string,
): NewObject<Dataset> {
  const given = isObject(body.datasetReference) ? body.datasetReference : {}
  requireSame(given.projectId, project)
  const { location } = body
  return {
    ...pick(body),
    datasetReference: datasetReference(given, project),
    location: typeof location === 'string' && location !== '' ? location : defaultLocation,
  }
}

const changeable = [
  'description',
  'friendlyName',
  'labels',
  'defaultTableExpirationMs',
  'defaultPartitionExpirationMs',
  'defaultCollation',
  'maxTimeTravelHours',
  'isCaseInsensitive',
  'storageBillingModel',
  'access',
] as const

const refused = [
  'defaultEncryptionConfiguration',
  'externalCatalogDatasetOptions',
  'externalDatasetReference',
  'linkedDatasetSource',
  'resourceTags',
]

const numbers = ['defaultTableExpirationMs', 'defaultPartitionExpirationMs', 'maxTimeTravelHours']

function pick(body: Record<string, unknown>): Partial<Dataset> {
  refuseNames(body, refused, 'datasets')
  requireSupported(body)
  requireRoundingMode(body.defaultRoundingMode)
  requireWholeNumbers(body, numbers)
  const given = changeable.filter((name) => body[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, body[name]]))
}

function fixedPart({ datasetReference: reference, location }: Dataset) {
  return { datasetReference: reference, location }
}

function listDatasets(catalog: CatalogView, { params, query }: ApiRequest): unknown {
  const { project = '' } = params
  const wanted = labelFilter(query.get('filter'))
  const all = flagOf(query, 'all')
  const matching = catalog
    .datasets(project)
    .filter(({ datasetReference: { datasetId } }) => all || !datasetId.startsWith('_'))
    .filter(({ labels = {} }) => wanted.every(([key, value]) => matchesLabel(labels, key, value)))
  const { items, nextPageToken } = pageOfList(matching, query)
  return {
    kind: 'bigquery#datasetList',
    etag: Buffer.from(String(catalog.version)).toString('base64url'),
    ...(nextPageToken && { nextPageToken }),
    ...(items.length > 0 && { datasets: items.map(listed) }),
  }
}

/** `labels.team:shop labels.env` → pairs that all must match. */
function labelFilter(filter: string | null): [key: string, value: string | undefined][] {
  const conditions = (filter ?? '').split(/\s+/).filter(Boolean)
  return conditions.map((condition) => {
    const match = /^labels\.([^:]+)(?::(.*))?$/.exec(condition)
    if (match?.[1] === undefined) {
      throw new BigQueryError('invalid', `Invalid filter: ${condition}`, { location: 'filter' })
    }
    return [match[1], match[2]]
  })
}

function matchesLabel(labels: Record<string, string>, key: string, value?: string): boolean {
  return key in labels && (value === undefined || labels[key] === value)
}

function listed({ datasetReference: reference, location, labels, friendlyName }: Dataset): unknown {
  return {
    kind: 'bigquery#dataset',
    id: nameOf(reference),
    datasetReference: reference,
    location,
    ...(labels && { labels }),
    ...(friendlyName !== undefined && { friendlyName }),
    type: 'DEFAULT',
  }
}

function resource(dataset: Dataset, { origin }: ApiRequest): unknown {
  const { datasetReference: reference } = dataset
  const { projectId, datasetId } = reference
  return {
    kind: 'bigquery#dataset',
    ...dataset,
    id: nameOf(reference),
    selfLink: `${origin}/bigquery/v2/projects/${projectId}/datasets/${datasetId}`,
    type: 'DEFAULT',
  }
}

function existing(catalog: CatalogView, reference: ProjectDataset): Dataset {
  const dataset = catalog.dataset(reference)
  if (dataset) return dataset
  throw notFound(reference)
}

function referenceOf({ params: { project = '', dataset = '' } }: ApiRequest): ProjectDataset {
  return { projectId: project, datasetId: dataset }
}
