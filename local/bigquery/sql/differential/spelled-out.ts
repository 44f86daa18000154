/** Queries over the rows `z` that the reference knows only in other words, with these words. */
export const spelledOut: Record<string, string> = {
  ...quantiles('u', 'u', 7),
  ...quantiles('DISTINCT u', 'DISTINCT u', 3),
  ...quantiles('f', 'f', 10),
  ...quantiles('s', 's', 1),
  ...quantiles('DISTINCT d', 'DISTINCT d', 100),
  'SELECT p > "m" AS g, TO_JSON_STRING(APPROX_QUANTILES(n, 5 RESPECT NULLS)) FROM z GROUP BY g ORDER BY g': `SELECT g, TO_JSON_STRING(${nth('x', 5)}) FROM (SELECT p > "m" AS g, ARRAY_AGG(n ORDER BY n) AS x FROM z GROUP BY g) ORDER BY g`,
  'SELECT APPROX_TOP_COUNT(u, 4), APPROX_TOP_COUNT(s, 9) FROM z':
    'SELECT (SELECT ARRAY_AGG(STRUCT(u AS value, n AS count) ORDER BY n DESC, u LIMIT 4) FROM (SELECT u, COUNT(*) AS n FROM z GROUP BY u)), (SELECT ARRAY_AGG(STRUCT(s AS value, n AS count) ORDER BY n DESC, s LIMIT 9) FROM (SELECT s, COUNT(*) AS n FROM z GROUP BY s))',
  'SELECT k > 30 AS g, APPROX_TOP_COUNT(STRUCT(u, d IS NULL AS d), 3), APPROX_TOP_SUM(u, ABS(n), 100) FROM z GROUP BY g ORDER BY g':
    'SELECT g, (SELECT ARRAY_AGG(STRUCT(STRUCT(u, d) AS value, n AS count) ORDER BY n DESC, u, d LIMIT 3) FROM (SELECT u, d IS NULL AS d, COUNT(*) AS n FROM z WHERE (k > 30) = g GROUP BY u, d)), (SELECT ARRAY_AGG(STRUCT(u AS value, n AS sum) ORDER BY n DESC, u) FROM (SELECT u, SUM(ABS(n)) AS n FROM z WHERE (k > 30) = g GROUP BY u)) FROM UNNEST([FALSE, TRUE]) AS g ORDER BY g',
  'SELECT APPROX_TOP_SUM(d, k, 5), APPROX_TOP_SUM(u, IF(f >= 0, f, NULL), 5) FROM z':
    'SELECT (SELECT ARRAY_AGG(STRUCT(d AS value, n AS sum) ORDER BY n DESC, d LIMIT 5) FROM (SELECT d, SUM(k) AS n FROM z GROUP BY d)), (SELECT ARRAY_AGG(STRUCT(u AS value, n AS sum) ORDER BY n DESC, u LIMIT 5) FROM (SELECT u, SUM(IF(f >= 0, f, NULL)) AS n FROM z GROUP BY u))',
  'SELECT APPROX_TOP_COUNT(u, 1), APPROX_TOP_SUM(u, k, 1) FROM z WHERE FALSE':
    'SELECT CAST(NULL AS ARRAY<STRUCT<value INT64, count INT64>>), CAST(NULL AS ARRAY<STRUCT<value INT64, sum INT64>>)',
}

/** The quantiles of each group, as those elements of the sorted array that they are. */
function quantiles(ours: string, theirs: string, count: number): Record<string, string> {
  const column = theirs.replace('DISTINCT ', '')
  const sorted = `ARRAY_AGG(${theirs} IGNORE NULLS ORDER BY ${column})`
  return {
    [`SELECT p > "m" AS g, APPROX_QUANTILES(${ours}, ${count}) FROM z GROUP BY g ORDER BY g`]: `SELECT g, ${nth('x', count)} FROM (SELECT p > "m" AS g, ${sorted} AS x FROM z GROUP BY g) ORDER BY g`,
  }
}

function nth(array: string, count: number): string {
  const place = `GREATEST(1, DIV(i * ARRAY_LENGTH(${array}) + ${count - 1}, ${count}))`
  return `IF(${array} IS NULL, NULL, ARRAY(SELECT ${array}[ORDINAL(${place})] FROM UNNEST(GENERATE_ARRAY(0, ${count})) AS i ORDER BY i))`
}
