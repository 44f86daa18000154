import { isIPv4, isIPv6 } from 'node:net'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** NET.*: hosts of URLs, and IP addresses as 4 or 16 bytes. */
export const netFunctions: Record<string, ScalarFunction> = {
  js_net_host: define(['text'], 'text', hostOf),
  js_net_safe_ip_from_string: define(['text'], 'bytes', addressOf),
  js_net_ip_from_string: define(['text'], 'bytes', (text) => {
    const address = addressOf(text)
    if (address) return address
    throw new Error(`NET.IP_FROM_STRING() encountered an unparseable IP-address: ${text}`)
  }),
  js_net_ip_to_string: define(['bytes'], 'text', (address) => {
    if (isAddress(address)) return textOf(address)
    throw new Error(
      `NET.IP_TO_STRING() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for IPv6) bytes but got ${address.length}`,
    )
  }),
  js_net_ip_net_mask: define(['int64', 'int64'], 'bytes', (length, prefix) => {
    if (length !== 4n && length !== 16n) {
      throw new Error(
        `The first argument of NET.IP_NET_MASK() must be either 4 (for IPv4) or 16 (for IPv6); got ${length}`,
      )
    }
    if (prefix >= 0n && prefix <= length * 8n) return maskOf(Number(length), Number(prefix))
    throw new Error(
      `The second argument of NET.IP_NET_MASK() must be between 0 and the first argument * 8; got ${prefix}`,
    )
  }),
  js_net_ip_trunc: define(['bytes', 'int64'], 'bytes', (address, prefix) => {
    if (!isAddress(address)) {
      throw new Error(
        `The first argument of NET.IP_TRUNC() must have length 4 (for IPv4) or 16 (for IPv6); got ${address.length}`,
      )
    }
    if (prefix < 0n || prefix > address.length * 8) {
      throw new Error(
        `The second argument of NET.IP_TRUNC() must be between 0 and 8 * LENGTH(first argument); got ${prefix}`,
      )
    }
    const mask = maskOf(address.length, Number(prefix))
    return address.map((byte, at) => byte & (mask[at] ?? 0))
  }),
  js_net_ipv4_from_int64: define(['int64'], 'bytes', (value) => {
    if (value < -0x80000000n || value > 0xffffffffn) {
      throw new Error(
        `NET.IPV4_FROM_INT64() encountered an invalid integer IP. Expected range: [-0x80000000, 0xFFFFFFFF]; got ${value}`,
      )
    }
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(Number(BigInt.asUintN(32, value)))
    return bytes
  }),
  js_net_ipv4_to_int64: define(['bytes'], 'int64', (address) => {
    if (address.length === 4) return BigInt(Buffer.from(address).readUInt32BE())
    throw new Error(
      `NET.IPV4_TO_INT64() encountered a non-IPv4 address. Expected 4 bytes but got ${address.length}`,
    )
  }),
}

/** The host of a URL, which may lack its scheme; NULL where there is none. */
function hostOf(url: string): string | null {
  const trimmed = url.replaceAll(/^[ \t-\r]+|[ \t-\r]+$/g, '')
  const afterScheme = trimmed.replace(/^(?:[^:/?#\\]*:)?[/\\]{2}/, '')
  const [authority = ''] = afterScheme.split(/[/?#\\]/, 1)
  const place = authority.slice(authority.lastIndexOf('@') + 1)
  if (/^\[.*\[/s.test(place)) {
    throw new Error('not supported by the local engine: NET.HOST of a host with two brackets')
  }
  const host = /^\[[^[\]:]*(?::[^\]]*)?(?:$|\][^:]*)|^[^:]*/.exec(place)?.[0] ?? ''
  return host.replace(/^\.+/, '').replace(/\.+$/, '.') || null
}

function isAddress({ length }: Uint8Array): boolean {
  return length === 4 || length === 16
}

function addressOf(text: string): Uint8Array | null {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) return null
  const [front = [], back = []] = text.split('::').map((part) => part.split(':').flatMap(bytesOf))
  const zeros = Array.from({ length: 16 - front.length - back.length }, () => 0)
  return Uint8Array.from([...front, ...zeros, ...back])
}

/** A group of an IPv6 address; the last may be an IPv4 address. */
function bytesOf(group: string): number[] {
  if (group === '') return []
  if (group.includes('.')) return group.split('.').map(Number)
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 255]
}

function textOf(address: Uint8Array): string {
  if (address.length === 4) return address.join('.')
  const bytes = Buffer.from(address)
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2))
  const [start, end] = longestZeros(groups)
  const holdsV4 = start === 0 && (end === 6 || (end === 5 && groups[5] === 0xffff))
  const hex = groups.slice(0, holdsV4 ? 6 : 8).map((group) => group.toString(16))
  const last = holdsV4 ? [bytes.subarray(12).join('.')] : []
  if (end - start < 2) return hex.join(':')
  return [hex.slice(0, start).join(':'), [...hex.slice(end), ...last].join(':')].join('::')
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: number[]): [start: number, end: number] {
  let longest: [number, number] = [0, 0]
  for (let start = 0; start < groups.length; start += 1) {
    let end = start
    while (groups[end] === 0) end += 1
    if (end - start > longest[1] - longest[0]) longest = [start, end]
  }
  return longest
}

function maskOf(length: number, prefix: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => {
    const ones = Math.min(8, Math.max(0, prefix - at * 8))
    return 256 - 2 ** (8 - ones)
  })
}
