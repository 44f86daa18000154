import { notSupported } from '../../bigquery-error.ts'
import { scaledDecimal } from '../../database/decimal.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { literalValue } from '../printer/expressions.ts'

/**
 * The percentile of a PERCENTILE_DISC for DuckDB, which rounds its product with the number of values:
 * 0.4 of ten values is the fourth to it. BigQuery takes the FLOAT64 as exactly what it is, a little more
 * than 0.4, and gives the fifth.
 */
export function discretePercentile(node: ResolvedNode | undefined): string {
  const value = node?.kind === 'Literal' ? Number(literalValue(node).doubleValue) : Number.NaN
  if (Number.isNaN(value)) {
    throw notSupported('PERCENTILE_DISC with a percentile that is no literal')
  }
  const isMore =
    BigInt(value.toFixed(100).replace('.', '')) > (scaledDecimal(`${value}`, 100) ?? 0n)
  return `CAST('${isMore ? Math.min(1, value * (1 + 2 ** -45)) : value}' AS DOUBLE)`
}
