import type { Field } from '../../catalog/resources.ts'
import type { WireRow } from '../sql-engine.ts'

export type ExportFile = {
  /** `gs://bucket/path-*.csv`: the star is replaced by the number of the file. */
  uri: string
  /** Without it what is there already must stay. */
  overwrite: boolean
} & (
  | (TextRows & { format: 'CSV'; delimiter: string; header: boolean })
  | (TextRows & { format: 'JSON' })
  | { format: 'PARQUET'; body: Uint8Array }
)

type TextRows = { fields: Field[]; rows: WireRow[]; gzip: boolean }

/** Where EXPORT DATA writes: Cloud Storage. */
export type ExportPort = (file: ExportFile) => Promise<void>
