import { bignumericScale, bignumericText as textOf, isBignumeric } from '../../database/decimal.ts'

const one = 10n ** BigInt(bignumericScale)

/** POW where its result has no more decimals than a BIGNUMERIC: how BigQuery rounds others is not known. */
export function power(base: bigint, exponent: bigint): bigint {
  const shown = `POW(${textOf(base)}, ${textOf(exponent)})`
  if (base === 0n && exponent < 0n) throw new Error(`division by zero: ${shown}`)
  const times = exponent / one
  if (exponent % one !== 0n) throw inexact(shown)
  if (times === 0n) return one
  if (base === 0n || base === one) return base
  if (base === -one) return times % 2n === 0n ? one : -one

  // Every other whole number overflows long before, every other fraction has more decimals by then.
  const count = times < 0n ? -times : times
  const isWhole = base % one === 0n
  if (count > 300n) throw isWhole && times > 0n ? overflow(shown) : inexact(shown)
  const factor = isWhole ? base / one : base
  const [digits, scale] = [factor ** count, isWhole ? 1n : one ** count]
  const [dividend, divisor] = times > 0n ? [digits, scale] : [scale, digits]
  if ((dividend * one) % divisor !== 0n) throw inexact(shown)
  const result = (dividend * one) / divisor
  if (isBignumeric(result)) return result
  throw overflow(shown)
}

function overflow(shown: string): Error {
  return new Error(`BIGNUMERIC overflow: ${shown}`)
}

function inexact(shown: string): Error {
  return new Error(`not supported by the local engine: ${shown}, which has more than 38 decimals`)
}

/** The square root of an integer, rounded. */
export function roundedRoot(square: bigint): bigint {
  if (square < 2n) return square
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2))
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return square - root * root > root ? root + 1n : root
    root = next
  }
}
