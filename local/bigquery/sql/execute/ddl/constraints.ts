import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { nameOf } from '../../../catalog/not-found.ts'
import type { ForeignKey, Table } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { existingTable, referenceOf } from '../target.ts'
import type { Work } from '../work.ts'

/** The keys of a statement that makes a table, all NOT ENFORCED: nothing holds rows to them. */
export function constraintsOf(
  work: Work,
  statement: ResolvedNode,
): Pick<Table, 'tableConstraints'> {
  const key = statement.optionalNode('primaryKey')
  const foreignKeys = statement
    .nodes('foreignKeyList')
    .map((foreignKey) => foreignKeyOf(work, foreignKey))
  return withConstraints({
    ...(key && { primaryKey: { columns: columnsOf(key) } }),
    ...(foreignKeys.length > 0 && { foreignKeys }),
  })
}

export function addConstraint(work: Work, action: ResolvedNode, table: Table): Table {
  const { tableConstraints = {} } = table
  const { primaryKey, foreignKeys = [] } = tableConstraints
  const constraint = action.node('constraint')
  action.ignore('table')
  const ifNotExists = action.flag('isIfNotExists')
  if (constraint.kind === 'PrimaryKey') {
    if (primaryKey) throw notSupported('ADD PRIMARY KEY to a table that has one')
    const columns = columnsOf(constraint)
    return { ...table, tableConstraints: { ...tableConstraints, primaryKey: { columns } } }
  }
  if (constraint.kind !== 'ForeignKey') throw notSupported(`ALTER TABLE with ${constraint.kind}`)
  const foreignKey = foreignKeyOf(work, constraint)
  const { name } = foreignKey
  if (name !== undefined && foreignKeys.some((other) => other.name === name)) {
    if (ifNotExists) return table
    throw invalid(`Constraint already exists: ${name}`)
  }
  const all = [...foreignKeys, foreignKey]
  return { ...table, tableConstraints: { ...tableConstraints, foreignKeys: all } }
}

export function dropPrimaryKey(action: ResolvedNode, table: Table): Table {
  const { tableConstraints, ...rest } = table
  const { primaryKey, ...others } = tableConstraints ?? {}
  if (!primaryKey && !action.flag('isIfExists')) {
    throw notSupported('DROP PRIMARY KEY of a table without one')
  }
  return { ...rest, ...withConstraints(others) }
}

export function dropConstraint(action: ResolvedNode, table: Table): Table {
  const { tableConstraints, ...rest } = table
  const { foreignKeys = [], ...others } = tableConstraints ?? {}
  const name = action.text('name')
  const left = foreignKeys.filter((foreignKey) => foreignKey.name !== name)
  if (left.length === foreignKeys.length && !action.flag('isIfExists')) {
    throw invalid(`Constraint not found: ${name}`)
  }
  return {
    ...rest,
    ...withConstraints({ ...others, ...(left.length > 0 && { foreignKeys: left }) }),
  }
}

/** Columns of a key keep their names and stay. */
export function refuseConstraints({ tableConstraints }: Table, what: string): void {
  if (tableConstraints) throw notSupported(`${what} a table with constraints`)
}

function withConstraints(
  constraints: NonNullable<Table['tableConstraints']>,
): Pick<Table, 'tableConstraints'> {
  return Object.keys(constraints).length > 0 ? { tableConstraints: constraints } : {}
}

function columnsOf(key: ResolvedNode): string[] {
  if (!key.flag('unenforced')) throw notSupported('PRIMARY KEY without NOT ENFORCED')
  key.ignore('columnOffsetList', 'constraintName')
  return key.texts('columnNameList')
}

function foreignKeyOf(work: Work, key: ResolvedNode): ForeignKey {
  if (key.flag('enforced')) throw notSupported('FOREIGN KEY without NOT ENFORCED')
  key.ignore('referencingColumnOffsetList', 'matchMode', 'updateAction', 'deleteAction')
  const { fullName = '' } = key.message('referencedTable') as { fullName?: string }
  const offsets = key.message('referencedColumnOffsetList') as (string | number)[]
  const table = existingTable(work.catalog, referenceOf(fullName))
  const referenced = offsets.map((offset) => table.schema.fields[Number(offset)]?.name ?? '')
  const columns = table.tableConstraints?.primaryKey?.columns ?? []
  if (columns.toSorted().join() !== referenced.toSorted().join()) {
    throw invalid(
      `A foreign key must reference the primary key of ${nameOf(table.tableReference)}, (${columns.join(', ')}), but not (${referenced.join(', ')})`,
    )
  }
  const name = key.text('constraintName')
  return {
    ...(name !== '' && { name }),
    referencedTable: table.tableReference,
    columnReferences: key.texts('referencingColumnList').map((referencingColumn, index) => ({
      referencingColumn,
      referencedColumn: referenced[index] ?? '',
    })),
  }
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
