import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogState, Changes, Kind } from './catalog-draft.ts'
import type { Dataset, Routine, Table } from './resources.ts'
import type { TableVersion } from './table-version.ts'

/** Everything that was written through, or an empty catalog. */
export async function readCatalog(connection: DuckDBConnection): Promise<CatalogState> {
  const result = await connection.run('SELECT kind, name, body FROM _catalog.objects')
  const rows = (await result.getRows()).map(([kind, name, body]) => ({
    kind: String(kind),
    name: String(name),
    body: JSON.parse(String(body)) as unknown,
  }))
  const ofKind = <T>(wanted: Kind): Map<string, T> =>
    new Map(rows.filter(({ kind }) => kind === wanted).map(({ name, body }) => [name, body as T]))
  return {
    datasets: ofKind<Dataset>('datasets'),
    tables: ofKind<Table>('tables'),
    routines: ofKind<Routine>('routines'),
    versions: ofKind<TableVersion>('versions'),
    version: 0,
  }
}

/** Writes what changed, in the transaction that is open on the connection. */
export async function writeChanges(connection: DuckDBConnection, changes: Changes): Promise<void> {
  for (const { kind, name, body } of changes) {
    if (body === undefined) {
      await connection.run('DELETE FROM _catalog.objects WHERE kind = $1 AND name = $2', [
        kind,
        name,
      ])
      continue
    }
    const values = [kind, name, JSON.stringify(body)]
    const updated = await connection.run(
      'UPDATE _catalog.objects SET body = $3 WHERE kind = $1 AND name = $2',
      values,
    )
    if (updated.rowsChanged > 0) continue
    await connection.run('INSERT INTO _catalog.objects VALUES ($1, $2, $3)', values)
  }
}
