/** Fingerprint64 of FarmHash, as a signed integer. All arithmetic is modulo 2^64. */
export function farmFingerprint(bytes: Uint8Array): bigint {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return BigInt.asIntN(64, hash(data))
}

const k0 = 0xc3a5c85c97cb3127n
const k1 = 0xb492b66fbe98f273n
const k2 = 0x9ae16a3b2f90404fn

function hash(data: Buffer): bigint {
  if (data.length <= 16) return hashTo16(data)
  if (data.length <= 32) return hashTo32(data)
  if (data.length <= 64) return hashTo64(data)
  return hashLong(data)
}

function word(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}
function rotate(value: bigint, shift: bigint): bigint {
  return word((value >> shift) | (value << (64n - shift)))
}
function shiftMix(value: bigint): bigint {
  return value ^ (value >> 47n)
}
function at(data: Buffer, offset: number): bigint {
  return data.readBigUInt64LE(offset)
}

function mix16(u: bigint, v: bigint, multiplier: bigint): bigint {
  const a = shiftMix(word((u ^ v) * multiplier))
  const b = shiftMix(word((v ^ a) * multiplier))
  return word(b * multiplier)
}

function hashTo16(data: Buffer): bigint {
  const { length } = data
  const multiplier = word(k2 + BigInt(length) * 2n)
  if (length >= 8) {
    const a = word(at(data, 0) + k2)
    const b = at(data, length - 8)
    const c = word(rotate(b, 37n) * multiplier + a)
    const d = word((rotate(a, 25n) + b) * multiplier)
    return mix16(c, d, multiplier)
  }
  if (length >= 4) {
    const a = BigInt(data.readUInt32LE(0))
    const b = BigInt(data.readUInt32LE(length - 4))
    return mix16(word(BigInt(length) + (a << 3n)), b, multiplier)
  }
  if (length === 0) return k2
  const [first = 0, middle = 0, last = 0] = [data[0], data[length >> 1], data[length - 1]]
  const y = BigInt(first + (middle << 8))
  const z = BigInt(length + (last << 2))
  return word(shiftMix(word(word(y * k2) ^ word(z * k0))) * k2)
}

function hashTo32(data: Buffer): bigint {
  const { length } = data
  const multiplier = word(k2 + BigInt(length) * 2n)
  const a = word(at(data, 0) * k1)
  const b = at(data, 8)
  const c = word(at(data, length - 8) * multiplier)
  const d = word(at(data, length - 16) * k2)
  const u = word(rotate(word(a + b), 43n) + rotate(c, 30n) + d)
  const v = word(a + rotate(word(b + k2), 18n) + c)
  return mix16(u, v, multiplier)
}

function hashTo64(data: Buffer): bigint {
  const { length } = data
  const multiplier = word(k2 + BigInt(length) * 2n)
  const a = word(at(data, 0) * k2)
  const b = at(data, 8)
  const c = word(at(data, length - 8) * multiplier)
  const d = word(at(data, length - 16) * k2)
  const y = word(rotate(word(a + b), 43n) + rotate(c, 30n) + d)
  const z = mix16(y, word(a + rotate(word(b + k2), 18n) + c), multiplier)
  const e = word(at(data, 16) * multiplier)
  const f = at(data, 24)
  const g = word((y + at(data, length - 32)) * multiplier)
  const h = word((z + at(data, length - 24)) * multiplier)
  const u = word(rotate(word(e + f), 43n) + rotate(g, 30n) + h)
  const v = word(e + rotate(word(f + a), 18n) + g)
  return mix16(u, v, multiplier)
}

type Pair = [bigint, bigint]

function weakHash(data: Buffer, offset: number, seedA: bigint, seedB: bigint): Pair {
  const [w, x, y, z] = [0, 8, 16, 24].map((i) => at(data, offset + i)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const a = word(seedA + w)
  const b = rotate(word(seedB + a + z), 21n)
  const sum = word(a + x + y)
  return [word(sum + z), word(b + rotate(sum, 44n) + a)]
}

function hashLong(data: Buffer): bigint {
  const { length } = data
  const seed = 81n
  let x = word(seed * k2 + at(data, 0))
  let y = word(seed * k1 + 113n)
  let z = word(shiftMix(word(y * k2 + 113n)) * k2)
  let v: Pair = [0n, 0n]
  let w: Pair = [0n, 0n]
  const round = (offset: number, multiplier: bigint, factor: bigint): void => {
    x = word(rotate(word(x + y + v[0] + at(data, offset + 8)), 37n) * multiplier)
    y = word(rotate(word(y + v[1] + at(data, offset + 48)), 42n) * multiplier)
    x = word(x ^ word(w[1] * factor))
    y = word(y + v[0] * factor + at(data, offset + 40))
    z = word(rotate(word(z + w[0]), 33n) * multiplier)
    v = weakHash(data, offset, word(v[1] * multiplier), word(x + w[0]))
    w = weakHash(data, offset + 32, word(z + w[1]), word(y + at(data, offset + 16)))
    ;[x, z] = [z, x]
  }
  const end = Math.floor((length - 1) / 64) * 64
  for (let offset = 0; offset < end; offset += 64) round(offset, k1, 1n)
  const multiplier = word(k1 + ((z & 0xffn) << 1n))
  w = [word(w[0] + BigInt((length - 1) & 63)), w[1]]
  v = [word(v[0] + w[0]), v[1]]
  w = [word(w[0] + v[0]), w[1]]
  round(length - 64, multiplier, 9n)
  const first = word(mix16(v[0], w[0], multiplier) + shiftMix(y) * k0 + z)
  return mix16(first, word(mix16(v[1], w[1], multiplier) + x), multiplier)
}
