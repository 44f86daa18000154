import type { Route } from './api.ts'

type Method = {
  verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: string[]
  repeated?: string[]
  upload?: true
}

const paging = ['maxResults', 'pageToken']
const project = 'projects/{+projectId}'
const datasets = `${project}/datasets`
const dataset = `${datasets}/{+datasetId}`
const tables = `${dataset}/tables`
const table = `${tables}/{+tableId}`
const routines = `${dataset}/routines`
const routine = `${routines}/{+routineId}`
const policies = `${table}/rowAccessPolicies`
const policy = `${policies}/{+policyId}`
const jobs = `${project}/jobs`
const rowFormat = ['formatOptions.useInt64Timestamp', 'formatOptions.timestampOutputFormat']

const resources: Record<string, Record<string, Method>> = {
  projects: {
    list: { verb: 'GET', path: 'projects', query: paging },
    getServiceAccount: { verb: 'GET', path: `${project}/serviceAccount` },
  },
  datasets: {
    delete: { verb: 'DELETE', path: dataset, query: ['deleteContents'] },
    get: { verb: 'GET', path: dataset, query: ['datasetView', 'accessPolicyVersion'] },
    insert: { verb: 'POST', path: datasets, query: ['accessPolicyVersion'] },
    list: { verb: 'GET', path: datasets, query: [...paging, 'all', 'filter'] },
    patch: { verb: 'PATCH', path: dataset, query: ['accessPolicyVersion', 'updateMode'] },
    update: { verb: 'PUT', path: dataset, query: ['accessPolicyVersion', 'updateMode'] },
  },
  tables: {
    delete: { verb: 'DELETE', path: table },
    get: { verb: 'GET', path: table, query: ['selectedFields', 'view'] },
    insert: { verb: 'POST', path: tables },
    list: { verb: 'GET', path: tables, query: paging },
    patch: { verb: 'PATCH', path: table, query: ['autodetect_schema'] },
    update: { verb: 'PUT', path: table, query: ['autodetect_schema'] },
  },
  tabledata: {
    insertAll: { verb: 'POST', path: `${table}/insertAll` },
    list: {
      verb: 'GET',
      path: `${table}/data`,
      query: [...paging, 'startIndex', 'selectedFields', ...rowFormat],
    },
  },
  jobs: {
    cancel: { verb: 'POST', path: `${jobs}/{+jobId}/cancel`, query: ['location'] },
    delete: { verb: 'DELETE', path: `${jobs}/{+jobId}/delete`, query: ['location'] },
    get: { verb: 'GET', path: `${jobs}/{+jobId}`, query: ['location'] },
    getQueryResults: {
      verb: 'GET',
      path: `${project}/queries/{+jobId}`,
      query: [...paging, 'startIndex', 'timeoutMs', 'location', ...rowFormat],
    },
    insert: { verb: 'POST', path: jobs, upload: true },
    list: {
      verb: 'GET',
      path: jobs,
      query: [
        ...paging,
        'allUsers',
        'projection',
        'parentJobId',
        'minCreationTime',
        'maxCreationTime',
      ],
      repeated: ['stateFilter'],
    },
    query: { verb: 'POST', path: `${project}/queries` },
  },
  routines: {
    delete: { verb: 'DELETE', path: routine },
    get: { verb: 'GET', path: routine, query: ['readMask'] },
    insert: { verb: 'POST', path: routines },
    list: { verb: 'GET', path: routines, query: [...paging, 'filter', 'readMask'] },
    update: { verb: 'PUT', path: routine },
  },
  rowAccessPolicies: {
    batchDelete: { verb: 'POST', path: `${policies}:batchDelete` },
    delete: { verb: 'DELETE', path: policy, query: ['force'] },
    get: { verb: 'GET', path: policy },
    insert: { verb: 'POST', path: policies },
    list: { verb: 'GET', path: policies, query: ['pageSize', 'pageToken'] },
    update: { verb: 'PUT', path: policy },
  },
  models: { list: { verb: 'GET', path: `${dataset}/models`, query: paging } },
}

/** The description of the API from which `bq --api` and Python's generic client build themselves. */
export const discoveryRoutes: Route[] = [
  '/discovery/v1/apis/bigquery/v2/rest',
  // Where newer clients of Google look.
  '/$discovery/rest',
].map((pattern) => ({
  method: 'GET',
  pattern,
  handler: ({ origin }) => ({ body: discoveryDocument(origin) }),
}))

function discoveryDocument(origin: string): unknown {
  return {
    kind: 'discovery#restDescription',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    title: 'Local BigQuery',
    protocol: 'rest',
    rootUrl: `${origin}/`,
    servicePath: 'bigquery/v2/',
    baseUrl: `${origin}/bigquery/v2/`,
    basePath: '/bigquery/v2/',
    batchPath: 'batch/bigquery/v2',
    parameters: queryParameters(['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'trace']),
    schemas: { Message: { id: 'Message', type: 'object' } },
    resources: Object.fromEntries(
      Object.entries(resources).map(([name, methods]) => [name, resource(name, methods)]),
    ),
  }
}

function resource(name: string, methods: Record<string, Method>): unknown {
  return {
    methods: Object.fromEntries(
      Object.entries(methods).map(([method, description]) => [
        method,
        restMethod(`bigquery.${name}.${method}`, description),
      ]),
    ),
  }
}

function restMethod(
  id: string,
  { verb, path, query = [], repeated = [], upload }: Method,
): unknown {
  const names = [...path.matchAll(/\{\+(\w+)\}/g)].map(([, name]) => String(name))
  const inPath = names.map((name) => [name, { type: 'string', required: true, location: 'path' }])
  const lists = repeated.map((name) => [
    name,
    { type: 'string', repeated: true, location: 'query' },
  ])
  return {
    id,
    path,
    httpMethod: verb,
    parameterOrder: names,
    parameters: { ...Object.fromEntries([...inPath, ...lists]), ...queryParameters(query) },
    ...(verb !== 'GET' && verb !== 'DELETE' && { request: { $ref: 'Message' } }),
    ...(verb !== 'DELETE' && { response: { $ref: 'Message' } }),
    ...(upload && { supportsMediaUpload: true, mediaUpload: uploadOf(path) }),
  }
}

function uploadOf(path: string): unknown {
  return {
    accept: ['*/*'],
    protocols: {
      simple: { multipart: true, path: `/upload/bigquery/v2/${path}` },
      resumable: { multipart: true, path: `/resumable/upload/bigquery/v2/${path}` },
    },
  }
}

function queryParameters(names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, { type: 'string', location: 'query' }]))
}
