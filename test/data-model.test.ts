import type { TableField } from '@google-cloud/bigquery'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Schema } from '../includes/contracts.js'
import { readContracts } from '../ingest/read-contracts.ts'
import { compileProject, type CompiledProject, type CompiledTable } from './compiled-project.ts'
import { dataDictionary, type DescribedTable } from './data-dictionary.ts'
import { startWarehouse, type Warehouse } from './warehouse.ts'

type Column = { name: string; type: string; description: string }
type TableMetadata = Awaited<ReturnType<typeof metadataOf>>

let warehouse: Warehouse
let project: CompiledProject
/** The tables as ddl/ makes them, before Dataform comes. */
const ofDdl = new Map<string, TableMetadata>()

beforeAll(async () => {
  ;[warehouse, project] = await Promise.all([startWarehouse(), compileProject()])
  for (const { table } of readContracts()) {
    ofDdl.set(table, await metadataOf('events', table))
  }
  await warehouse.dataform('run')
}, 120_000)
afterAll(() => warehouse.stop())

async function metadataOf(dataset: string, table: string) {
  const [metadata] = await warehouse.bigquery.dataset(dataset).table(table).getMetadata()
  return metadata
}

/** Every column and every field in it (`items.price`), in order. */
function flat(fields: TableField[] = [], prefix = ''): Column[] {
  return fields.flatMap(({ name = '', type = '', description = '', fields: inner }) => [
    { name: prefix + name, type, description },
    ...flat(inner, `${prefix}${name}.`),
  ])
}

function ofContract({ properties = {} }: Schema, prefix = ''): Column[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    { name: prefix + name, type: typeOf(field), description: field.description },
    ...ofContract(field.items ?? field, `${prefix}${name}.`),
  ])
}

function typeOf({ type, format }: Schema): string {
  if (type === 'object' || type === 'array') return 'RECORD'
  if (type === 'integer') return 'INTEGER'
  if (type === 'number') return 'NUMERIC'
  return format === 'timestamp' ? 'TIMESTAMP' : 'STRING'
}

function described({ actionDescriptor }: Pick<CompiledTable, 'actionDescriptor'>) {
  return (actionDescriptor?.columns ?? []).map(({ path, description }) => ({
    name: path.join('.'),
    description,
  }))
}

const sentences = (columns: Column[]) =>
  columns.map(({ name, description }) => ({ name, description }))

function compiled(name: string): CompiledTable {
  const table = project.tables.find(({ target }) => target.name === name)
  if (table) return table
  throw new Error(`Dataform defines no table ${name}`)
}

describe.each(readContracts())('$eventType events', (contract) => {
  test('have the same table in ddl/ and in definitions/', () => {
    const made = ofDdl.get(contract.table)
    const table = compiled(contract.table)
    const { bigquery } = table

    expect(sentences(flat(made.schema.fields))).toEqual(described(table))
    expect(made.description).toBe(table.actionDescriptor?.description)
    expect(made.labels).toEqual(bigquery?.labels)
    expect(made.clustering.fields).toEqual(bigquery?.clusterBy)
    expect(made.timePartitioning).toMatchObject({
      type: 'DAY',
      field: bigquery?.partitionBy,
      expirationMs: String((bigquery?.partitionExpirationDays ?? 0) * 86_400_000),
    })
  })

  test('have no column that may be null, but arrays and what the contract lets be away', () => {
    const { properties, required } = contract.schema
    const optional = Object.keys(properties).filter((name) => !required.includes(name))
    const nullable = (ofDdl.get(contract.table).schema.fields as TableField[])
      .filter(({ mode }) => mode !== 'REQUIRED' && mode !== 'REPEATED')
      .map(({ name }) => name)

    expect(nullable).toEqual(optional)
  })

  test.each([`events.${contract.table}`, `staging.stg_${contract.table}`])(
    'have the fields of their contract in %s, with its types and sentences',
    async (name) => {
      const [dataset = '', table = ''] = name.split('.')
      const columns = flat((await metadataOf(dataset, table)).schema.fields)
      const fields = ofContract(contract.schema)

      const names = new Set(fields.map((field) => field.name))
      expect(columns.filter((column) => names.has(column.name))).toEqual(fields)
    },
  )
})

test('what is described is what is selected, in the same order', async () => {
  expect(project.tables.length).toBeGreaterThan(10)
  for (const table of project.tables) {
    const { schema, description } = await metadataOf(table.target.schema, table.target.name)

    expect({ table: table.target.name, columns: sentences(flat(schema.fields)) }).toEqual({
      table: table.target.name,
      columns: described(table),
    })
    expect(description).toBe(table.actionDescriptor?.description)
  }
})

test('raw events may be read by their partition only, and expire with it', async () => {
  const { requirePartitionFilter, timePartitioning, clustering } = await metadataOf(
    'raw',
    'raw_events',
  )

  expect(requirePartitionFilter).toBe(true)
  expect(clustering.fields).toEqual(['event_type', 'message_id'])
  expect(timePartitioning).toMatchObject({
    type: 'HOUR',
    field: 'ingest_time',
    expirationMs: String(90 * 86_400_000),
  })
})

test('a full refresh spares the books, which it could not make again, and makes all else anew', () => {
  const spared = project.tables.filter((table) => table.protected)

  expect(spared.map(({ target }) => target.name)).toEqual(['ledger'])
})

test('the unit tests of the project pass', async () => {
  const results = JSON.parse(await warehouse.dataform('test', '--json'))

  expect(results.length).toBe(project.tests.length)
  expect(results.filter(({ successful }: { successful: boolean }) => !successful)).toEqual([])
})

test('the data dictionary is up to date', async () => {
  const made = project.tables.map(({ target }) => [target.schema, target.name] as const)
  const tables = await Promise.all(
    [['raw', 'raw_events'] as const, ['events', 'read_positions'] as const, ...made].map(
      ([dataset, table]) => describedTable(dataset, table),
    ),
  )

  await expect(await dataDictionary(tables, project)).toMatchFileSnapshot(
    '../docs/data-dictionary.md',
  )
})

async function describedTable(dataset: string, table: string): Promise<DescribedTable> {
  const metadata = await metadataOf(dataset, table)
  const { type, field } = metadata.timePartitioning ?? {}
  return {
    name: `${dataset}.${table}`,
    description: metadata.description,
    partition: type === 'HOUR' ? `the hour of ${field}` : field,
    cluster: metadata.clustering?.fields ?? [],
    fields: metadata.schema.fields,
  }
}
