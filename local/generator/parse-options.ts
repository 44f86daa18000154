import { UsageError } from '../../command/command.ts'
import { day, hour, minute, second } from './event.ts'

const units: Record<string, number> = { s: second, m: minute, h: hour, d: day }

/** '1%' or '0.01' as 0.01, or a UsageError that names the option. */
export function share(option: string, text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const value = Number(digits) / (percent ? 100 : 1)
  if (value <= 1) return value
  throw new UsageError(`--${option} must be a share from 0% to 100%, not '${text}'`)
}

/** '90s', '15m', '6h' or '2d' in milliseconds, or a UsageError that names the option. */
export function duration(option: string, text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? []
  const value = Number(digits) * (units[unit] ?? Number.NaN)
  if (value > 0) return value
  throw new UsageError(`--${option} must be a time such as 90s, 15m, 6h or 2d, not '${text}'`)
}

/** A number of events a second above zero, or a UsageError that names the option. */
export function rate(option: string, text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value
  throw new UsageError(`--${option} must be a number above 0, not '${text}'`)
}

/** A moment with its zone in milliseconds since 1970, or a UsageError that names the option. */
export function moment(option: string, text: string): number {
  const value = Date.parse(text)
  if (/T.*(Z|[+-]\d\d:\d\d)$/.test(text) && Number.isFinite(value)) return value
  throw new UsageError(
    `--${option} must be a time with its zone such as 2026-02-08T13:09:00Z, not '${text}'`,
  )
}
