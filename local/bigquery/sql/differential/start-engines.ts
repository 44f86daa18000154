import { DuckDBInstance } from '@duckdb/node-api'
import { startAnalyzer } from '../analyzer/analyzer.ts'
import { startReference } from '../analyzer/reference.ts'
import { installRuntime } from '../runtime/install-runtime.ts'
import { awkwardRows, seededRandom } from './awkward-rows.ts'
import { type Engines, referenceTable, storeRows } from './compare.ts'

/** Both engines over the same awkward rows, which the seed gives. */
export async function startEngines({ seed, rows }: { seed: number; rows: number }) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  await installRuntime(connection)
  const made = awkwardRows(rows, seededRandom(seed))
  await storeRows(connection, made)
  const [analyzer, reference] = await Promise.all([startAnalyzer(), startReference()])
  const engines: Engines = { analyzer, reference, connection }
  return {
    engines,
    table: referenceTable(made),
    async stop(): Promise<void> {
      connection.closeSync()
      instance.closeSync()
      await Promise.all([analyzer.stop(), reference.stop()])
    },
  }
}
