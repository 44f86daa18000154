/**
 * A timestamp from RFC 3339 text in JSON, null where BigQuery has none for it. BigQuery keeps
 * microseconds and refuses more digits than it keeps: nanoseconds are cut off.
 */
function timestamp(json) {
  const text = `json_value(${json})`
  const cut = `regexp_replace(${text}, r'([.][0-9]{6})[0-9]+', r'\\1')`
  return `coalesce(safe_cast(${text} as timestamp), safe_cast(${cut} as timestamp))`
}

module.exports = { timestamp }
