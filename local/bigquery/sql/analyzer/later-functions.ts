/** What BigQuery has and this release of GoogleSQL does not know. */
const names = new Set(
  `APPENDS CHANGES BAG_OF_WORDS DLP_DETERMINISTIC_DECRYPT DLP_DETERMINISTIC_ENCRYPT DLP_KEY_CHAIN
  EXTERNAL_OBJECT_TRANSFORM EXTERNAL_QUERY GAP_FILL JSON_CONTAINS JSON_FLATTEN RANGE_SESSIONIZE
  SEARCH TEXT_ANALYZE TF_IDF VECTOR_SEARCH ARRAY_ZIP APPROX_COSINE_DISTANCE DOT_PRODUCT
  SPLIT_SUBSTR REGEXP_EXTRACT_GROUPS ST_HAUSDORFFDISTANCE ST_HAUSDORFFDWITHIN
  ST_LINEINTERPOLATEPOINT ST_LINESUBSTRING ST_REGIONSTATS`.split(/\s+/),
)
const families = /^(?:AI|KLL_QUANTILES|ML|OBJ)\./

/** Arguments by name that functions got later. */
const laterArguments: Record<string, RegExp | undefined> = {
  JSON_SET: /\bcreate_if_missing =>/i,
  JSON_KEYS: /\bmode =>/i,
}

/** The function that an error of the analyser is about, where it is BigQuery's nevertheless. */
export function laterFunction(words: string): string | undefined {
  const missing = /^(?:Function|Table-valued function) not found: ([\w.]+)/.exec(words)?.[1]
  const name = missing?.toUpperCase()
  if (name !== undefined && (names.has(name) || families.test(name))) return name
  const called = /^No matching signature for function ([\w.]+)/.exec(words)?.[1]?.toUpperCase()
  const argument = called && laterArguments[called]?.exec(words)?.[0]
  return argument && `${called} with ${argument.replace(' =>', '')}`
}
