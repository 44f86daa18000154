import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { Field } from '../../../catalog/resources.ts'
import { fieldOfType } from '../../analyzer/field-type.ts'
import { requireRoundingMode } from '../../../catalog/rounding-mode.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { readOptions, textOption } from './options.ts'
import type { Work } from '../work.ts'

/** The columns that a statement defines, with all that it says about them. */
export async function columnFields(work: Work, statement: ResolvedNode): Promise<Field[]> {
  const fields: Field[] = []
  for (const column of statement.nodes('columnDefinitionList')) {
    fields.push(await columnField(work, column))
  }
  refuseDuplicates(fields)
  return fields
}

export async function columnField(work: Work, column: ResolvedNode): Promise<Field> {
  column.ignore('column')
  const plain = fieldOfType(column.text('name'), column.type())
  const annotations = column.optionalNode('annotations')
  const field = annotations ? await annotated(work, plain, annotations) : plain
  const defaultValue = column.optionalNode('defaultValue')
  if (!defaultValue) return field
  defaultValue.ignore('expression')
  return { ...field, defaultValueExpression: defaultValue.text('sql') }
}

async function annotated(work: Work, field: Field, annotations: ResolvedNode): Promise<Field> {
  const options = await readOptions(work, annotations, ['description', 'rounding_mode'])
  const description = textOption(options, 'description')
  const roundingMode = textOption(options, 'rounding_mode')
  requireRoundingMode(roundingMode)
  if (annotations.has('collationName')) throw notSupported('collation')
  const isRequired = annotations.flag('notNull')
  if (isRequired && field.mode === 'REPEATED') {
    throw new BigQueryError(
      'invalidQuery',
      `NOT NULL cannot be applied to ARRAY column ${field.name}: an array is never NULL`,
      { location: 'query' },
    )
  }
  const children = annotations.nodes('childList')
  return {
    ...(await withMembers(work, field, children)),
    ...(isRequired && { mode: 'REQUIRED' }),
    ...(description !== undefined && { description }),
    ...(roundingMode !== undefined && { roundingMode }),
    ...typeParameters(annotations.message('typeParameters')),
  }
}

/** An array has one child, its element; a struct has one for each field. */
async function withMembers(work: Work, field: Field, children: ResolvedNode[]): Promise<Field> {
  const [first] = children
  if (!first) return field
  if (field.mode === 'REPEATED') {
    const item = await annotated(work, { ...field, mode: 'NULLABLE' }, first)
    return { ...item, mode: 'REPEATED' }
  }
  const members: Field[] = []
  for (const [index, member] of (field.fields ?? []).entries()) {
    const child = children[index]
    members.push(child ? await annotated(work, member, child) : member)
  }
  return { ...field, fields: members }
}

type TypeParameters = {
  stringTypeParameters?: { maxLength?: string; isMaxLength?: boolean }
  numericTypeParameters?: { precision?: string; isMaxPrecision?: boolean; scale?: string }
}

/** STRING(n), BYTES(n), NUMERIC(p, s) and BIGNUMERIC(p, s), as the REST API has them. */
export function typeParameters(message: unknown): Partial<Field> {
  const { stringTypeParameters: text, numericTypeParameters: number } = (message ??
    {}) as TypeParameters
  const maxLength = text?.maxLength
  const precision = number?.precision
  if (maxLength !== undefined) return { maxLength: String(maxLength) }
  if (precision === undefined) return {}
  const scale = Number(number?.scale ?? 0)
  return { precision: String(precision), ...(scale > 0 && { scale: String(scale) }) }
}

function refuseDuplicates(fields: Field[]): void {
  const seen = new Set<string>()
  for (const { name } of fields) {
    const key = name.toLowerCase()
    if (seen.has(key)) {
      throw new BigQueryError('invalidQuery', `Duplicate column name ${name} in CREATE TABLE`, {
        location: 'query',
      })
    }
    seen.add(key)
  }
}
