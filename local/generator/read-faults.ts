import { UsageError } from '../../command/command.ts'
import type { Faults } from './faults.ts'
import { share } from './parse-options.ts'

type FaultOptions = {
  malformed?: string
  duplicates?: string
  late?: string
  'out-of-order'?: string
}

/** The shares that were asked for, and the default for each of the others. */
export function readFaults(values: FaultOptions, defaults: Faults): Faults {
  const read = (option: keyof FaultOptions, fallback: number) => {
    const text = values[option]
    return text === undefined ? fallback : share(option, text)
  }
  const faults = {
    malformed: read('malformed', defaults.malformed),
    duplicates: read('duplicates', defaults.duplicates),
    late: read('late', defaults.late),
    outOfOrder: read('out-of-order', defaults.outOfOrder),
  }
  if (faults.late + faults.outOfOrder <= 1) return faults
  throw new UsageError('--late and --out-of-order together must be at most 100%')
}
