import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { Field, FieldType, Table } from '../../../catalog/resources.ts'
import { columnType } from '../../../database/column-type.ts'
import { identifier, tableName } from '../../../database/names.ts'
import { fieldOfType, typeOfField } from '../../analyzer/field-type.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { castTemplates } from '../../printer/casts.ts'
import { typeParameters } from './column-fields.ts'
import { columnNotFound, findField } from './alter-columns.ts'
import { readOptions, textOption } from './options.ts'
import { typeText } from './type-text.ts'
import type { WriteWork } from '../work.ts'

/** ALTER COLUMN: what the action says, and no other change of the column. */
export async function alterColumn(
  work: WriteWork,
  action: ResolvedNode,
  table: Table,
): Promise<Table> {
  const change = changes[action.kind]
  if (!change) throw notSupported(`ALTER TABLE with ${action.kind}`)
  const name = action.text('column')
  const ifExists = action.flag('isIfExists')
  const field = findField(table, name)
  if (!field) {
    if (ifExists) return table
    throw columnNotFound(name)
  }
  const changed = await change(work, action, { table, field })
  const fields = table.schema.fields.map((other) => (other === field ? changed : other))
  return { ...table, schema: { fields } }
}

type Target = { table: Table; field: Field }
type ColumnChange = (work: WriteWork, action: ResolvedNode, target: Target) => Promise<Field>

const changes: Record<string, ColumnChange | undefined> = {
  async AlterColumnOptionsAction(work, action, { field }) {
    const options = await readOptions(work, action, ['description'])
    const { description: _, ...rest } = field
    if (!options.has('description')) return field
    const description = textOption(options, 'description')
    return { ...rest, ...(description !== undefined && { description }) }
  },

  async AlterColumnDropNotNullAction({ connection }, _action, { table, field }) {
    if (field.mode !== 'REQUIRED') return field
    await connection.run(
      `ALTER TABLE ${tableName(table.tableReference)} ` +
        `ALTER COLUMN ${identifier(field.name)} DROP NOT NULL`,
    )
    return { ...field, mode: 'NULLABLE' }
  },

  AlterColumnSetDefaultAction(_work, action, { field }) {
    const value = action.node('defaultValue')
    value.ignore('expression')
    return Promise.resolve({ ...field, defaultValueExpression: value.text('sql') })
  },

  AlterColumnDropDefaultAction(_work, _action, { field }) {
    const { defaultValueExpression: _, ...rest } = field
    return Promise.resolve(rest)
  },

  async AlterColumnSetDataTypeAction({ connection }, action, { table, field }) {
    const parameters = typeParameters(action.message('updatedTypeParameters'))
    action.ignore('updatedAnnotations')
    const wanted = { ...fieldOfType(field.name, action.type('updatedType')), ...parameters }
    if (!widens(field, wanted)) {
      const message = `ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (${typeText(field)}) is assignable to the new type (${typeText(wanted)})`
      throw new BigQueryError('invalidQuery', message, { location: 'query' })
    }
    const { maxLength: _length, precision: _precision, scale: _scale, ...plain } = field
    if (wanted.type === field.type) return { ...plain, ...parameters }
    const column = identifier(field.name)
    await connection.run(
      `ALTER TABLE ${tableName(table.tableReference)} ALTER COLUMN ${column} ` +
        `SET DATA TYPE ${columnType(wanted)} USING ${widened(column, field, wanted)}`,
    )
    return { ...plain, type: wanted.type, ...parameters }
  },
}

const wider: Partial<Record<FieldType, FieldType[]>> = {
  INTEGER: ['NUMERIC', 'BIGNUMERIC', 'FLOAT'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT'],
  BIGNUMERIC: ['FLOAT'],
}

/** Whether every value of the column is one of the new type as well. */
function widens(before: Field, after: Field): boolean {
  if (isArray(before) !== isArray(after)) return false
  if (before.type === 'RECORD' || isArray(before)) return false
  const isWider = before.type === after.type || wider[before.type]?.includes(after.type)
  return isWider === true && fits(before, after)
}

/** Whether the parameters of the new type let every value pass. */
function fits(before: Field, after: Field): boolean {
  if (after.maxLength !== undefined) {
    return Number(before.maxLength ?? Infinity) <= Number(after.maxLength)
  }
  if (after.precision === undefined) return true
  if (before.type === 'INTEGER')
    throw notSupported('ALTER COLUMN from INT64 to a parameterized type')
  const [digits, scale] = digitsOf(before)
  const [newDigits, newScale] = digitsOf(after)
  return digits <= newDigits && scale <= newScale
}

/** How many digits may stand before and after the point. */
function digitsOf({ type, precision, scale }: Field): [before: number, after: number] {
  if (precision !== undefined) return [Number(precision) - Number(scale ?? 0), Number(scale ?? 0)]
  return type === 'NUMERIC' ? [29, 9] : [39, 38]
}

function widened(column: string, before: Field, after: Field): string {
  const [from, to] = [typeOfField(before), typeOfField(after)]
  const template = castTemplates[`${from.kind} ${to.kind}`]
  if (typeof template !== 'string') throw new Error(`a widening from ${from.kind} that may fail`)
  return template.replaceAll('{0}', () => column)
}

function isArray({ mode }: Field): boolean {
  return mode === 'REPEATED'
}
