/**
 * The macros `safe_x(s)` and `text_to_x(s)`: a text that looks plain is read by DuckDB, which is fast,
 * every other one in JavaScript, by the function `js_x` for SAFE_CAST and `js_x_strict` for CAST. What
 * looks plain must not fail; it is read by TRY_CAST nevertheless, for a CAST of a stored struct's field
 * DuckDB moves into the scan, where it sees every text.
 */
export function parsers(
  name: string,
  isPlain: string,
  read: (text: string) => string,
  fromJavaScript: (value: string) => string,
): Record<string, string> {
  const parser = (suffix: string): string =>
    `CASE WHEN ${isPlain} THEN ${read('s')} ELSE ${fromJavaScript(`js_${name}${suffix}(s)`)} END`
  return { [`safe_${name}(s)`]: parser(''), [`text_to_${name}(s)`]: parser('_strict') }
}

/**
 * The same for what looks plain by a pattern, and the macros `json_safe_x(j)` and `json_to_x(j)` that read
 * a JSON number without making a text of it first. They are short: DuckDB prepares all of a lambda for
 * each vector that it maps.
 */
export function numberParsers(
  name: string,
  pattern: string,
  read: (text: string) => string,
  fromJavaScript: (value: string) => string,
): Record<string, string> {
  const isPlain = (text: string): string => `regexp_full_match(${text}, ${pattern})`
  const json = 'CAST(j AS VARCHAR)'
  const parser = (suffix: string): string =>
    `CASE WHEN ${isPlain(json)} THEN ${read(json)} ELSE ${fromJavaScript(`js_${name}${suffix}(js_json_scalar(${json}))`)} END`
  return {
    ...parsers(name, isPlain('s'), read, fromJavaScript),
    [`json_safe_${name}(j)`]: parser(''),
    [`json_to_${name}(j)`]: parser('_strict'),
  }
}
