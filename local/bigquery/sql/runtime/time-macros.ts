import { parsers } from './parser-macros.ts'

// Days after the 28th may not exist and are left to JavaScript.
const plainDate = '[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])'
const plainClock = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?'
const plainInstant = `${plainDate}[T ]${plainClock}(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])`

/** Times in DuckDB alone, with BigQuery's limits and errors; what is not plain goes to JavaScript. */
export const timeMacros: Record<string, string> = {
  'fraction(micros)':
    "CASE WHEN micros % 1000000 = 0 THEN '' WHEN micros % 1000 = 0 THEN '.' || lpad(CAST((micros % 1000000 + 1000000) % 1000000 // 1000 AS VARCHAR), 3, '0') ELSE '.' || lpad(CAST((micros % 1000000 + 1000000) % 1000000 AS VARCHAR), 6, '0') END",
  'date_text(d)': "strftime(d, '%Y-%m-%d')",
  'datetime_text(t)': "strftime(t, '%Y-%m-%d %H:%M:%S') || bq.fraction(epoch_us(t))",
  'time_text(t)': "strftime(DATE '2000-01-01' + t, '%H:%M:%S') || bq.fraction(epoch_us(t))",
  'timestamp_text(t)': "bq.datetime_text(make_timestamp(epoch_us(t))) || '+00'",
  'timestamp_text_in(t, zone)':
    'bq.datetime_text(make_timestamp(js_shown_micros(epoch_us(t), zone))) || js_offset_text(epoch_us(t), zone)',
  'timestamp_json(t)':
    "strftime(make_timestamp(epoch_us(t)), '%Y-%m-%dT%H:%M:%S') || bq.fraction(epoch_us(t)) || 'Z'",
  'timestamp_micros(us)':
    "CASE WHEN us BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamptz(us) WHEN us IS NULL THEN NULL ELSE CAST(js_error('TIMESTAMP value is out of allowed range: from 0001-01-01 00:00:00.000000+00 to 9999-12-31 23:59:59.999999+00.' || left(CAST(us AS VARCHAR), 0)) AS TIMESTAMPTZ) END",
  'clamped(n, most)': 'CASE WHEN n > most THEN most WHEN n < -most THEN -most ELSE n END',
  'datetime_add(t, us, words)':
    "CASE WHEN epoch_us(t) + us BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(epoch_us(t) + us) WHEN t IS NULL OR us IS NULL THEN NULL ELSE CAST(js_error(words || bq.datetime_text(t) || ' causes overflow') AS TIMESTAMP) END",
  'timestamp_add(t, us, what)':
    "CASE WHEN epoch_us(t) + us BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamptz(epoch_us(t) + us) WHEN t IS NULL OR us IS NULL THEN NULL ELSE CAST(js_error('Adding ' || what || ' to timestamp ' || strftime(make_timestamp(epoch_us(t)), '%Y-%m-%d %H:%M:%S.%f') || '+00 causes overflow') AS TIMESTAMPTZ) END",
  'date_add_days(d, n, what)':
    "CASE WHEN d IS NULL OR n IS NULL THEN NULL WHEN n BETWEEN DATE '0001-01-01' - d AND DATE '9999-12-31' - d THEN d + CAST(n AS INTEGER) ELSE CAST(js_error('Adding ' || what || ' to date ' || d || ' causes overflow') AS DATE) END",
  'date_of_days(n)':
    "CASE WHEN n BETWEEN -719162 AND 2932896 THEN DATE '1970-01-01' + CAST(n AS INTEGER) WHEN n IS NULL THEN NULL ELSE CAST(js_error('DATE value is out of allowed range: from 0001-01-01 to 9999-12-31' || left(CAST(n AS VARCHAR), 0)) AS DATE) END",
  'add_months(d, n, words)':
    "CASE WHEN d IS NULL OR n IS NULL THEN NULL WHEN n NOT BETWEEN -119988 AND 119988 THEN CAST(js_error(words || ' causes overflow') AS TIMESTAMP) WHEN d + to_months(CAST(n AS INTEGER)) BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN d + to_months(CAST(n AS INTEGER)) ELSE CAST(js_error(words || ' causes overflow') AS TIMESTAMP) END",
  'week_start(d, first)':
    'CAST(d AS DATE) - CAST((isodow(CAST(d AS DATE)) - first + 7) % 7 AS INTEGER)',
  'last_day(d, last, part)':
    "CASE WHEN last > DATE '9999-12-31' THEN CAST(js_error('Last day of date ' || d || ' to ' || part || ' resulted in an out of range date value: ' || (last - DATE '1970-01-01')) AS DATE) ELSE last END",
  'truncate_to_week(d, first)':
    "CASE WHEN bq.week_start(d, first) < DATE '0001-01-01' THEN CAST(js_error('Truncating ' || d || ' to the nearest week causes overflow') AS DATE) ELSE bq.week_start(d, first) END",
  'checked_datetime(t)':
    "CASE WHEN t BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN t WHEN t IS NULL THEN NULL ELSE CAST(js_error('Invalid date extracted from timestamp') AS TIMESTAMP) END",
  'local_time(t, zone)':
    "CASE WHEN t >= TIMESTAMPTZ '1975-01-01' THEN t AT TIME ZONE zone ELSE make_timestamp(js_local_micros(epoch_us(t), zone)) END",
  'week_of_year(d, first)':
    'CAST((dayofyear(CAST(d AS DATE)) + 6 - ((isodow(CAST(d AS DATE)) - first + 7) % 7)) // 7 AS BIGINT)',
  'timestamp_diff(a, b, size)': 'CAST((epoch_us(a) - epoch_us(b)) // size AS BIGINT)',
  'time_micros(us)': "(TIME '00:00:00' + to_microseconds(CAST(us AS BIGINT)))",
  'time_trunc(t, size)': 'bq.time_micros(epoch_us(t) // size * size)',
  'time_add(t, us)':
    'bq.time_micros(((CAST(epoch_us(t) AS HUGEINT) + us) % 86400000000 + 86400000000) % 86400000000)',
  'make_date(y, m, d)':
    "CASE WHEN y IS NULL OR m IS NULL OR d IS NULL THEN NULL WHEN y BETWEEN 1 AND 9999 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND 28 THEN make_date(y, m, d) ELSE DATE '1970-01-01' + CAST(js_make_date(y, m, d) AS INTEGER) END",
  // A leap second is the first of the next minute.
  'make_time(h, m, s)':
    "CASE WHEN h BETWEEN 0 AND 23 AND m BETWEEN 0 AND 59 AND s BETWEEN 0 AND 60 THEN bq.time_micros(((h * 60 + m) * 60 + s) % 86400 * 1000000) WHEN h IS NULL OR m IS NULL OR s IS NULL THEN NULL ELSE CAST(js_error(printf('Input calculates to invalid time: %02d:%02d:%02d', h, m, s)) AS TIME) END",
  'make_datetime(y, mo, d, h, mi, s)':
    "CASE WHEN y IS NULL OR mo IS NULL OR d IS NULL OR h IS NULL OR mi IS NULL OR s IS NULL THEN NULL WHEN h BETWEEN 0 AND 23 AND mi BETWEEN 0 AND 59 AND s BETWEEN 0 AND 60 AND TRY(bq.make_date(y, mo, d)) IS NOT NULL THEN bq.checked_datetime(CAST(bq.make_date(y, mo, d) AS TIMESTAMP) + to_microseconds(((h * 60 + mi) * 60 + s) * 1000000)) ELSE CAST(js_error(printf('Input calculates to invalid datetime: %04d-%02d-%02d %04d:%02d:%02d', y, mo, d, h, mi, s)) AS TIMESTAMP) END",
  ...parsers(
    'date',
    `regexp_full_match(s, '${plainDate}')`,
    (text) => `TRY_CAST(${text} AS DATE)`,
    (days) => `DATE '1970-01-01' + CAST(${days} AS INTEGER)`,
  ),
  ...parsers(
    'datetime',
    `regexp_full_match(s, '${plainDate}[T ]${plainClock}')`,
    (text) => `TRY_CAST(${text} AS TIMESTAMP)`,
    (micros) => `make_timestamp(${micros})`,
  ),
  ...parsers(
    'time',
    `regexp_full_match(s, '${plainClock}')`,
    (text) => `TRY_CAST(${text} AS TIME)`,
    (micros) => `bq.time_micros(${micros})`,
  ),
  'safe_timestamp(s, zone)': `CASE WHEN regexp_full_match(s, '${plainInstant}') THEN TRY_CAST(s AS TIMESTAMPTZ) ELSE make_timestamptz(js_timestamp(s, zone)) END`,
  'text_to_timestamp(s, zone)': `CASE WHEN regexp_full_match(s, '${plainInstant}') THEN TRY_CAST(s AS TIMESTAMPTZ) ELSE make_timestamptz(js_timestamp_strict(s, zone)) END`,
  'timestamp_in_zone(s, zone)': 'make_timestamptz(js_timestamp_in_zone_strict(s, zone))',
  'parse_iso(s, pattern, slow)':
    'CASE WHEN regexp_full_match(s, pattern) THEN TRY_CAST(s AS TIMESTAMPTZ) ELSE slow END',
}
