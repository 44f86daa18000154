const [start, end] = ['"start"', '"end"']

/** A condition that raises when it is evaluated, which for constants may be before any row is there. */
function fails(message: string, a: string, b: string): string {
  return `js_error('${message}' || left(CAST(${a} AS VARCHAR) || CAST(${b} AS VARCHAR), 0)) IS NULL`
}

/** A range is a struct of its two ends; a NULL end is UNBOUNDED. */
export const rangeMacros: Record<string, string> = {
  'checked_range(a, b)': `CASE WHEN a >= b THEN struct_pack(${start} := a, ${end} := CASE WHEN ${fails('Range start element must be smaller than range end element', 'a', 'b')} THEN b END) ELSE struct_pack(${start} := a, ${end} := b) END`,
  'range_contains(r, x)': `CASE WHEN r IS NULL OR x IS NULL THEN NULL ELSE (r.${start} IS NULL OR r.${start} <= x) AND (r.${end} IS NULL OR x < r.${end}) END`,
  'range_contains_range(r, s)': `CASE WHEN r IS NULL OR s IS NULL THEN NULL ELSE (r.${start} IS NULL OR (s.${start} IS NOT NULL AND r.${start} <= s.${start})) AND (r.${end} IS NULL OR (s.${end} IS NOT NULL AND s.${end} <= r.${end})) END`,
  'range_overlaps(r, s)': `CASE WHEN r IS NULL OR s IS NULL THEN NULL ELSE (r.${start} IS NULL OR s.${end} IS NULL OR r.${start} < s.${end}) AND (s.${start} IS NULL OR r.${end} IS NULL OR s.${start} < r.${end}) END`,
  'range_intersect(r, s)': `CASE WHEN r IS NULL OR s IS NULL THEN NULL WHEN NOT bq.range_overlaps(r, s) THEN struct_pack(${start} := r.${start}, ${end} := CASE WHEN ${fails('Provided RANGE inputs do not overlap. Please check RANGE_OVERLAPS before calling RANGE_INTERSECT', 'r', 's')} THEN r.${end} END) ELSE struct_pack(${start} := greatest(r.${start}, s.${start}), ${end} := least(r.${end}, s.${end})) END`,
}
