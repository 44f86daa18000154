import { notSupported } from '../bigquery-error.ts'

/** Refuses any way of rounding but the usual one, halves away from zero. */
export function requireRoundingMode(mode: unknown): void {
  if (mode === undefined || mode === null || mode === '') return
  if (mode === 'ROUND_HALF_AWAY_FROM_ZERO' || mode === 'ROUNDING_MODE_UNSPECIFIED') return
  throw notSupported(`the rounding mode ${String(mode)}`)
}
