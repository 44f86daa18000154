import accessors from '@duckdb/node-api/lib/vectors/dataAccessors.js'

/**
 * A text that begins with U+FEFF keeps it when it comes out of DuckDB, whose Node client decodes with
 * a decoder that takes the character for a mark of the encoding.
 */
export function keepByteOrderMarks(): void {
  Object.assign(accessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) })
}
