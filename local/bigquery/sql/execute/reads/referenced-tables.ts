import { tableKey } from '../../../catalog/catalog-view.ts'
import type { TableReference } from '../../../catalog/resources.ts'
import { isInformationSchema } from '../information-schema/tables.ts'
import type { Relations } from '../relations.ts'

/** The tables and views that a statement names, and what those views read. */
export function referencedTables(relations: Relations): TableReference[] {
  const found = new Map<string, TableReference>()
  collect(relations, found)
  return [...found.values()]
}

function collect(relations: Relations, found: Map<string, TableReference>): void {
  for (const { table, view } of relations.values()) {
    const { tableReference } = table
    if (!isInformationSchema(tableReference)) found.set(tableKey(tableReference), tableReference)
    if (view) collect(view.relations, found)
  }
}
