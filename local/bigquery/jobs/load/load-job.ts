import type { Catalog, Change } from '../../catalog/catalog.ts'
import { partitionOf, requireRowsInPartition } from '../../catalog/partition-decorator.ts'
import type { Table } from '../../catalog/resources.ts'
import { appendRows } from '../../database/append-rows.ts'
import { createColumnDefaults, fillDefaults } from '../../rows/column-defaults.ts'
import type { ErrorProto } from '../error-proto.ts'
import type { SqlEngine } from '../../sql/sql-engine.ts'
import { JobFailure } from '../job-failure.ts'
import type { JobOutcome } from '../job.ts'
import type { JobRunner } from '../submit-job.ts'
import { detectSchema, withHeader } from './detect-schema.ts'
import { loadOptions, type LoadOptions } from './load-options.ts'
import { sourceOfUpload, sourcesOfUris, type LoadSource } from './load-source.ts'
import { appendParquet, parquetSchema } from './parquet.ts'
import { prepareTarget } from './prepare-target.ts'
import { readRows, type BadRow } from './read-rows.ts'

export type LoadContext = {
  catalog: Catalog
  engine: SqlEngine
  storageHost: string | undefined
}

/** Prepares a load: all of its rows appear at once, or none. */
export function createLoadRunner(context: LoadContext): JobRunner {
  return ({ projectId }, { configuration, upload }) => {
    const options = loadOptions(configuration.load ?? {}, projectId)
    return async ({ signal, noteDone }) => {
      const sources = upload
        ? [await sourceOfUpload(upload)]
        : await sourcesOfUris(options.uris, context.storageHost)
      const [first] = sources
      const whole = first ? await withHeader(first, options) : options
      return await context.catalog.write(async (change) => {
        const outcome = await load(change, context, { sources, options: whole, signal })
        await noteDone(change.connection, outcome)
        return outcome
      })
    }
  }
}

type Load = { sources: LoadSource[]; options: LoadOptions; signal: AbortSignal }

async function load(change: Change, context: LoadContext, work: Load): Promise<JobOutcome> {
  const { sources, options } = work
  const isParquet = options.format === 'PARQUET'
  const table = await prepareTarget(change, options, () =>
    isParquet ? parquetSchema(change.connection, sources, options) : detect(sources, options),
  )
  const partition =
    options.partition === undefined ? undefined : partitionOf(table, options.partition)
  const time = partition?.time ?? BigInt(Math.floor(change.catalog.now())) * 1000n
  const { rows, bad } = isParquet
    ? { rows: await appendParquet(change, table, { sources, options, time }), bad: [] }
    : await appendText(change, context, table, { ...work, time })
  if (partition) await requireRowsInPartition(change, table, partition)
  change.catalog.touchTable(table.tableReference)
  return {
    warnings: bad.map(errorOfRow),
    statistics: {
      load: {
        inputFiles: String(sources.length),
        inputFileBytes: String(sources.reduce((sum, { bytes }) => sum + bytes, 0)),
        outputRows: String(rows),
        outputBytes: String(sources.reduce((sum, { bytes }) => sum + bytes, 0)),
        badRecords: String(bad.length),
      },
    },
  }
}

async function detect([source]: LoadSource[], options: LoadOptions) {
  if (!source) throw new JobFailure('There are no files to load.', [])
  return await detectSchema(source, options)
}

async function appendText(
  change: Change,
  { engine, catalog }: LoadContext,
  table: Table,
  { sources, options, signal, time: partitionedBy }: Load & { time: bigint },
): Promise<{ rows: number; bad: BadRow[] }> {
  // One time for all rows, however long the load takes: it is one statement.
  const time = Date.now()
  const { location } = catalog.current
  const defaults = createColumnDefaults(engine, { location, now: () => time })
  const bad: BadRow[] = []
  let count = 0
  for (const source of sources) {
    for await (const batch of readRows(source, table.schema.fields, options)) {
      signal.throwIfAborted()
      bad.push(...batch.bad)
      if (bad.length > options.maxBadRecords) throw tooManyErrors(options, bad, count)
      const rows = await fillDefaults(table, batch.rows, defaults)
      await appendRows(change, table, rows, partitionedBy)
      count += rows.length
    }
  }
  return { rows: count, bad }
}

function tooManyErrors({ format }: LoadOptions, bad: BadRow[], rows: number): JobFailure {
  const kind = format === 'CSV' ? 'CSV' : 'JSON'
  const file = bad.at(-1)?.source
  const message =
    `Error while reading data, error message: ${kind} table encountered too many errors, giving up. ` +
    `Rows: ${rows + bad.length}; errors: ${bad.length}. ` +
    `Please look into the errors[] collection for more details. File: ${file}`
  return new JobFailure(message, bad.slice(0, 5).map(errorOfRow))
}

function errorOfRow({ position, message, source }: BadRow): ErrorProto {
  return {
    reason: 'invalid',
    location: source,
    message:
      'Error while reading data, error message: parsing error in row starting at position ' +
      `${position}: ${message} File: ${source}`,
  }
}
