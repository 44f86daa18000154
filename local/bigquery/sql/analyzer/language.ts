import type { Rpc } from './rpc.ts'

export type LanguageOptions = {
  productMode: 'PRODUCT_EXTERNAL'
  enabledLanguageFeatures: string[]
  supportedStatementKinds: string[]
  reservedKeywords: string[]
}

/** BigQuery's dialect: what GoogleSQL can do at most, less what BigQuery lacks, and some more. */
export async function bigQueryLanguage(rpc: Rpc): Promise<LanguageOptions> {
  const { enabledLanguageFeatures } = await rpc.call<{ enabledLanguageFeatures: string[] }>(
    'GetLanguageOptions',
    { maximumFeatures: true },
  )
  const lacking = new Set(lackingFeatures.map((name) => `FEATURE_${name}`))
  return {
    productMode: 'PRODUCT_EXTERNAL',
    enabledLanguageFeatures: [
      ...enabledLanguageFeatures.filter((name) => !lacking.has(name)),
      ...furtherFeatures.map((name) => `FEATURE_${name}`),
    ],
    supportedStatementKinds: statementKinds.map((kind) => `RESOLVED_${kind}`),
    reservedKeywords: ['QUALIFY'],
  }
}

/** The reference evaluator loses the total row of ROLLUP without a word where these two are on. */
export function evaluatorLanguage(language: LanguageOptions): LanguageOptions {
  const lost = ['FEATURE_V_1_4_GROUPING_SETS', 'FEATURE_V_1_4_GROUPING_BUILTIN']
  const enabled = language.enabledLanguageFeatures.filter((name) => !lost.includes(name))
  return { ...language, enabledLanguageFeatures: enabled }
}

const lackingFeatures = [
  'AGGREGATION_THRESHOLD',
  'ALLOW_LEGACY_ROW_ACCESS_POLICY_SYNTAX',
  'ANONYMIZATION_CASE_INSENSITIVE_OPTIONS',
  'BETWEEN_UINT64_INT64',
  'CHECK_CONSTRAINT',
  'CREATE_MATERIALIZED_VIEW_AS_REPLICA_OF',
  'EXPERIMENTAL_MODULES',
  'EXTENDED_TYPES',
  'STRATIFIED_RESERVOIR_TABLESAMPLE',
  'TABLESAMPLE_FROM_TABLE_VALUED_FUNCTIONS',
  'TIMESTAMP_NANOS',
  'V_1_1_ARRAY_EQUALITY',
  'V_1_1_ORDER_BY_COLLATE',
  'V_1_2_ARRAY_ELEMENTS_WITH_SET',
  'V_1_2_CORRELATED_REFS_IN_NESTED_DML',
  'V_1_2_GENERATED_COLUMNS',
  'V_1_2_NESTED_UPDATE_DELETE_WITH_OFFSET',
  'V_1_2_PROTO_EXTENSIONS_WITH_NEW',
  'V_1_2_PROTO_EXTENSIONS_WITH_SET',
  'V_1_3_ALLOW_SLASH_PATHS',
  'V_1_3_ARRAY_GREATEST_LEAST',
  'V_1_3_ARRAY_ORDERING',
  'V_1_3_BRACED_PROTO_CONSTRUCTORS',
  'V_1_3_DML_RETURNING',
  'V_1_3_ENUM_VALUE_DESCRIPTOR_PROTO',
  'V_1_3_EXTRACT_FROM_PROTO',
  'V_1_3_FILTER_FIELDS',
  'V_1_3_IGNORE_PROTO3_USE_DEFAULTS',
  'V_1_3_INLINE_LAMBDA_ARGUMENT',
  'V_1_3_KLL_WEIGHTS',
  'V_1_3_PROTO_DEFAULT_IF_NULL',
  'V_1_3_PROTO_MAPS',
  'V_1_3_REPLACE_FIELDS',
  'V_1_4_ARRAY_AGGREGATION_FUNCTIONS',
  'V_1_4_ARRAY_FIND_FUNCTIONS',
  'V_1_4_FIRST_AND_LAST_N',
  'V_1_4_NULLIFZERO_ZEROIFNULL',
  'V_1_4_PI_FUNCTIONS',
  'V_1_4_SAFE_FUNCTION_CALL_WITH_LAMBDA_ARGS',
  'V_1_4_STRUCT_POSITIONAL_ACCESSOR',
]

/** What GoogleSQL's release calls "in development" and BigQuery has. */
const furtherFeatures = [
  'ALTER_COLUMN_SET_DATA_TYPE',
  'ANONYMIZATION',
  'CREATE_EXTERNAL_TABLE_WITH_PARTITION_COLUMNS',
  'CREATE_TABLE_CLONE',
  'CREATE_VIEWS_WITH_COLUMN_OPTIONS',
  'INTERVAL_TYPE',
  'INVERSE_TRIG_FUNCTIONS',
  'NON_SQL_PROCEDURE',
  'TIME_BUCKET_FUNCTIONS',
  'V_1_3_COLLATION_SUPPORT',
  'V_1_4_GROUPING_BUILTIN',
  'V_1_4_GROUPING_SETS',
  'V_1_4_LIKE_ANY_SOME_ALL_ARRAY',
  'V_1_4_LIKE_ANY_SOME_ALL_SUBQUERY',
  'V_1_4_REMOTE_MODEL',
]

/** The statements that are known; those that have no runner are refused by name. */
export const statementKinds = [
  'QUERY_STMT',
  'ASSERT_STMT',
  'ASSIGNMENT_STMT',
  'CALL_STMT',
  'EXECUTE_IMMEDIATE_STMT',
  'BEGIN_STMT',
  'COMMIT_STMT',
  'ROLLBACK_STMT',
  'INSERT_STMT',
  'UPDATE_STMT',
  'DELETE_STMT',
  'MERGE_STMT',
  'TRUNCATE_STMT',
  'EXPORT_DATA_STMT',
  'AUX_LOAD_DATA_STMT',
  'GRANT_STMT',
  'REVOKE_STMT',
  'CREATE_SCHEMA_STMT',
  'CREATE_TABLE_STMT',
  'CREATE_TABLE_AS_SELECT_STMT',
  'CREATE_VIEW_STMT',
  'CREATE_MATERIALIZED_VIEW_STMT',
  'CREATE_EXTERNAL_TABLE_STMT',
  'CREATE_SNAPSHOT_TABLE_STMT',
  'CREATE_FUNCTION_STMT',
  'CREATE_TABLE_FUNCTION_STMT',
  'CREATE_PROCEDURE_STMT',
  'CREATE_ROW_ACCESS_POLICY_STMT',
  'ALTER_TABLE_STMT',
  'ALTER_VIEW_STMT',
  'ALTER_MATERIALIZED_VIEW_STMT',
  'ALTER_SCHEMA_STMT',
  'DROP_STMT',
  'DROP_MATERIALIZED_VIEW_STMT',
  'DROP_SNAPSHOT_TABLE_STMT',
  'DROP_FUNCTION_STMT',
  'DROP_TABLE_FUNCTION_STMT',
  'DROP_ROW_ACCESS_POLICY_STMT',
  'ADD_CONSTRAINT_ACTION',
  'DROP_CONSTRAINT_ACTION',
]
