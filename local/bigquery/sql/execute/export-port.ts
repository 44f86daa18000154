import type { Field } from '../../catalog/resources.ts'
import type { WireRow } from '../sql-engine.ts'

export type ExportFile = {
  /** `gs://bucket/path-*.csv`: the star is replaced by the number of the file. */
  uri: string
  gzip: boolean
  /** Without it what is there already must stay. */
  overwrite: boolean
} & (
  | { format: 'CSV'; fields: Field[]; rows: WireRow[]; delimiter: string; header: boolean }
  | { format: 'JSON'; fields: Field[]; rows: WireRow[] }
)

/** Where EXPORT DATA writes: Cloud Storage. */
export type ExportPort = (file: ExportFile) => Promise<void>
