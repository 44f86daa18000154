import type { BigQuery } from '@google-cloud/bigquery'
import type { Ddl, DdlObject } from './read-ddl.ts'

/** Makes every object of ddl/ that does not exist yet; tells of each one as soon as it is there. */
export async function applyDdl(
  { location, datasets, tables, retention }: Ddl,
  bigquery: BigQuery,
  tell: (line: string) => void,
): Promise<void> {
  // Tables need their datasets, and what changes tables needs the tables.
  for (const objects of [datasets, tables, retention]) {
    await Promise.all(
      objects.map(async (object) =>
        tell(`${object.name}: ${await apply(object, location, bigquery)}`),
      ),
    )
  }
}

async function apply(
  { name, sql }: DdlObject,
  location: string,
  bigquery: BigQuery,
): Promise<string> {
  try {
    const [job] = await bigquery.createQueryJob({ query: sql, location })
    await job.getQueryResults()
    const [{ statistics }] = await job.getMetadata()
    return outcomes[String(statistics?.query?.ddlOperationPerformed)] ?? 'applied'
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${name} could not be applied: ${reason}`, { cause: error })
  }
}

const outcomes: Record<string, string> = { CREATE: 'created', SKIP: 'exists', ALTER: 'set' }
