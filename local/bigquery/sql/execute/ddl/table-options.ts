import type { Table } from '../../../catalog/resources.ts'
import { requireRoundingMode } from '../../../catalog/rounding-mode.ts'
import {
  flagOption,
  labelsOption,
  numberOption,
  textOption,
  timeOption,
  type Options,
} from './options.ts'

export const tableOptions = [
  'description',
  'friendly_name',
  'labels',
  'expiration_timestamp',
  'partition_expiration_days',
  'require_partition_filter',
  'default_rounding_mode',
  'max_staleness',
]
export const viewOptions = [
  'description',
  'friendly_name',
  'labels',
  'expiration_timestamp',
  'privacy_policy',
]
export const materializedViewOptions = [
  ...tableOptions,
  'enable_refresh',
  'refresh_interval_minutes',
  'allow_non_incremental_definition',
]

type Settings = Partial<
  Pick<
    Table,
    | 'description'
    | 'friendlyName'
    | 'labels'
    | 'expirationTime'
    | 'requirePartitionFilter'
    | 'maxStaleness'
  >
>

/** What options say of a table of any kind; an option that is NULL takes the setting away. */
export function tableSettings(options: Options): Settings {
  const settings: Settings = {}
  requireRoundingMode(options.get('default_rounding_mode'))
  const description = textOption(options, 'description')
  const friendlyName = textOption(options, 'friendly_name')
  const labels = labelsOption(options, 'labels')
  const expirationTime = timeOption(options, 'expiration_timestamp')
  const requirePartitionFilter = flagOption(options, 'require_partition_filter')
  const maxStaleness = options.get('max_staleness')
  if (description !== undefined) settings.description = description
  if (friendlyName !== undefined) settings.friendlyName = friendlyName
  if (labels !== undefined) settings.labels = labels
  if (expirationTime !== undefined) settings.expirationTime = expirationTime
  if (requirePartitionFilter !== undefined) settings.requirePartitionFilter = requirePartitionFilter
  if (typeof maxStaleness === 'string') settings.maxStaleness = maxStaleness
  return settings
}

/** Settings that options set to NULL. */
export function removedSettings(options: Options): (keyof Table)[] {
  const names: Record<string, keyof Table> = {
    description: 'description',
    friendly_name: 'friendlyName',
    labels: 'labels',
    expiration_timestamp: 'expirationTime',
    require_partition_filter: 'requirePartitionFilter',
    max_staleness: 'maxStaleness',
  }
  return [...options].flatMap(([option, value]) => {
    const name = names[option]
    return value === null && name ? [name] : []
  })
}

/** Minutes between refreshes as the REST API has them. */
export function refreshSettings(
  options: Options,
): Pick<NonNullable<Table['materializedView']>, 'enableRefresh' | 'refreshIntervalMs'> {
  const enableRefresh = flagOption(options, 'enable_refresh')
  const minutes = numberOption(options, 'refresh_interval_minutes')
  return {
    ...(enableRefresh !== undefined && { enableRefresh }),
    ...(minutes !== undefined && { refreshIntervalMs: String(minutes * 60_000) }),
  }
}
