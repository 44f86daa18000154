import type { Call, Rules } from './rule.ts'

/** Functions of BYTES, by bytes, what makes bytes of texts, and addresses. */
export const bytesRules: Rules = {
  '$concat_op(BYTES)': 'CAST({0} || {1} AS BLOB)',
  'concat(BYTES)': (call) => `CAST(${call.args().join(' || ')} AS BLOB)`,
  'length(BYTES)': 'octet_length({0})',
  'byte_length(BYTES)': 'octet_length({0})',
  to_hex: (call) => hexOfHash(call) ?? `lower(hex(${call.arg(0)}))`,
  from_hex: 'bq.from_hex({0})',
  to_base64: 'base64({0})',
  from_base64: 'js_from_base64({0})',
  'md5(STRING)': 'unhex(md5({0}))',
  'sha1(STRING)': 'unhex(sha1({0}))',
  'sha256(STRING)': 'unhex(sha256({0}))',
  'sha512(STRING)': 'unhex(js_sha512_hex(encode({0})))',
  'md5(BYTES)': 'unhex(md5({0}))',
  'sha1(BYTES)': 'unhex(sha1({0}))',
  'sha256(BYTES)': 'unhex(sha256({0}))',
  'sha512(BYTES)': 'unhex(js_sha512_hex({0}))',
  'farm_fingerprint(STRING)': 'js_farm_fingerprint(encode({0}))',
  'farm_fingerprint(BYTES)': 'js_farm_fingerprint({0})',
  safe_convert_bytes_to_string: 'js_bytes_to_text({0})',
  code_points_to_bytes: `(CASE WHEN len(list_filter({0}, lambda c: c IS NULL)) > 0 THEN NULL ELSE unhex(bq.array_to_string(list_transform({0}, lambda c: js_byte_hex(c)), '')) END)`,
  to_base32: 'js_to_base32({0})',
  from_base32: 'js_from_base32({0})',
  'lower(BYTES)': 'js_cased_bytes({0}, false)',
  'upper(BYTES)': 'js_cased_bytes({0}, true)',
  '$bitwise_and(BYTES)': `js_combined_bytes({0}, {1}, '&')`,
  '$bitwise_or(BYTES)': `js_combined_bytes({0}, {1}, '|')`,
  '$bitwise_xor(BYTES)': `js_combined_bytes({0}, {1}, '^')`,
  '$bitwise_not(BYTES)': 'js_inverted_bytes({0})',
  '$bitwise_left_shift(BYTES)': 'js_shifted_bytes({0}, {1}, true)',
  '$bitwise_right_shift(BYTES)': 'js_shifted_bytes({0}, {1}, false)',
  'bit_count(BYTES)': `CAST(len(replace(js_bits_of_bytes({0}), '0', '')) AS BIGINT)`,
  'reverse(BYTES)': 'js_reverse_bytes({0})',
  'substr(BYTES)': 'js_substr_bytes({0}, {1}, {2|9223372036854775807})',
  'left(BYTES)': 'js_substr_bytes({0}, 1, {1})',
  'starts_with(BYTES)': 'starts_with(hex({0}), hex({1}))',
  'ends_with(BYTES)': 'ends_with(hex({0}), hex({1}))',
  'net.host': 'js_net_host({0})',
  'net.ip_from_string': 'js_net_ip_from_string({0})',
  'net.safe_ip_from_string': 'js_net_safe_ip_from_string({0})',
  'net.ip_to_string': 'js_net_ip_to_string({0})',
  'net.ip_net_mask': 'js_net_ip_net_mask({0}, {1})',
  'net.ip_trunc': 'js_net_ip_trunc({0}, {1})',
  'net.ipv4_from_int64': 'js_net_ipv4_from_int64({0})',
  'net.ipv4_to_int64': 'js_net_ipv4_to_int64({0})',
}

const hexHashes = ['md5', 'sha1', 'sha256']

/** DuckDB's hashes are hexadecimal text already. */
function hexOfHash(call: Call): string | undefined {
  const [hash] = call.nodes
  if (hash?.kind !== 'FunctionCall' || hash.has('errorMode')) return undefined
  const match = /^unhex\(((?:md5|sha1|sha256)\(.*\))\)$/s.exec(call.arg(0))
  return hexHashes.some((name) => match?.[1]?.startsWith(`${name}(`)) ? match?.[1] : undefined
}
