/** An ack id is its number in hexadecimal, always of the same length, so that it is read and written as bytes. */
export const ackIdSize = 16

const digits = Buffer.from('0123456789abcdef')
const values = new Int8Array(256).fill(-1)
digits.forEach((character, value) => (values[character] = value))

/** Returns the position behind it. */
export function writeAckId(bytes: Buffer, at: number, ackNumber: number): number {
  let high = Math.floor(ackNumber / 0x1_0000_0000)
  let low = ackNumber >>> 0
  for (let i = 7; i >= 0; i--) {
    bytes[at + i] = digits[high & 15] ?? 0
    bytes[at + i + 8] = digits[low & 15] ?? 0
    high >>>= 4
    low >>>= 4
  }
  return at + ackIdSize
}

/** -1 for what is no ack id of this server. */
export function readAckId(bytes: Buffer, at: number, end: number): number {
  if (end - at !== ackIdSize) return -1
  let high = 0
  let low = 0
  for (let i = 0; i < 8; i++) {
    const highDigit = values[bytes[at + i] ?? 0] ?? -1
    const lowDigit = values[bytes[at + i + 8] ?? 0] ?? -1
    if ((highDigit | lowDigit) < 0) return -1
    high = high * 16 + highDigit
    low = low * 16 + lowDigit
  }
  return high * 0x1_0000_0000 + low
}

export function ackIdText(ackNumber: number): string {
  return ackNumber.toString(16).padStart(ackIdSize, '0')
}
