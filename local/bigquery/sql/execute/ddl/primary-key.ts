import { notSupported } from '../../../bigquery-error.ts'
import type { Table } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'

/** The PRIMARY KEY … NOT ENFORCED of a statement that makes a table: nothing holds rows to it. */
export function primaryKeyOf(statement: ResolvedNode): Pick<Table, 'tableConstraints'> {
  const key = statement.optionalNode('primaryKey')
  return key ? { tableConstraints: { primaryKey: { columns: columnsOf(key) } } } : {}
}

export function addConstraint(action: ResolvedNode, table: Table): Table {
  const key = action.node('constraint')
  if (key.kind !== 'PrimaryKey') throw notSupported(`ALTER TABLE with ${key.kind}`)
  action.ignore('table')
  if (table.tableConstraints) throw notSupported('ADD PRIMARY KEY to a table with constraints')
  return { ...table, tableConstraints: { primaryKey: { columns: columnsOf(key) } } }
}

export function dropPrimaryKey(action: ResolvedNode, table: Table): Table {
  const { tableConstraints, ...rest } = table
  if (!tableConstraints && !action.flag('isIfExists')) {
    throw notSupported('DROP PRIMARY KEY of a table without one')
  }
  return rest
}

/** Columns of a key keep their names and stay. */
export function refuseConstraints({ tableConstraints }: Table, what: string): void {
  if (tableConstraints) throw notSupported(`${what} a table with constraints`)
}

function columnsOf(key: ResolvedNode): string[] {
  if (!key.flag('unenforced')) throw notSupported('PRIMARY KEY without NOT ENFORCED')
  key.ignore('columnOffsetList')
  return key.texts('columnNameList')
}
