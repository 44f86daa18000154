import type { TableField } from '@google-cloud/bigquery'
import { format, resolveConfig } from 'prettier'
import type { CompiledProject } from './compiled-project.ts'

export type DescribedTable = {
  /** `events.orders` */
  name: string
  description: string
  partition: string
  cluster: string[]
  fields: TableField[]
}

/** Every table with every column, and how the tables come from each other: a page of Markdown. */
export async function dataDictionary(
  tables: DescribedTable[],
  project: CompiledProject,
): Promise<string> {
  const page = [
    '# Data dictionary',
    'Drawn from the warehouse that `ddl/` and `definitions/` make. `npx vitest run test/data-model.test.ts -u` draws it again.',
    diagram(project),
    ...tables.map(section),
  ].join('\n\n')
  const options = await resolveConfig('docs/data-dictionary.md')
  return format(page, { ...options, parser: 'markdown' })
}

function diagram({ tables }: CompiledProject): string {
  const arrows = tables.flatMap(({ target, dependencyTargets = [] }) =>
    dependencyTargets.map(({ name }) => `  ${name} --> ${target.name}`),
  )
  return ['```mermaid', 'flowchart LR', ...arrows.toSorted(), '```'].join('\n')
}

function section({ name, description, partition, cluster, fields }: DescribedTable): string {
  const storage = [
    partition && `Partitioned by ${partition}.`,
    cluster.length > 0 && `Clustered by ${cluster.join(', ')}.`,
  ].filter(Boolean)
  return [
    `## ${name}`,
    [description, ...storage].join(' '),
    ['| column | type | |', '| --- | --- | --- |', ...rows(fields)].join('\n'),
  ].join('\n\n')
}

function rows(fields: TableField[], prefix = ''): string[] {
  return fields.flatMap(({ name = '', description = '', fields: inner = [], ...field }) => [
    `| ${prefix}${name} | ${typeOf(field)} | ${description} |`,
    ...rows(inner, `${prefix}${name}.`),
  ])
}

const names: Record<string, string> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT',
}

function typeOf({ type = '', mode }: TableField): string {
  const name = names[type] ?? type
  if (mode === 'REPEATED') return `ARRAY of ${name}`
  return mode === 'REQUIRED' ? `${name} NOT NULL` : name
}
