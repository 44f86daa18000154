/** Arrays with BigQuery's errors of an index that is out of bounds, its NULLs and its empty arrays. */
export const arrayMacros: Record<string, string> = {
  'at(list, i)':
    "CASE WHEN list IS NULL OR i IS NULL THEN NULL WHEN i < 0 THEN list[CAST(js_error('Array index ' || i || ' is out of bounds') AS BIGINT)] WHEN i >= len(list) THEN list[CAST(js_error('Array index ' || i || ' is out of bounds (overflow)') AS BIGINT)] ELSE list[i + 1] END",
  'at_ordinal(list, i)':
    "CASE WHEN list IS NULL OR i IS NULL THEN NULL WHEN i < 1 THEN list[CAST(js_error('Array index ' || i || ' is out of bounds') AS BIGINT)] WHEN i > len(list) THEN list[CAST(js_error('Array index ' || i || ' is out of bounds (overflow)') AS BIGINT)] ELSE list[i] END",
  'safe_at(list, i)': 'CASE WHEN i < 0 THEN NULL ELSE list[i + 1] END',
  'in_array(x, list)':
    'CASE WHEN list IS NULL OR len(list) = 0 THEN false WHEN x IS NULL THEN NULL WHEN list_contains(list, x) THEN true WHEN len(list_filter(list, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END',
  'in_float_array(x, list)':
    'CASE WHEN list IS NULL OR len(list) = 0 THEN false WHEN x IS NULL THEN NULL WHEN NOT isnan(x) AND list_contains(list, x) THEN true WHEN len(list_filter(list, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END',
  'any_true(list)':
    'CASE WHEN list IS NULL THEN false WHEN list_contains(list, true) THEN true WHEN len(list_filter(list, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END',
  'array_concat(a, b)': 'CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_concat(a, b) END',
  'array_first(list)':
    "CASE WHEN len(list) = 0 THEN list[CAST(js_error('ARRAY_FIRST cannot get the first element of an empty array') AS BIGINT)] ELSE list[1] END",
  'array_last(list)':
    "CASE WHEN len(list) = 0 THEN list[CAST(js_error('ARRAY_LAST cannot get the last element of an empty array') AS BIGINT)] ELSE list[len(list)] END",
  'array_slice(list, a, b)':
    'CASE WHEN list IS NULL OR a IS NULL OR b IS NULL THEN NULL ELSE list[CASE WHEN a < 0 THEN greatest(len(list) + a + 1, 1) ELSE least(a, len(list)) + 1 END : CASE WHEN b < 0 THEN greatest(len(list) + b + 1, 0) ELSE least(b, len(list)) + 1 END] END',
  // DuckDB joins with constants only: the separator goes before each element, and is cut from the first.
  'array_to_string_by(list, separator)':
    "CASE WHEN list IS NULL OR separator IS NULL THEN NULL ELSE substr(coalesce(array_to_string(flatten(list_transform(list_filter(list, lambda x: x IS NOT NULL), lambda x: [separator, x])), ''), ''), length(separator) + 1) END",
  'array_to_string(list, separator)':
    "CASE WHEN list IS NULL OR separator IS NULL THEN NULL ELSE coalesce(array_to_string(list, separator), '') END",
  // BigQuery makes no longer arrays than of 1,048,575 elements.
  'generate_array(a, b, step)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS BIGINT)] WHEN (CAST(b AS HUGEINT) - a) // step >= 1048575 THEN [CAST(js_error('GENERATE_ARRAY(' || a || ', ' || b || ', ' || step || ') produced too many elements') AS BIGINT)] ELSE generate_series(a, b, step) END",
  'generate_floats(a, b, step)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS DOUBLE)] WHEN isnan(a) OR isnan(b) OR isnan(step) THEN [CAST(js_error('Sequence start, end, and step cannot be NaN.') AS DOUBLE)] WHEN isinf(step) THEN [CAST(js_error('Sequence step cannot be +/-inf.') AS DOUBLE)] WHEN (b - a) / step >= 1048575 THEN [CAST(js_error('GENERATE_ARRAY(' || js_float_text(a) || ', ' || js_float_text(b) || ', ' || js_float_text(step) || ') produced too many elements') AS DOUBLE)] WHEN (b - a) / step < 0 THEN [] ELSE list_transform(generate_series(0, CAST(floor((b - a) / step) AS BIGINT)), lambda i: a + i * step) END",
  'generate_numerics(a, b, step)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS DECIMAL(38,9))] WHEN (b < a) <> (step < 0) AND a <> b THEN [] WHEN (CAST(b AS DOUBLE) - CAST(a AS DOUBLE)) / CAST(step AS DOUBLE) >= 1048575 THEN [CAST(js_error('GENERATE_ARRAY(' || bq.numeric_text(a) || ', ' || bq.numeric_text(b) || ', ' || bq.numeric_text(step) || ') produced too many elements') AS DECIMAL(38,9))] ELSE list_transform(generate_series(0, CAST((bq.unscaled(b) - bq.unscaled(a)) // bq.unscaled(step) AS BIGINT)), lambda i: CAST(a + CAST(i AS DECIMAL(19,0)) * step AS DECIMAL(38,9))) END",
  'generate_timestamp_array(a, b, step, span)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS TIMESTAMPTZ)] WHEN (epoch_us(b) - epoch_us(a)) // span >= 1048575 THEN [CAST(js_error('GENERATE_TIMESTAMP_ARRAY(' || bq.timestamp_text(a) || ', ' || bq.timestamp_text(b) || ', …) produced too many elements') AS TIMESTAMPTZ)] ELSE list_transform(generate_series(epoch_us(a), epoch_us(b), span), lambda t: make_timestamptz(t)) END",
  'generate_dates_by_days(a, b, step)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS DATE)] ELSE list_transform(generate_series(CAST(a - DATE '1970-01-01' AS BIGINT), CAST(b - DATE '1970-01-01' AS BIGINT), step), lambda d: DATE '1970-01-01' + CAST(d AS INTEGER)) END",
  'generate_dates_by_months(a, b, step)':
    "CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL WHEN step = 0 THEN [CAST(js_error('Sequence step cannot be 0.') AS DATE)] ELSE CAST(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), to_months(CAST(step AS INTEGER))) AS DATE[]) END",
}
