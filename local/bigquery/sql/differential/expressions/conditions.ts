/** Conditional expressions, over the columns of `awkwardRows`. */
export const conditions: string[] = [
  'IF(u > 0, "p", s)',
  'IFNULL(s, "none")',
  'COALESCE(s, p, "z")',
  'NULLIF(u, 1)',
  'NULLIF(f, 0)',
  'CASE WHEN u > 0 THEN "a" WHEN u < 0 THEN "b" END',
  'CASE u WHEN 1 THEN "a" ELSE s END',
  'CASE f WHEN u THEN 1 WHEN CAST("nan" AS FLOAT64) THEN 2 WHEN f THEN 3 END',
  'CASE f WHEN 2.5 THEN s ELSE p END',
  'IFERROR(10 / u, -1.0)',
  'IFERROR(CAST(s AS INT64), -1)',
  'IFERROR([1, 2][OFFSET(u)], -1)',
  'NULLIFERROR(10 / u)',
  'ISERROR(CAST(s AS DATE))',
]
