import type { Table } from '../../../catalog/resources.ts'
import { fieldsOf, tableColumns, tablesIn, type InformationTable } from './information-table.ts'

type Option = [name: string, type: string, value: string]

export const tableOptions: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    option_name: 'STRING',
    option_type: 'STRING',
    option_value: 'STRING',
  }),
  rows: ({ catalog }, scope) =>
    tablesIn(catalog, scope).flatMap((table) =>
      optionsOf(table).map(([name, type, value]) => ({
        ...tableColumns(table.tableReference),
        option_name: name,
        option_type: type,
        option_value: value,
      })),
    ),
}

const dayMs = 86_400_000

/** The options as DDL would write them, in the order of their names. */
export function optionsOf(table: Table): Option[] {
  const { description, expirationTime, friendlyName, labels, timePartitioning } = table
  const { requirePartitionFilter, materializedView } = table
  const options: Option[] = []
  if (description !== undefined) options.push(['description', 'STRING', quoted(description)])
  if (materializedView?.enableRefresh !== undefined) {
    options.push(['enable_refresh', 'BOOL', String(materializedView.enableRefresh)])
  }
  if (expirationTime !== undefined) {
    const time = new Date(Number(expirationTime)).toISOString()
    options.push(['expiration_timestamp', 'TIMESTAMP', `TIMESTAMP "${time}"`])
  }
  if (friendlyName !== undefined) options.push(['friendly_name', 'STRING', quoted(friendlyName)])
  if (labels && Object.keys(labels).length > 0) {
    const pairs = Object.entries(labels).map(
      ([key, value]) => `STRUCT(${quoted(key)}, ${quoted(value)})`,
    )
    options.push(['labels', 'ARRAY<STRUCT<STRING, STRING>>', `[${pairs.join(', ')}]`])
  }
  if (timePartitioning?.expirationMs !== undefined) {
    const days = Number(timePartitioning.expirationMs) / dayMs
    const text = Number.isInteger(days) ? `${days}.0` : String(days)
    options.push(['partition_expiration_days', 'FLOAT64', text])
  }
  if (materializedView?.refreshIntervalMs !== undefined) {
    const minutes = Number(materializedView.refreshIntervalMs) / 60_000
    const text = Number.isInteger(minutes) ? `${minutes}.0` : String(minutes)
    options.push(['refresh_interval_minutes', 'FLOAT64', text])
  }
  if (requirePartitionFilter === true) options.push(['require_partition_filter', 'BOOL', 'true'])
  return options
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
