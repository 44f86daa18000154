const largestUint64 = 2n ** 64n - 1n
const smallestInt64 = -(2n ** 63n)

/**
 * Whether BigQuery's JSON type holds the number that a JSON literal writes: every INT64 and
 * UINT64, and of the others those that a FLOAT64 gives back digit for digit.
 */
export function isExactNumber(literal: string): boolean {
  if (literal.length > 1500) return false
  if (/^-?\d+$/.test(literal)) {
    const integer = BigInt(literal)
    if (integer >= smallestInt64 && integer <= largestUint64) return true
  }
  const value = Number(literal)
  return Number.isFinite(value) && normalNumber(literal) === normalNumber(String(value))
}

/** One spelling for each decimal value: its digits without zeros at the ends, and its exponent. */
export function normalNumber(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const power =
    BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)
  return `${sign}${significant}e${power}`
}
