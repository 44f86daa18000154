import type { QueryParameterTypes } from './analyzer.ts'
import type { LanguageOptions } from './language.ts'
import { type SqlType, typeToProto } from './sql-type.ts'
import { systemVariables } from './system-variables.ts'

/** What `Analyze` is told about every statement. */
export function analyzerOptions(languageOptions: LanguageOptions): object {
  return {
    languageOptions,
    // Unset it is America/Los_Angeles.
    defaultTimezone: 'UTC',
    errorMessageMode: 'ERROR_MESSAGE_ONE_LINE',
    showFunctionSignatureMismatchDetails: true,
    pruneUnusedColumns: true,
    enabledRewrites: rewrites.map((name) => `REWRITE_${name}`),
    allowedHintsAndOptions: { disallowUnknownOptions: true, option: knownOptions },
    systemVariables: systemVariables.map(([path, type]) => ({
      namePath: path.split('.'),
      type: typeToProto(type),
    })),
    ddlPseudoColumns: [
      { name: '_PARTITIONDATE', type: typeToProto({ kind: 'DATE' }) },
      { name: '_PARTITIONTIME', type: typeToProto({ kind: 'TIMESTAMP' }) },
    ],
  }
}

/** What it is told about the parameters of one. */
export function parameterOptions(parameters: QueryParameterTypes | undefined): object {
  if (!parameters) return {}
  if (parameters.mode === 'positional') {
    return {
      parameterMode: 'PARAMETER_POSITIONAL',
      positionalQueryParameters: parameters.types.map(typeToProto),
    }
  }
  const named = [...parameters.types].map(([name, type]) => ({ name, type: typeToProto(type) }))
  return { parameterMode: 'PARAMETER_NAMED', queryParameters: named }
}

/** Constructs that GoogleSQL writes in terms of others: so much less for the printer to know. */
const rewrites = [
  'FLATTEN',
  'PROTO_MAP_FNS',
  'ARRAY_FILTER_TRANSFORM',
  'UNPIVOT',
  'PIVOT',
  'TYPEOF_FUNCTION',
  'WITH_EXPR',
  'INLINE_SQL_FUNCTIONS',
  'INLINE_SQL_TVFS',
  'NULLIFERROR_FUNCTION',
  'LIKE_ANY_ALL',
  'INLINE_SQL_VIEWS',
  'INLINE_SQL_UDAS',
  'GROUPING_SET',
]

const text: SqlType = { kind: 'STRING' }
const number: SqlType = { kind: 'FLOAT64' }
const flag: SqlType = { kind: 'BOOL' }
const texts: SqlType = { kind: 'ARRAY', element: text }

/** A misspelt key of OPTIONS is an error. `labels` has no type: an empty array literal has none either. */
const knownOptions = Object.entries({
  description: text,
  friendly_name: text,
  labels: undefined,
  tags: undefined,
  expiration_timestamp: { kind: 'TIMESTAMP' } satisfies SqlType,
  partition_expiration_days: number,
  require_partition_filter: flag,
  kms_key_name: text,
  location: text,
  default_table_expiration_days: number,
  default_partition_expiration_days: number,
  default_kms_key_name: text,
  default_rounding_mode: text,
  rounding_mode: text,
  is_case_insensitive: flag,
  max_time_travel_hours: undefined,
  storage_billing_model: text,
  enable_refresh: flag,
  refresh_interval_minutes: number,
  max_staleness: { kind: 'INTERVAL' } satisfies SqlType,
  allow_non_incremental_definition: flag,
  privacy_policy: text,
  library: texts,
  strict_mode: flag,
  data_governance_type: text,
  uri: text,
  uris: texts,
  format: text,
  overwrite: flag,
  compression: text,
  field_delimiter: text,
  header: flag,
  use_avro_logical_types: flag,
  skip_leading_rows: undefined,
  null_marker: text,
  allow_jagged_rows: flag,
  allow_quoted_newlines: flag,
  ignore_unknown_values: flag,
  max_bad_records: undefined,
  quote: text,
  encoding: text,
  autodetect: flag,
}).map(([name, type]) => ({ name, ...(type && { type: typeToProto(type) }) }))
