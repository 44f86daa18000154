import { notSupported } from '../../bigquery-error.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'

const toText: Partial<Record<SqlType['kind'], string>> = {
  STRING: '{0}',
  INT64: 'CAST({0} AS VARCHAR)',
  BOOL: 'CAST({0} AS VARCHAR)',
  FLOAT64: 'js_float_text({0})',
  NUMERIC: 'bq.numeric_text({0})',
  DATE: 'bq.date_text({0})',
  DATETIME: 'bq.datetime_text({0})',
  TIME: 'bq.time_text({0})',
  TIMESTAMP: 'bq.timestamp_text({0})',
  BIGNUMERIC: 'js_bignumeric_text({0})',
  INTERVAL: 'js_interval_text({0})',
  BYTES: 'bq.bytes_text({0})',
}

/** CAST AS STRING. */
export function castToText(value: string, type: SqlType): string {
  if (type.kind === 'RANGE') return rangeText(value, type.element)
  const template = toText[type.kind]
  if (!template) throw notSupported(`CAST(${typeName(type)} AS STRING)`)
  return template.replaceAll('{0}', () => value)
}

function rangeText(value: string, element: SqlType): string {
  const [start, end] = ['start', 'end'].map((bound) => {
    return `coalesce(${castToText(`struct_extract(${value}, '${bound}')`, element)}, 'UNBOUNDED')`
  })
  return `(CASE WHEN ${value} IS NOT NULL THEN '[' || ${start} || ', ' || ${end} || ')' END)`
}
