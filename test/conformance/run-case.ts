import { localUser } from '../../local/bigquery/catalog/row-access.ts'
import { fillIn, type Case, type HttpCase, type RestCall, type SqlCase } from './cases.ts'
import {
  differentBody,
  differentError,
  differentRows,
  differentSchema,
  sameValue,
  type ActualError,
  type Difference,
} from './compare.ts'
import { isOrdered } from './is-ordered.ts'
import { queryConfiguration } from './query-configuration.ts'
import { at, type Answer, type RestClient } from './rest-client.ts'
import { errorOf, runQuery, type QueryAnswer } from './run-query.ts'

export type Outcome = { outcome: 'same' | 'refused' | 'different'; detail: string }

export type Surroundings = {
  call: RestClient
  bucket: string
  /** Makes names unique among the cases of a run. */
  number: number
}

const same: Outcome = { outcome: 'same', detail: '' }

/** Runs one recorded case in a dataset of its own and compares everything that was recorded. */
export async function runCase(recorded: Case, surroundings: Surroundings): Promise<Outcome> {
  const names = placeholders(recorded, surroundings)
  const refusal = await prepare(fillIn(recorded, names), names, surroundings)
  if (refusal) return refusal

  return recorded.kind === 'sql'
    ? await runSqlCase(fillIn(recorded.case, names), names, surroundings)
    : await runHttpCase(recorded.case, names, surroundings)
}

/** Answers that list what a project holds need a project in which no other case lives. */
function placeholders({ kind }: Case, { bucket, number }: Surroundings): Record<string, string> {
  const project = kind === 'sql' ? 'conformance' : `conformance-${number}`
  const dataset = `case_${number}`
  return {
    PROJECT: project,
    DATASET_ID: dataset,
    DATASET: `${project}.${dataset}`,
    GCS_BUCKET: bucket,
    PRINCIPAL: `user:${localUser}`,
    OTHER_PRINCIPAL: 'user:other@example.com',
  }
}

async function prepare(
  { case: recorded }: Case,
  { PROJECT = '', DATASET = '' }: Record<string, string>,
  { call }: Surroundings,
): Promise<Outcome | undefined> {
  for (const query of setupStatements(recorded, DATASET)) {
    const configuration = { query: { query, useLegacySql: false } }
    const { error } = await runQuery(call, PROJECT, configuration)
    if (error) return failed('setup.sql', error)
  }
  for (const { method, path, body } of ('setup_rest.json' in recorded &&
    recorded['setup_rest.json']) ||
    []) {
    const answer = await call(method, path, { body })
    if (answer.status >= 300) return failed(`setup ${method} ${path}`, errorOf(answer))
  }
  return undefined
}

/** The recordings made a dataset only for cases that set something up in it. */
function setupStatements(recorded: Case['case'], dataset: string): string[] {
  const { 'setup.sql': setup } = recorded
  const needsDataset = setup !== undefined || !('query.sql' in recorded)
  return [
    ...(needsDataset ? [`create schema \`${dataset}\``] : []),
    ...(setup === undefined ? [] : [setup]),
  ]
}

async function runSqlCase(
  recorded: SqlCase,
  { PROJECT = '' }: Record<string, string>,
  { call }: Surroundings,
): Promise<Outcome> {
  const headers = recorded['headers.json'] ?? {}
  const answer = await runQuery(call, PROJECT, queryConfiguration(recorded), headers)
  return answer.error ? judgeError(recorded, answer.error) : judgeRows(recorded, answer)
}

function judgeError({ 'expected.json': { error } }: SqlCase, actual: ActualError): Outcome {
  if (error && !differentError(error, actual)) return same
  if (isRefusal(actual)) return { outcome: 'refused', detail: actual.message }
  const detail = error
    ? differentError(error, actual)
    : `error ${actual.status} ${actual.reason} '${actual.message}', recorded an answer`
  return { outcome: 'different', detail: detail ?? '' }
}

function judgeRows(recorded: SqlCase, answer: QueryAnswer & { error?: undefined }): Outcome {
  const { error, schema = [], rows = [], job_metadata: metadata = {} } = recorded['expected.json']
  if (error) {
    return { outcome: 'different', detail: `an answer, recorded error '${error.message_pattern}'` }
  }
  const detail =
    differentSchema(schema, answer.schema) ??
    differentRows(rows, answer.rows, { ordered: isOrdered(recorded['query.sql']) }) ??
    differentMetadata(metadata, answer.job)
  return detail === undefined ? same : { outcome: 'different', detail }
}

function differentMetadata(recorded: Record<string, unknown>, job: unknown): Difference {
  const rows = at(job, 'statistics.query.numDmlAffectedRows')
  const actual: Record<string, unknown> = {
    statement_type: at(job, 'statistics.query.statementType'),
    cache_hit: at(job, 'statistics.query.cacheHit'),
    ddl_operation_performed: at(job, 'statistics.query.ddlOperationPerformed'),
    num_dml_affected_rows: rows === undefined ? undefined : Number(rows),
  }
  const name = Object.keys(recorded).find((key) => !sameValue(recorded[key], actual[key]))
  if (name === undefined) return undefined
  return `${name} ${JSON.stringify(actual[name])}, recorded ${JSON.stringify(recorded[name])}`
}

async function runHttpCase(
  recorded: HttpCase,
  names: Record<string, string>,
  { call }: Surroundings,
): Promise<Outcome> {
  const captured = { ...names }
  const send = async (template: RestCall): Promise<Answer> => {
    const { method, path, body, headers } = fillIn(template, captured)
    const answer = await call(method, path, { body, ...(headers && { headers }) })
    for (const [name, place] of Object.entries(template.capture ?? {})) {
      captured[name] = String(at(answer.body, place))
    }
    return answer
  }

  for (const setup of recorded['setup_requests.json'] ?? []) {
    const answer = await send(setup)
    if (answer.status >= 300) return failed(`setup ${setup.method} ${setup.path}`, errorOf(answer))
  }
  const actual = await send(recorded['request.json'])
  const { http_status: status, body, source } = fillIn(recorded['expected_response.json'], captured)
  if (actual.status !== status && isRefusal(errorOf(actual))) {
    return { outcome: 'refused', detail: errorOf(actual).message }
  }
  // What was written by hand lists what matters; what was recorded is the whole answer.
  const extraKeys = source === undefined ? 'refuse' : 'allow'
  const detail =
    (actual.status === status ? undefined : `status ${actual.status}, recorded ${status}`) ??
    differentBody(body, actual.body, { extraKeys })
  return detail === undefined ? same : { outcome: 'different', detail }
}

function failed(what: string, error: ActualError): Outcome {
  return isRefusal(error)
    ? { outcome: 'refused', detail: error.message }
    : {
        outcome: 'different',
        detail: `${what}: ${error.status} ${error.reason} '${error.message}'`,
      }
}

function isRefusal({ message }: ActualError): boolean {
  return message.includes('not supported by the local engine')
}
