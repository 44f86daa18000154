/** What aggregates do with the list of their values; `list_transform([x], …)[1]` evaluates `x` once. */
export const approximateMacros: Record<string, string> = {
  'not_null(list)': 'list_filter(list, lambda x: x IS NOT NULL)',
  // DuckDB has NaN after all numbers.
  'nan_first(list)':
    'list_transform([list], lambda l: list_concat(list_filter(l, lambda x: x IS NULL OR isnan(x)), list_filter(l, lambda x: NOT isnan(x))))[1]',
  // The i-th of n quantiles is the least value that at least i / n of all values do not exceed.
  'quantiles(sorted, n)':
    "list_transform([sorted], lambda l: CASE WHEN len(l) > 0 THEN list_transform(range(0, bq.at_least_one(n, 'APPROX_QUANTILES') + 1), lambda i: l[greatest(1, (i * len(l) + n - 1) // n)]) END)[1]",
  'at_least_one(n, name)':
    "CASE WHEN n >= 1 THEN n ELSE CAST(js_error('Argument ' || (CASE name WHEN 'APPROX_TOP_SUM' THEN 3 ELSE 2 END) || ' to ' || name || ' must be ' || (CASE WHEN n IS NULL THEN 'non-NULL' ELSE 'at least 1' END)) AS BIGINT) END",
  'weight(w)':
    "CASE WHEN w < 0 THEN w + CAST(js_error('not supported by the local engine: APPROX_TOP_SUM of a negative weight') AS BIGINT) ELSE w END",
  'float_weight(w)':
    "CASE WHEN w < 0 OR isnan(w) THEN CAST(js_error('not supported by the local engine: APPROX_TOP_SUM of a weight that is negative or NaN') AS DOUBLE) ELSE w END",
}
