import type { NewObject } from '../../../catalog/catalog-draft.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { ingestionColumns, ingestionTime } from '../../../database/column-type.ts'
import { literal } from '../../../database/names.ts'
import { typeOfField } from '../../analyzer/field-type.ts'
import { typeName } from '../../analyzer/sql-type.ts'
import type { DmlTarget } from '../../printer/print.ts'
import { printConstantExpression } from '../../printer/query.ts'
import { noRelations, printContext } from '../print-context.ts'
import { storedValue } from './stored-value.ts'
import type { Work } from '../work.ts'

/** How the columns of a table keep values, with its defaults resolved. */
export async function dmlTarget(work: Work, table: NewObject<Table>): Promise<DmlTarget> {
  const { fields } = table.schema
  const defaults = new Map<string, string>()
  for (const field of fields) {
    if (field.defaultValueExpression === undefined) continue
    defaults.set(field.name.toLowerCase(), await printDefault(work, field))
  }
  const [now] = ingestionColumns(table, work.time).values
  if (now !== undefined) defaults.set(ingestionTime.toLowerCase(), now)
  const unit = table.timePartitioning?.type
  const names = [...fields.map(({ name }) => name), ingestionTime]

  return {
    storedValue(column, value) {
      const field = fields.find(({ name }) => name.toLowerCase() === column.toLowerCase())
      if (field) return storedValue(value, field)
      const isTime = column.toUpperCase() === ingestionTime
      return isTime && unit !== undefined ? firstMoment(value, unit) : value
    },
    defaultValue: (column) => defaults.get(column.toLowerCase()) ?? 'NULL',
    unnamedColumns(named) {
      const given = new Set(named.map((name) => name.toLowerCase()))
      return names.flatMap((name) => {
        const value = defaults.get(name.toLowerCase())
        return value === undefined || given.has(name.toLowerCase()) ? [] : [{ name, value }]
      })
    },
  }
}

/** A row cannot be put anywhere but at the first moment of a partition. */
function firstMoment(value: string, unit: string): string {
  const words = `Invalid value for pseudo column ${ingestionTime}: it must be the first moment of a partition by ${unit}`
  return `CASE WHEN date_trunc('${unit.toLowerCase()}', ${value}) IS DISTINCT FROM ${value} THEN error(${literal(words)}) ELSE ${value} END`
}

/**
 * A default has the type of its column, `0.1` exactly if that is BIGNUMERIC, and means the same wherever
 * it is used: it sees no variables and no parameters.
 */
async function printDefault(work: Work, field: Field): Promise<string> {
  const { parts, request } = work.session
  const { statement } = await parts.analyzer.analyze({
    sql: `SELECT CAST(${field.defaultValueExpression} AS ${typeName(typeOfField(field))})`,
    catalog: {
      version: work.catalog.version,
      location: work.catalog.location,
      hasDataset: () => false,
      table: () => undefined,
      routines: () => [],
    },
    projectId: request.projectId,
  })
  const [computed] = statement.node('query').nodes('exprList')
  if (!computed) throw new Error(`the default of ${field.name} has no expression`)
  return printConstantExpression(computed.node('expr'), printContext(work, noRelations))
}
