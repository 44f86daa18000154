import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog, Change } from '../catalog/catalog.ts'
import { tableKey } from '../catalog/catalog-view.ts'
import { nameOf } from '../catalog/not-found.ts'
import { partitionOf } from '../catalog/partition-decorator.ts'
import type { Table, TableReference } from '../catalog/resources.ts'
import { appendRows } from '../database/append-rows.ts'
import { createRowDecoder, type RowError } from '../database/decode-row.ts'
import { jsonColumnText } from './json-column.ts'
import { fillDefaults, type ColumnDefaults, type PartialRow } from './column-defaults.ts'
import type { InsertIds } from './insert-ids.ts'
import { existingForRows } from '../catalog/find-table.ts'

export type InsertRequest = {
  /** As in `table$20250208`, of a table that is partitioned by ingestion time. */
  partition?: string
  rows: { insertId: string | undefined; json: unknown }[]
  skipInvalidRows: boolean
  ignoreUnknownValues: boolean
}

export type InsertErrors = {
  index: number
  errors: { reason: string; location: string; debugInfo: string; message: string }[]
}[]

export type RowInserter = (
  reference: TableReference,
  request: InsertRequest,
) => Promise<InsertErrors>

type Waiting = { request: InsertRequest } & PromiseWithResolvers<InsertErrors>

/** Appends streamed rows; requests that wait for the writer at the same time share one transaction. */
export function createRowInserter(
  catalog: Catalog,
  ids: InsertIds,
  defaults: ColumnDefaults,
): RowInserter {
  const waiting = new Map<string, Waiting[]>()

  async function appendAll(change: Change, reference: TableReference, taken: Waiting[]) {
    const table = existingForRows(change.catalog, reference)
    const instance = `${tableKey(reference)} ${table.creationTime}`
    const outcomes: { errors: InsertErrors; forget(): void }[] = []
    for (const { request } of taken) {
      const { time = BigInt(Math.floor(change.catalog.now())) * 1000n } = partitionOfRows(
        table,
        request,
      )
      const { rows, insertIds, errors } = decodeRows(table, request, (id) => ids.has(instance, id))
      await appendRows(change, table, await fillDefaults(table, rows, defaults), time)
      outcomes.push({ errors, forget: ids.note(instance, insertIds) })
    }
    change.catalog.touchTable(reference)
    return outcomes
  }

  async function flush(reference: TableReference): Promise<void> {
    let taken: Waiting[] = []
    let outcomes: Awaited<ReturnType<typeof appendAll>> = []
    const take = (): Waiting[] => {
      const all = waiting.get(tableKey(reference)) ?? []
      waiting.delete(tableKey(reference))
      return all
    }
    try {
      await catalog.write(async (change) => {
        taken = take()
        outcomes = await appendAll(change, reference, taken)
      })
      for (const [index, { resolve }] of taken.entries()) resolve(outcomes[index]?.errors ?? [])
    } catch (error) {
      for (const { forget } of outcomes) forget()
      // Where not even the transaction could begin, those who still wait are told.
      for (const { reject } of taken.length > 0 ? taken : take()) reject(error)
    }
  }

  return async (reference, request) => {
    // Told to this request alone: those that wait together succeed or fail together.
    partitionOfRows(existingForRows(catalog.current, reference), request)
    const entry: Waiting = { request, ...Promise.withResolvers<InsertErrors>() }
    const others = waiting.get(tableKey(reference))
    if (others) {
      others.push(entry)
    } else {
      waiting.set(tableKey(reference), [entry])
      void flush(reference)
    }
    return await entry.promise
  }
}

/** Rows are streamed into the partitions of their columns, or into one of ingestion time. */
function partitionOfRows(table: Table, { partition }: InsertRequest): { time?: bigint } {
  if (partition === undefined) return {}
  if (table.timePartitioning?.field === undefined && !table.rangePartitioning) {
    return partitionOf(table, partition)
  }
  throw new BigQueryError(
    'invalid',
    'Streaming to metadata partition of column based partitioning table ' +
      `${nameOf(table.tableReference)} is disallowed.`,
  )
}

type Decoded = { rows: PartialRow[]; insertIds: string[]; errors: InsertErrors }

/** The rows to append: with one bad row none, unless bad ones are to be skipped; repeated ones never. */
function decodeRows(
  table: Table,
  { rows, skipInvalidRows, ignoreUnknownValues }: InsertRequest,
  isRepeated: (insertId: string) => boolean,
): Decoded {
  const decode = createRowDecoder(table.schema.fields, {
    ignoreUnknownValues,
    canonicalJson: jsonColumnText,
  })
  const decoded = rows.map(({ json }) => decode(json))
  const isBad = decoded.some(({ errors }) => errors)
  const stopsAll = isBad && !skipInvalidRows

  const good: PartialRow[] = []
  const insertIds = new Set<string>()
  const errors: InsertErrors = []
  for (const [index, row] of decoded.entries()) {
    if (row.errors) errors.push({ index, errors: row.errors.map(wireError) })
    else if (stopsAll) errors.push({ index, errors: [stopped] })
    else {
      const insertId = rows[index]?.insertId
      if (insertId !== undefined && (insertIds.has(insertId) || isRepeated(insertId))) continue
      if (insertId !== undefined) insertIds.add(insertId)
      good.push(row.values)
    }
  }
  return { rows: good, insertIds: [...insertIds], errors }
}

const stopped = { reason: 'stopped', location: '', debugInfo: '', message: '' }

function wireError({
  reason,
  location,
  message,
}: RowError): InsertErrors[number]['errors'][number] {
  return { reason, location, debugInfo: '', message }
}
