const isNumber = "regexp_full_match(CAST(j AS VARCHAR), '-?[0-9.]+(e-?[0-9]+)?')"
const isInteger = "regexp_full_match(CAST(j AS VARCHAR), '-?[0-9]+')"

/** `j` is a JSON value, canonical; `s` text that may hold JSON. */
export const jsonMacros: Record<string, string> = {
  // By the first byte: a string's quote stands before all others, then those of numbers.
  'json_scalar(j)':
    "CASE WHEN CAST(j AS VARCHAR) < '#' THEN json_extract_string(j, '$') WHEN CAST(j AS VARCHAR) < ':' AND strlen(CAST(j AS VARCHAR)) < 16 AND NOT contains(CAST(j AS VARCHAR), 'e') THEN CAST(j AS VARCHAR) ELSE js_json_scalar(CAST(j AS VARCHAR)) END",
  // `s` is the value as DuckDB makes a text of it: of a string the content, though that may look like an
  // object or like a number that is written otherwise; only then `j` is asked. No number has 32 characters.
  'json_text_scalar(s, j)':
    "CASE WHEN s < ':' THEN CASE WHEN strlen(s) < 32 AND regexp_full_match(s, '-?[0-9.]+e[-+]?[0-9]+|-?[0-9]{9,}[.][0-9]+|-?[0-9]+[.][0-9]{6,}') THEN js_json_scalar(CAST(j AS VARCHAR)) ELSE s END WHEN (s >= '[' AND s < '\\') OR (s >= '{' AND s < '|') THEN js_json_scalar(CAST(j AS VARCHAR)) ELSE s END",
  // Between the first bytes of strings and of all else stand those of numbers.
  'lax_scalar(j)':
    "CASE WHEN CAST(j AS VARCHAR) > '#' AND CAST(j AS VARCHAR) < ':' AND (contains(CAST(j AS VARCHAR), '.') OR contains(CAST(j AS VARCHAR), 'e')) THEN js_float_text(CAST(CAST(j AS VARCHAR) AS DOUBLE)) ELSE bq.json_scalar(j) END",
  // A number with a fraction or an exponent is written anew; a whole one, and what is no number, is not.
  'lax_text_scalar(s, j)':
    "CASE WHEN s < ':' THEN CASE WHEN strlen(s) < 32 AND regexp_full_match(s, '-?[0-9]+([.][0-9]+(e[-+]?[0-9]+)?|e[-+]?[0-9]+)') THEN bq.lax_scalar(j) ELSE s END ELSE bq.json_text_scalar(s, j) END",
  'json_array(j)': "CASE WHEN left(CAST(j AS VARCHAR), 1) = '[' THEN json_extract(j, '$[*]') END",
  'json_scalar_array(j)':
    "CASE WHEN left(CAST(j AS VARCHAR), 1) = '[' AND len(list_filter(json_extract(j, '$[*]'), lambda e: left(CAST(e AS VARCHAR), 1) IN ('{', '['))) = 0 THEN list_transform(json_extract(j, '$[*]'), lambda e: bq.json_scalar(e)) END",
  'json_at(j, i)':
    "CASE WHEN i < 0 THEN NULL ELSE json_extract(j, '$[' || CAST(i AS VARCHAR) || ']') END",
  'json_type(j)':
    "CASE left(CAST(j AS VARCHAR), 1) WHEN '\"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE CASE WHEN j IS NULL THEN NULL ELSE 'number' END END",
  // DuckDB writes numbers anew and takes no text that goes on after the value.
  'text_json_scalar(s, p)':
    "CASE WHEN json_valid(s) THEN CASE json_type(s, p) WHEN 'DOUBLE' THEN js_text_json_scalar(s, p) WHEN 'BIGINT' THEN js_text_json_scalar(s, p) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE json_extract_string(s, p) END ELSE js_text_json_scalar(s, p) END",
  'text_json_query(s, p)': 'js_text_json(s, p)',
  'text_json_array(s, p)':
    "CASE WHEN left(js_text_json(s, p), 1) = '[' THEN list_transform(range(0, CAST(json_array_length(js_text_json(s, p)) AS BIGINT)), lambda i: coalesce(js_text_json(js_text_json(s, p), '$[' || i || ']'), 'null')) END",
  'text_json_scalar_array(s, p)':
    "CASE WHEN left(js_text_json(s, p), 1) = '[' AND len(list_filter(bq.text_json_array(s, p), lambda e: left(e, 1) IN ('{', '['))) = 0 THEN list_transform(bq.text_json_array(s, p), lambda e: js_text_json_scalar(e, '$')) END",
  'json_int64(j)': `CASE WHEN j IS NULL THEN NULL WHEN ${isInteger} THEN js_int64_strict(CAST(j AS VARCHAR)) WHEN ${isNumber} AND TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE) = floor(TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE)) AND abs(TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE)) < 9.2e18 THEN CAST(TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE) AS BIGINT) ELSE CAST(js_error('The provided JSON input is not an integer') AS BIGINT) END`,
  'json_float64(j)': `CASE WHEN j IS NULL THEN NULL WHEN ${isNumber} THEN TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE) ELSE CAST(js_error('The provided JSON input is not a number') AS DOUBLE) END`,
  'json_bool(j)':
    "CASE WHEN j IS NULL THEN NULL WHEN CAST(j AS VARCHAR) = 'true' THEN true WHEN CAST(j AS VARCHAR) = 'false' THEN false ELSE CAST(js_error('The provided JSON input is not a boolean') AS BOOLEAN) END",
  'json_string(j)':
    "CASE WHEN j IS NULL THEN NULL WHEN CAST(j AS VARCHAR) < '#' THEN json_extract_string(j, '$') ELSE js_error('The provided JSON input is not a string') END",
  'lax_int64(j)': `CASE WHEN ${isInteger} THEN TRY_CAST(CAST(j AS VARCHAR) AS BIGINT) ELSE js_json_lax_int64(CAST(j AS VARCHAR)) END`,
  'lax_float64(j)': `CASE WHEN ${isNumber} THEN TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE) WHEN CAST(j AS VARCHAR) < '#' THEN bq.safe_float64(json_extract_string(j, '$')) END`,
  'lax_bool(j)': `CASE WHEN CAST(j AS VARCHAR) = 'true' THEN true WHEN CAST(j AS VARCHAR) = 'false' THEN false WHEN ${isNumber} THEN TRY_CAST(CAST(j AS VARCHAR) AS DOUBLE) <> 0 WHEN CAST(j AS VARCHAR) < '#' THEN bq.safe_bool(json_extract_string(j, '$')) END`,
}
