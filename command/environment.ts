import { UsageError } from './command.ts'

export type TableName = { dataset: string; table: string }

/** Where the ingester lands, by the variables that it reads. */
export type LandingPlace = { projectId: string; bucket: string; rawTable: TableName }

type Environment = Record<string, string | undefined>

/** How `--help` names the variables of a landing place. */
export const landingVariables = {
  'GOOGLE_CLOUD_PROJECT, BUCKET, RAW_TABLE': 'as the ingester has them; required',
}

/** Reads where the ingester lands, or throws a UsageError. */
export function readLandingPlace(environment: Environment): LandingPlace {
  const { GOOGLE_CLOUD_PROJECT, BUCKET, RAW_TABLE } = required(environment, [
    'GOOGLE_CLOUD_PROJECT',
    'BUCKET',
    'RAW_TABLE',
  ])
  return {
    projectId: GOOGLE_CLOUD_PROJECT,
    bucket: BUCKET,
    rawTable: tableNamed('RAW_TABLE', RAW_TABLE),
  }
}

/** The values of variables that must be there; a UsageError names those that are not. */
export function required<Name extends string>(
  environment: Environment,
  names: Name[],
): Record<Name, string> {
  const missing = names.filter((name) => !environment[name])
  if (missing.length > 0) {
    throw new UsageError(`missing from the environment: ${missing.join(', ')}`)
  }
  for (const name of ['STORAGE_EMULATOR_HOST', 'BIGQUERY_EMULATOR_HOST']) {
    const address = environment[name]
    if (address === undefined || /^https?:\/\/[^/\s]+/.test(address)) continue
    throw new UsageError(`${name} is '${address}': expected an address with http://`)
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>
}

/** Dataset and table of a variable. */
export function tableNamed(variable: string, name: string): TableName {
  const [, dataset, table] = /^(\w+)\.([\p{L}\p{N}_-]+)$/u.exec(name) ?? []
  if (dataset && table) return { dataset, table }
  throw new UsageError(`${variable} is '${name}': expected dataset.table, such as raw.raw_events`)
}

/** A table's name as SQL has it. */
export function quotedTable(projectId: string, { dataset, table }: TableName): string {
  return `\`${projectId}.${dataset}.${table}\``
}
