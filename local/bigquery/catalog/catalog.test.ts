import { beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../database/database.ts'
import { openCatalog, type Catalog } from './catalog.ts'
import { createDataset, deleteDataset } from './datasets.ts'
import type { TableReference } from './resources.ts'
import { createTable, dropTable } from './tables.ts'

const dataset = { projectId: 'shop-events', datasetId: 'raw' }
const orders: TableReference = { ...dataset, tableId: 'orders' }
const ordersTable = {
  tableReference: orders,
  type: 'TABLE' as const,
  location: 'US',
  schema: { fields: [{ name: 'id', type: 'STRING' as const }] },
}

let now = 0
let database: Database
let catalog: Catalog
beforeEach(async () => {
  now = 1_000
  database = await openDatabase({ path: ':memory:' })
  catalog = await openCatalog({ database, clock: () => now })
  await catalog.write((change) =>
    createDataset(change, { datasetReference: dataset, location: 'US' }),
  )
  return () => database.close()
})

test('what is created is there, with its times and an etag', async () => {
  const operation = await catalog.write((change) => createTable(change, ordersTable))

  expect(operation).toBe('CREATE')
  expect(catalog.current.table(orders)).toMatchObject({
    creationTime: '1000',
    lastModifiedTime: '1000',
    etag: expect.stringMatching(/./),
  })
})

test('a second catalog on the same database finds the same objects', async () => {
  await catalog.write((change) => createTable(change, ordersTable))

  const reopened = await openCatalog({ database })

  expect(reopened.current.tables(dataset)).toEqual(catalog.current.tables(dataset))
  expect(reopened.current.dataset(dataset)).toEqual(catalog.current.dataset(dataset))
})

test('a change that fails leaves no trace in rows or catalog', async () => {
  const failed = catalog.write(async (change) => {
    await createTable(change, ordersTable)
    throw new Error('no')
  })

  await expect(failed).rejects.toThrow('no')
  expect(catalog.current.table(orders)).toBeUndefined()
  expect(await catalog.write((change) => createTable(change, ordersTable))).toBe('CREATE')
})

test('the version changes with the schema, and not when only rows change', async () => {
  await catalog.write((change) => createTable(change, ordersTable))
  const { version } = catalog.current
  const before = catalog.current.table(orders)
  now = 2_000

  await catalog.write(({ catalog: draft }) => Promise.resolve(draft.touchTable(orders)))

  expect(catalog.current.version).toBe(version)
  expect(catalog.current.table(orders)?.lastModifiedTime).toBe('2000')
  expect(catalog.current.table(orders)?.etag).not.toBe(before?.etag)
  await catalog.write((change) => dropTable(change, orders))
  expect(catalog.current.version).not.toBe(version)
})

test('tables and datasets that exist are not created again, missing ones not dropped', async () => {
  await catalog.write((change) => createTable(change, ordersTable))

  await expect(catalog.write((change) => createTable(change, ordersTable))).rejects.toThrow(
    'Already Exists: Table shop-events:raw.orders',
  )
  await expect(
    catalog.write((change) => dropTable(change, { ...orders, tableId: 'nothing' })),
  ).rejects.toThrow('Not found: Table shop-events:raw.nothing')
  await expect(catalog.write((change) => deleteDataset(change, dataset))).rejects.toThrow(
    'Dataset shop-events:raw is still in use',
  )
})

test('a dataset may go with all that it holds', async () => {
  await catalog.write((change) => createTable(change, ordersTable))

  await catalog.write((change) => deleteDataset(change, dataset, { deleteContents: true }))

  expect(catalog.current.tables()).toEqual([])
  expect(catalog.current.datasets()).toEqual([])
})

test('a table that expires is gone, and its name is free', async () => {
  const expiring = { ...ordersTable, expirationTime: '5000' }
  await catalog.write((change) => createTable(change, expiring))
  now = 5_000

  expect(catalog.current.table(orders)).toBeUndefined()
  expect(await catalog.write((change) => createTable(change, ordersTable))).toBe('CREATE')
})

test('what BigQuery cannot partition or cluster by is refused', async () => {
  const byText = { ...ordersTable, timePartitioning: { type: 'DAY' as const, field: 'id' } }
  const byNothing = { ...ordersTable, clustering: { fields: ['nothing'] } }

  await expect(catalog.write((change) => createTable(change, byText))).rejects.toThrow(
    'can only be of type TIMESTAMP, DATE or DATETIME',
  )
  await expect(catalog.write((change) => createTable(change, byNothing))).rejects.toThrow(
    'The field specified for clustering cannot be found in the schema',
  )
})

test('rows of expired partitions are removed with the next change, whatever that is', async () => {
  const visits = { ...dataset, tableId: 'visits' }
  await catalog.write(async (change) => {
    await createTable(change, {
      ...ordersTable,
      tableReference: visits,
      schema: { fields: [{ name: 'day', type: 'DATE' }] },
      timePartitioning: { type: 'DAY', field: 'day', expirationMs: '86400000' },
    })
    await change.connection.run(
      `INSERT INTO "shop-events.raw"."visits" (day) VALUES ('1970-01-01'), ('1970-01-03'), (NULL)`,
    )
  })
  const before = catalog.current.table(visits)?.etag
  now = 2 * 86_400_000

  await catalog.write(() => Promise.resolve())

  const rows = await catalog.read(async ({ connection }) =>
    (await connection.runAndReadAll('SELECT count(*) FROM "shop-events.raw"."visits"')).getRows(),
  )
  expect(rows).toEqual([[2n]])
  expect(catalog.current.table(visits)?.etag).not.toBe(before)
})

test('a file from before time travel is taken over with its rows', async () => {
  await catalog.write(async (change) => {
    await createTable(change, ordersTable)
    await change.connection.run(`
      DROP TABLE "shop-events.raw"."orders";
      CREATE TABLE "shop-events.raw"."orders" (id VARCHAR);
      INSERT INTO "shop-events.raw"."orders" VALUES ('a'), ('b')`)
  })
  await catalog.write(({ connection }) =>
    connection.run(`DELETE FROM _catalog.objects WHERE kind = 'versions'`),
  )

  const again = await openCatalog({ database, clock: () => now })

  expect(again.current.tableVersion(orders)).toMatchObject({ stored: 'orders', wasAltered: true })
  await again.write(async ({ connection }) => {
    await connection.run(`INSERT INTO "shop-events.raw"."orders" (id) VALUES ('c')`)
    const found = await connection.runAndReadAll(
      `SELECT string_agg(id ORDER BY id) FROM "shop-events.raw"."orders"`,
    )
    expect(found.getRows()).toEqual([['a,b,c']])
  })
})
