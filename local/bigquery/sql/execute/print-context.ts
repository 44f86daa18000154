import type { DuckDBValue } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { tableKey } from '../../catalog/catalog-view.ts'
import { localUser } from '../../catalog/row-access.ts'
import { routineKey } from '../analyzer/routine-proto.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import type { PrintContext } from '../printer/print.ts'
import { timestampLiteral, valueLiteral } from './literal.ts'
import type { Parameters } from './parameters.ts'
import type { Relations } from './relations.ts'
import { findVariable, type Session } from './session.ts'
import type { Work } from './work.ts'

/** What the printer asks about the world outside the statement. */
export function printContext({ session, catalog, time }: Work, relations: Relations): PrintContext {
  return {
    relation(read) {
      const relation = relations.get(tableKey(read.table))
      if (!relation) throw new Error(`no relation for ${tableKey(read.table)}`)
      return relation.sql(read)
    },
    variable(name, type) {
      const variable = findVariable(session, name)
      if (!variable) throw new Error(`no variable ${name}`)
      return valueLiteral(variable.value, type)
    },
    parameter: (parameter, type) =>
      valueLiteral(parameterValue(session.parameters, parameter), type),
    systemVariable: (path, type) => valueLiteral(systemValue(session, path), type),
    routine(key) {
      const all = [...session.temporaryFunctions.values(), ...catalog.routines()]
      const routine = all.find((other) => routineKey(other) === key)
      if (!routine) throw new Error(`no routine ${key}`)
      return routine
    },
    currentTimestamp: timestampLiteral(time),
    sessionUser: textLiteral(session.request.caller ?? localUser),
  }
}

function parameterValue(
  { named, positional }: Parameters,
  parameter: { name: string } | { position: number },
): DuckDBValue {
  const found =
    'name' in parameter
      ? named.get(parameter.name.toLowerCase())
      : positional[parameter.position - 1]
  if (found) return found.value
  const name = 'name' in parameter ? `'${parameter.name}'` : `at position ${parameter.position}`
  throw new BigQueryError('invalidQuery', `Query parameter ${name} not found`, {
    location: 'query',
  })
}

function systemValue(session: Session, path: string): DuckDBValue {
  const known = session.systemVariables.get(path)
  if (known !== undefined) return known
  const { projectId, defaultDataset, jobId } = session.request
  switch (path) {
    case 'project_id':
      return projectId
    case 'dataset_id':
      return defaultDataset?.datasetId ?? null
    case 'dataset_project_id':
      return defaultDataset?.projectId ?? projectId
    case 'script.job_id':
      return jobId
    case 'script.num_child_jobs':
      return BigInt(session.results.length)
    case 'script.bytes_processed':
      return session.results.reduce((sum, { totalBytesProcessed }) => sum + totalBytesProcessed, 0n)
    case 'time_zone':
      return 'UTC'
    case 'location':
      return session.request.location
    case 'error.formatted_stack_trace':
    case 'error.stack_trace':
      if (session.errors.length > 0) throw notSupported(`@@${path}`)
      return null
    case 'row_count':
    case 'error.message':
    case 'error.statement_text':
    case 'query_label':
    case 'session_id':
      return null
    default:
      throw notSupported(`@@${path}`)
  }
}

/** For expressions in which no table is read. */
export const noRelations: Relations = new Map()
