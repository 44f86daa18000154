const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, filled up with `=` to groups of eight. */
export function toBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  const groups = bits.match(/.{1,5}/g) ?? []
  const text = groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

export function fromBase32(text: string): Uint8Array {
  const letters = text.replace(/=+$/, '')
  if (text.length % 8 !== 0 || !/^[A-Z2-7]*$/.test(letters)) {
    throw new Error('Failed to decode invalid base32 string')
  }
  const bits = [...letters].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return Uint8Array.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}
