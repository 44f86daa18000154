/**
 * A timestamp from RFC 3339 text in JSON, null where BigQuery has none for it. BigQuery keeps
 * microseconds and refuses more digits than it keeps: nanoseconds are cut off.
 */
function timestamp(json) {
  return `safe_cast(regexp_replace(json_value(${json}), r'([.][0-9]{6})[0-9]+', r'\\1') as timestamp)`
}

module.exports = { timestamp }
