import type { ValueProto } from '../printer/literals.ts'
import { analyzerOptions } from './analyzer-options.ts'
import { extraFunctions } from './extra-functions.ts'
import { bigQueryLanguage, evaluatorLanguage } from './language.ts'
import { connect } from './rpc.ts'
import { type SqlType, typeFromProto, type TypeProto, typeToProto } from './sql-type.ts'

export type ReferenceResult = {
  columns: { name: string; type: SqlType }[]
  rows: ValueProto[][]
}

export type ReferenceTable = {
  name: string
  columns: { name: string; type: SqlType }[]
  rows: ValueProto[][]
}

/** GoogleSQL's own slow and exact executor: what tests hold the local engine against. */
export type Reference = {
  evaluate(sql: string, tables?: ReferenceTable[]): Promise<ReferenceResult>
  stop(): Promise<void>
}

type Response = {
  content?: { tableData?: { row?: { cell?: (ValueProto & { value?: string })[] }[] } }
  prepared: { columns?: { name?: string; type: TypeProto }[] }
}

export async function startReference(): Promise<Reference> {
  const rpc = await connect()
  const languageOptions = evaluatorLanguage(await bigQueryLanguage(rpc))
  const options = {
    ...analyzerOptions(languageOptions),
    // A statement that the catalog gives system variables to wants values for them.
    systemVariables: [],
    pruneUnusedColumns: false,
  }
  return {
    async evaluate(sql, tables = []) {
      const { content, prepared } = await rpc.call<Response>('EvaluateQuery', {
        sql,
        options,
        simpleCatalog: {
          name: 'reference',
          builtinFunctionOptions: { languageOptions },
          customFunction: extraFunctions,
          table: tables.map(tableProto),
        },
        tableContent: Object.fromEntries(tables.map((table) => [table.name, contentOf(table)])),
      })
      const columns = (prepared.columns ?? []).map(({ name = '', type }) => ({
        name,
        type: typeFromProto(type),
      }))
      const rows = (content?.tableData?.row ?? []).map(({ cell = [] }) => cell)
      return { columns, rows }
    },
    stop: () => rpc.stop(),
  }
}

function tableProto({ name, columns }: ReferenceTable, index: number): object {
  return {
    name,
    serializationId: String(index + 1),
    column: columns.map((column) => ({ name: column.name, type: typeToProto(column.type) })),
  }
}

function contentOf({ rows }: ReferenceTable): object {
  return { tableData: { row: rows.map((cell) => ({ cell })) } }
}
