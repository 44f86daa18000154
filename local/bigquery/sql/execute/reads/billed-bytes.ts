import { BigQueryError } from '../../../bigquery-error.ts'
import type { QueryRequest } from '../../sql-engine.ts'

const mebibyte = 1024n * 1024n

/** Whole mebibytes, at least ten for each table that is read; what reads nothing is free. */
export function billedBytes(processed: bigint, tables: number): bigint {
  if (processed === 0n) return 0n
  const rounded = ((processed + mebibyte - 1n) / mebibyte) * mebibyte
  const least = 10n * mebibyte * BigInt(Math.max(1, tables))
  return rounded > least ? rounded : least
}

/** Refuses a statement that would cost more than its request allows. */
export function requireAllowance(
  { maximumBytesBilled, dryRun }: QueryRequest,
  processed: bigint,
  tables: number,
): void {
  if (maximumBytesBilled === undefined || dryRun) return
  const billed = billedBytes(processed, tables)
  if (billed <= BigInt(maximumBytesBilled)) return
  throw new BigQueryError(
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${billed} or higher required.`,
  )
}
