import type { Routine, Table } from '../../catalog/resources.ts'
import { alteredPath } from './altered-path.ts'
import type { AnalyzeRequest } from './analyzer.ts'
import type { CatalogNames, NamedTable } from './catalog-proto.ts'
import type { Dialect } from './dialect.ts'
import { isTableFunction, routineProto } from './routine-proto.ts'
import type { Rpc } from './rpc.ts'
import { tableOfPath } from './table-path.ts'

export type Named = Omit<CatalogNames, 'variables'>

type TableNames = { tableName?: { tableNameSegment: string[] }[] }

/** Finds what a statement names, and what the bodies of the functions that it names name. */
export async function resolveNames(
  rpc: Rpc,
  dialect: Dialect,
  request: AnalyzeRequest,
): Promise<Named> {
  const tables = new Map<string, NamedTable>()
  const routines = routinesNamedIn(request.sql, request.catalog.routines())
  const texts = [request.sql, ...routines.filter(isSql).map(queryOf)]
  for (const sqlStatement of texts) {
    const { tableName = [] } = await rpc.call<TableNames>(
      'ExtractTableNamesFromStatement',
      { sqlStatement },
      dialect.text,
    )
    for (const { tableNameSegment: path } of tableName) {
      const table = findTable(path, request)
      if (table) tables.set(JSON.stringify(path).toLowerCase(), { path, table })
    }
  }
  const named = alteredPath(request.sql)
  const altered = named && findTable(named, request)
  if (altered) tables.set(JSON.stringify(named).toLowerCase(), { path: named, table: altered })
  const functions = routines.flatMap((routine) =>
    spellings(routine, request).map((path, spelling) => ({
      path,
      proto: routineProto(routine, [`spelling ${spelling}`, path.at(-1) ?? '']),
      isTable: isTableFunction(routine),
    })),
  )
  return { tables: [...tables.values()], functions }
}

function findTable(path: string[], request: AnalyzeRequest): Table | undefined {
  const temporary = path.at(-1)
  const isTemporary = path.length === 1 || path[0]?.toUpperCase() === '_SESSION'
  if (isTemporary && temporary !== undefined) {
    const table = request.catalog.temporaryTable?.(temporary)
    if (table) return table
  }
  const reference = tableOfPath(path, request)
  return reference && request.catalog.table(reference)
}

function isSql({ language }: Routine): boolean {
  return language === 'SQL'
}

function queryOf(routine: Routine): string {
  const { definitionBody } = routine
  return isTableFunction(routine) ? definitionBody : `SELECT (${definitionBody}\n)`
}

/** Those whose name occurs in the text, and those whose names occur in their bodies. */
function routinesNamedIn(sql: string, routines: Routine[], found: Routine[] = []): Routine[] {
  const text = sql.toLowerCase()
  for (const routine of routines) {
    const isFunction = routine.routineType !== 'PROCEDURE'
    const isNamed = text.includes(routine.routineReference.routineId.toLowerCase())
    if (!isFunction || !isNamed || found.includes(routine)) continue
    found.push(routine)
    if (isSql(routine)) routinesNamedIn(routine.definitionBody, routines, found)
  }
  return found
}

/** Every way to write the name; a temporary function has only its own. */
function spellings({ routineReference: r }: Routine, request: AnalyzeRequest): string[][] {
  if (r.datasetId === '') return [[r.routineId]]
  const full = [
    [`${r.projectId}.${r.datasetId}.${r.routineId}`],
    [`${r.projectId}.${r.datasetId}`, r.routineId],
    [r.projectId, `${r.datasetId}.${r.routineId}`],
    [r.projectId, r.datasetId, r.routineId],
  ]
  if (r.projectId === request.projectId) {
    full.push([`${r.datasetId}.${r.routineId}`], [r.datasetId, r.routineId])
  }
  return full
}
