import { numberParsers, parsers } from './parser-macros.ts'

/** Macros by their head; all live in the attached database `bq`. */
export const numberMacros: Record<string, string> = {
  // A lambda keeps DuckDB from evaluating common parts outside of TRY, where they would raise.
  'outcome(x)': 'list_transform([0], lambda _o: TRY(struct_pack(result := x)))[1]',
  'float_equal(a, b)':
    'CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN false ELSE a = b END',
  'float_less(a, b)':
    'CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN false ELSE a < b END',
  'float_less_or_equal(a, b)':
    'CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN false ELSE a <= b END',
  'float_greater(a, b)':
    'CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN false ELSE a > b END',
  'float_greater_or_equal(a, b)':
    'CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN false ELSE a >= b END',
  'finite(result, a, operator, b)':
    "CASE WHEN isinf(result) AND NOT isinf(a) AND NOT isinf(b) THEN CAST(js_error('double overflow: ' || printf('%g', a) || ' ' || operator || ' ' || printf('%g', b)) AS DOUBLE) ELSE result END",
  'divide(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: ' || js_float_text(a) || ' / ' || js_float_text(b)) AS DOUBLE) ELSE bq.finite(a / b, a, '/', b) END",
  'ieee_divide(a, b)':
    "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN CASE WHEN a = 0 OR isnan(a) THEN CAST('nan' AS DOUBLE) WHEN (a > 0) = (CAST(b AS VARCHAR) <> '-0.0') THEN CAST('inf' AS DOUBLE) ELSE CAST('-inf' AS DOUBLE) END ELSE a / b END",
  'div(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: ' || a || ' / ' || b) AS BIGINT) WHEN b = -1 THEN -a ELSE a // b END",
  'mod(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: MOD(' || a || ', ' || b || ')') AS BIGINT) WHEN b = -1 THEN a - a ELSE a % b END",
  'floor_div(a, b)': 'CAST((a - ((a % b) + b) % b) // b AS BIGINT)',
  'round(x, digits)':
    'CASE WHEN digits BETWEEN 0 AND 15 AND abs(x) < 1e15 / pow(10, digits) AND abs(abs(x) * pow(10, digits) - floor(abs(x) * pow(10, digits)) - 0.5) > 0.001 THEN round(x, CAST(digits AS INTEGER)) ELSE js_round(x, digits) END',
  'sqrt(x)':
    "CASE WHEN x < 0 THEN CAST(js_error('Argument to SQRT cannot be negative: ' || js_float_text(x)) AS DOUBLE) ELSE sqrt(x) END",
  'pow(a, b)':
    "CASE WHEN isfinite(a) AND isfinite(b) AND NOT isfinite(pow(a, b)) THEN CAST(js_error('Floating point error in function: POW(' || js_float_text(a) || ', ' || js_float_text(b) || ')') AS DOUBLE) WHEN abs(a) = 1 AND isinf(b) THEN 1 ELSE pow(a, b) END",
  // DuckDB raises, or gives infinity, where BigQuery has errors or NaN.
  'function_error(words)':
    "CAST(js_error('Floating point error in function: ' || words) AS DOUBLE)",
  'function_overflow(words)':
    "CAST(js_error('Floating point overflow in function: ' || words) AS DOUBLE)",
  'reciprocal(name, x, value)':
    "CASE WHEN isinf(1 / value) THEN bq.function_error(name || '(' || printf('%g', x) || ')') ELSE 1 / value END",
  'ln(x)':
    "CASE WHEN x = CAST('-inf' AS DOUBLE) THEN bq.nan() WHEN x <= 0 THEN bq.function_error('LN(' || js_float_text(x) || ')') ELSE ln(x) END",
  'log10(x)':
    "CASE WHEN x = CAST('-inf' AS DOUBLE) THEN bq.nan() WHEN x <= 0 THEN bq.function_error('LOG10(' || js_float_text(x) || ')') ELSE log10(x) END",
  'log(x, base)':
    "CASE WHEN isnan(x) OR isnan(base) OR isinf(base) OR x = CAST('-inf' AS DOUBLE) THEN bq.nan() WHEN x <= 0 OR base <= 0 OR base = 1 THEN bq.function_error('LOG(' || js_float_text(x) || ', ' || js_float_text(base) || ')') ELSE ln(x) / ln(base) END",
  'nan()': "CAST('nan' AS DOUBLE)",
  'sin(x)': 'CASE WHEN isinf(x) THEN bq.nan() ELSE sin(x) END',
  'cos(x)': 'CASE WHEN isinf(x) THEN bq.nan() ELSE cos(x) END',
  'tan(x)': 'CASE WHEN isinf(x) THEN bq.nan() ELSE tan(x) END',
  'asin(x)':
    "CASE WHEN isinf(x) OR isnan(x) THEN bq.nan() WHEN abs(x) > 1 THEN bq.function_error('ASIN(' || js_float_text(x) || ')') ELSE asin(x) END",
  'acos(x)':
    "CASE WHEN isinf(x) OR isnan(x) THEN bq.nan() WHEN abs(x) > 1 THEN bq.function_error('ACOS(' || js_float_text(x) || ')') ELSE acos(x) END",
  'acosh(x)':
    "CASE WHEN isnan(x) OR x = CAST('-inf' AS DOUBLE) THEN bq.nan() WHEN x < 1 THEN bq.function_error('ACOSH(' || js_float_text(x) || ')') ELSE acosh(x) END",
  'atanh(x)':
    "CASE WHEN isinf(x) OR isnan(x) THEN bq.nan() WHEN abs(x) >= 1 THEN bq.function_error('ATANH(' || js_float_text(x) || ')') ELSE atanh(x) END",
  'sinh(x)':
    "CASE WHEN isinf(sinh(x)) AND NOT isinf(x) THEN bq.function_overflow('SINH(' || js_float_text(x) || ')') ELSE sinh(x) END",
  'cosh(x)':
    "CASE WHEN isinf(cosh(x)) AND NOT isinf(x) THEN bq.function_overflow('COSH(' || js_float_text(x) || ')') ELSE cosh(x) END",
  'exp(x)':
    "CASE WHEN isinf(exp(x)) AND NOT isinf(x) THEN bq.function_error('EXP(' || js_float_text(x) || ')') ELSE exp(x) END",
  'shift_left(x, n)':
    "CASE WHEN n < 0 THEN CAST(js_error('Bitwise shift by negative offset.') AS BIGINT) WHEN n > 63 THEN 0 ELSE CAST(CAST((CAST(x AS HUGEINT) * CAST(pow(2, n) AS HUGEINT)) & 18446744073709551615 AS HUGEINT) - CASE WHEN ((CAST(x AS HUGEINT) * CAST(pow(2, n) AS HUGEINT)) & 9223372036854775808) <> 0 THEN 18446744073709551616 ELSE 0 END AS BIGINT) END",
  'shift_right(x, n)':
    "CASE WHEN n < 0 THEN CAST(js_error('Bitwise shift by negative offset.') AS BIGINT) WHEN n > 63 THEN 0 WHEN x >= 0 THEN x >> n WHEN n = 0 THEN x ELSE CAST(((CAST(x AS HUGEINT) + 18446744073709551616) >> CAST(n AS INTEGER)) AS BIGINT) END",
  'range_bucket(x, points)':
    'CASE WHEN x IS NULL OR points IS NULL THEN NULL WHEN bq.misplaced(points) IS NOT NULL THEN CAST(js_error(bq.misplaced_words(bq.misplaced(points))) AS BIGINT) ELSE CAST(len(list_filter(points, lambda p: p <= x)) AS BIGINT) END',
  // The first place whose element is NULL or less than the one before it.
  'misplaced(points)':
    'list_filter(generate_series(1, len(points)), lambda i: points[i] IS NULL OR (i > 1 AND points[i] < points[i - 1]))[1]',
  'misplaced_words(i)':
    "'Elements in input array to RANGE_BUCKET must be in ascending order. Nonconforming elements found at position ' || greatest(i - 1, 1) || ' and ' || greatest(i, 2)",
  'range_bucket_of_float(x, points)':
    'CASE WHEN isnan(x) THEN NULL ELSE bq.range_bucket(x, points) END',
  'small_unscaled(x)': 'CAST(x * CAST(1000000000 AS DECIMAL(10,0)) AS HUGEINT)',
  'unscaled(x)':
    "CASE WHEN abs(x) < 10000000000000000000 THEN bq.small_unscaled(x) ELSE CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT) END",
  'numeric_multiply(a, b)':
    'CASE WHEN abs(a) < 10000000000 AND abs(b) < 10000000000 THEN CAST(a * b AS DECIMAL(38,9)) ELSE CAST(js_numeric_multiply(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38,9)) END',
  'numeric_divide(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: ' || bq.numeric_text(a) || ' / ' || bq.numeric_text(b)) AS DECIMAL(38,9)) WHEN abs(a) >= 10000000000000000000 OR abs(b) >= 10000000000000000000 THEN CAST(js_numeric_divide(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38,9)) ELSE (CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END) * CAST(CAST((2 * abs(bq.small_unscaled(a)) * 1000000000 + abs(bq.small_unscaled(b))) // (2 * abs(bq.small_unscaled(b))) AS DECIMAL(38,0)) * CAST(0.000000001 AS DECIMAL(9,9)) AS DECIMAL(38,9)) END",
  'numeric_div(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: DIV(' || bq.numeric_text(a) || ', ' || bq.numeric_text(b) || ')') AS DECIMAL(38,9)) ELSE CAST(js_numeric_div(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38,9)) END",
  'numeric_mod(a, b)':
    "CASE WHEN b = 0 THEN CAST(js_error('division by zero: MOD(' || bq.numeric_text(a) || ', ' || bq.numeric_text(b) || ')') AS DECIMAL(38,9)) ELSE CAST(a % b AS DECIMAL(38,9)) END",
  'numeric_round(x, digits)':
    'CASE WHEN digits >= 9 THEN x WHEN digits < -29 THEN x * 0 WHEN abs(x) < 10000000000000000000000000000 AND digits >= -28 THEN CAST(round(x, CAST(digits AS INTEGER)) AS DECIMAL(38,9)) ELSE CAST(js_numeric_round(CAST(x AS VARCHAR), digits) AS DECIMAL(38,9)) END',
  'numeric_ceil(x)':
    "CASE WHEN x > 99999999999999999999999999999 THEN CAST(js_error('numeric overflow: CEIL(' || bq.numeric_text(x) || ')') AS DECIMAL(38,9)) ELSE CAST(ceil(x) AS DECIMAL(38,9)) END",
  'numeric_floor(x)':
    "CASE WHEN x < -99999999999999999999999999999 THEN CAST(js_error('numeric overflow: FLOOR(' || bq.numeric_text(x) || ')') AS DECIMAL(38,9)) ELSE CAST(floor(x) AS DECIMAL(38,9)) END",
  'int64_sum(sum)':
    "CASE WHEN sum BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(sum AS BIGINT) WHEN sum IS NULL THEN NULL ELSE CAST(js_error('Error in SUM aggregation: integer overflow' || left(CAST(sum AS VARCHAR), 0)) AS BIGINT) END",
  'numeric_sum(sum)':
    "CASE WHEN abs(sum) > 99999999999999999999999999999.999999999 THEN CAST(js_error('numeric overflow: SUM') AS DECIMAL(38,9)) ELSE sum END",
  // As DOUBLE, powers beyond the 22nd are not exact.
  'power_of_ten(n)': "CAST('1' || repeat('0', n) AS HUGEINT)",
  'numeric_trunc(x, digits)':
    'CASE WHEN digits >= 9 THEN x WHEN digits < -29 THEN x * 0 ELSE CAST(CAST(bq.unscaled(x) // bq.power_of_ten(9 - digits) * bq.power_of_ten(9 - digits) AS DECIMAL(38,0)) * CAST(0.000000001 AS DECIMAL(9,9)) AS DECIMAL(38,9)) END',
  'numeric_text(x)': "CASE WHEN x = 0 THEN '0' ELSE rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.') END",
  'sized_numeric(x, least_too_large, words)':
    'CASE WHEN abs(x) >= least_too_large THEN CAST(js_error(words) AS DECIMAL(38,9)) ELSE CAST(x AS DECIMAL(38,9)) END',
  'parse_numeric(s)': 'CAST(js_parse_numeric(s) AS DECIMAL(38,9))',
  'float_to_int64(x)':
    "CASE WHEN x >= -9223372036854775808.5 AND x < 9223372036854775807 THEN CAST(round(x) AS BIGINT) WHEN x IS NULL THEN NULL ELSE CAST(js_error('Illegal conversion of floating point number to an integer: ' || js_float_text(x)) AS BIGINT) END",
  'float_to_numeric(x)': 'CAST(js_float_decimal(x) AS DECIMAL(38,9))',
  'numeric_to_int64(x)':
    "CASE WHEN x < 9223372036854775807.5 AND x > -9223372036854775808.5 THEN CAST(round(x, 0) AS BIGINT) WHEN x IS NULL THEN NULL ELSE CAST(js_error('int64 out of range: ' || bq.numeric_text(x)) AS BIGINT) END",
  'int64_to_bignumeric(x)': `CAST(CAST(x AS VARCHAR) || '${'0'.repeat(38)}' AS BIGNUM)`,
  'numeric_to_bignumeric(x)': `CAST(CAST(bq.unscaled(x) AS VARCHAR) || '${'0'.repeat(29)}' AS BIGNUM)`,
  'bignumeric_to_numeric(x)': 'CAST(js_bignumeric_numeric(x) AS DECIMAL(38,9))',
  'finite_sum(sum, has_infinity)':
    "CASE WHEN isinf(sum) AND NOT has_infinity THEN CAST(js_error('double overflow') AS DOUBLE) ELSE sum END",
  'finite_average(average)':
    // GoogleSQL's own evaluator gives NaN or an infinity by the order in which it sees the values.
    "CASE WHEN isinf(average) THEN CAST(js_error('not supported by the local engine: AVG over FLOAT64 values whose sum is infinite') AS DOUBLE) ELSE average END",
  ...numberParsers(
    'int64',
    "'-?[0-9]{1,18}'",
    (text) => `TRY_CAST(${text} AS BIGINT)`,
    (text) => text,
  ),
  ...numberParsers(
    'float64',
    "'-?[0-9]{1,30}([.][0-9]{1,30})?'",
    (text) => `TRY_CAST(${text} AS DOUBLE)`,
    (text) => text,
  ),
  ...numberParsers(
    'numeric',
    // DuckDB reads a text as DECIMAL(38,9) forty times as slowly as one of 64 bits.
    "'-?[0-9]{1,9}([.][0-9]{1,9})?'",
    (text) => `CAST(TRY_CAST(${text} AS DECIMAL(18,9)) AS DECIMAL(38,9))`,
    (text) => `CAST(${text} AS DECIMAL(38,9))`,
  ),
  ...parsers(
    'bool',
    "s IN ('true', 'false')",
    (text) => `${text} = 'true'`,
    (value) => value,
  ),
  'int64_json(x)':
    "CASE WHEN x BETWEEN -9007199254740992 AND 9007199254740992 THEN CAST(x AS VARCHAR) ELSE '\"' || x || '\"' END",
  'numeric_json(x)':
    "CASE WHEN x = trunc(x) AND x BETWEEN -9007199254740992 AND 9007199254740992 THEN bq.numeric_text(x) ELSE '\"' || bq.numeric_text(x) || '\"' END",
}
