const whiteSpace =
  "E' \\t\\n\\u000b\\f\\r' || chr(133) || chr(160) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8199) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8239) || chr(8287) || chr(12288)"

/** Texts with BigQuery's refusals; DuckDB's own functions where a text is ASCII and they agree. */
export const textMacros: Record<string, string> = {
  'like(x, pattern)':
    "CASE WHEN right(pattern, 1) = '\\' AND regexp_matches(pattern, '(^|[^\\\\])(\\\\\\\\)*\\\\$') THEN CAST(js_error('LIKE pattern ends with a backslash' || left(x || pattern, 0)) AS BOOLEAN) ELSE x LIKE pattern ESCAPE '\\' END",
  'white_space()': whiteSpace.replace('\\u000b', "' || chr(11) || E'"),
  'initcap_delimiters()': `E' \\t\\r\\n[](){}/|<>!?@"^#$&~_,.:;*%+-\\\\'`,
  'upper(s)': 'CASE WHEN strlen(s) = length(s) THEN upper(s) ELSE js_upper(s) END',
  'lower(s)': 'CASE WHEN strlen(s) = length(s) THEN lower(s) ELSE js_lower(s) END',
  'repeat(s, n)':
    "CASE WHEN s IS NULL THEN NULL WHEN n < 0 THEN js_error('Second argument (repeat count) for REPEAT cannot be negative') WHEN n > 1048576 // greatest(strlen(s), 1) AND s <> '' THEN js_error('Output of REPEAT exceeds max allowed output size of 1MB' || left(s, 0)) ELSE repeat(s, n) END",
  // Where the n-th match begins: behind the texts between the matches before it and these themselves.
  'nth_match(s, pattern, n, is_end)':
    "CASE WHEN s IS NULL OR pattern IS NULL THEN NULL WHEN len(regexp_extract_all(s, pattern, 0)) < n THEN 0 WHEN len(string_split_regex(s, pattern)) <> len(regexp_extract_all(s, pattern, 0)) + 1 THEN CAST(js_error('not supported by the local engine: REGEXP_INSTR of a later occurrence of what is bound to a place') AS BIGINT) ELSE 1 + bq.total_length(string_split_regex(s, pattern)[1:n]) + bq.total_length(regexp_extract_all(s, pattern, 0)[1:n - 1 + is_end]) END",
  'total_length(texts)':
    'CASE WHEN len(texts) = 0 THEN 0 ELSE list_sum(list_transform(texts, lambda t: length(t))) END',
  'pad_left(s, n, pad)':
    "CASE WHEN s IS NULL OR n IS NULL OR pad IS NULL THEN NULL WHEN n < 0 THEN js_error('Second argument (output size) for LPAD/RPAD cannot be negative') WHEN pad = '' THEN js_error('Third argument (pad pattern) for LPAD/RPAD cannot be empty') WHEN n > 1048576 OR (n > 262144 AND strlen(lpad(s, CAST(least(n, 1048576) AS INTEGER), pad)) > 1048576) THEN js_error('Output of LPAD/RPAD exceeds max allowed output size of 1MB' || left(s, 0)) ELSE lpad(s, CAST(n AS INTEGER), pad) END",
  'pad_right(s, n, pad)':
    "CASE WHEN s IS NULL OR n IS NULL OR pad IS NULL THEN NULL WHEN n < 0 THEN js_error('Second argument (output size) for LPAD/RPAD cannot be negative') WHEN pad = '' THEN js_error('Third argument (pad pattern) for LPAD/RPAD cannot be empty') WHEN n > 1048576 OR (n > 262144 AND strlen(rpad(s, CAST(least(n, 1048576) AS INTEGER), pad)) > 1048576) THEN js_error('Output of LPAD/RPAD exceeds max allowed output size of 1MB' || left(s, 0)) ELSE rpad(s, CAST(n AS INTEGER), pad) END",
  'left(s, n)':
    "CASE WHEN s IS NULL THEN NULL WHEN n < 0 THEN js_error('Second argument in LEFT() cannot be negative') ELSE left(s, n) END",
  'right(s, n)':
    "CASE WHEN s IS NULL THEN NULL WHEN n < 0 THEN js_error('Second argument in RIGHT() cannot be negative') WHEN s IS NULL OR n IS NULL THEN NULL WHEN n = 0 THEN '' ELSE right(s, n) END",
  'substr(s, p, n)':
    "CASE WHEN s IS NULL OR p IS NULL OR n IS NULL THEN NULL WHEN n < 0 THEN js_error('Third argument in SUBSTR() cannot be negative') WHEN p = 0 OR p < -length(s) THEN substr(s, 1, least(n, 2147483647)) WHEN p > length(s) THEN '' ELSE substr(s, p, least(n, 2147483647)) END",
  'replace(s, a, b)': "CASE WHEN a = '' AND b IS NOT NULL THEN s ELSE replace(s, a, b) END",
  'split(s, d)':
    "CASE WHEN s IS NULL OR d IS NULL THEN NULL WHEN s = '' THEN [''] ELSE str_split(s, d) END",
  'from_hex(s)':
    "CASE WHEN NOT regexp_full_match(s, '[0-9a-fA-F]*') THEN unhex(js_error('Failed to decode invalid hexadecimal string due to character at offset ' || length(regexp_extract(s, '^[0-9a-fA-F]*')) || ': ' || s)) WHEN length(s) % 2 = 1 THEN unhex('0' || s) ELSE unhex(s) END",
  'bytes_text(b)': 'js_valid_text_strict(b)',
}
