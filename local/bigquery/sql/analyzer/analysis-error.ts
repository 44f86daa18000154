import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { Position } from './analyzer.ts'
import type { CatalogSnapshot } from './catalog-snapshot.ts'
import { laterFunction } from './later-functions.ts'
import { hasPipe } from './pipe-syntax.ts'
import { type NameScope, tableName, tableOfPath } from './table-path.ts'
import { expectedComma } from './unclosed-parenthesis.ts'

const start: Position = { line: 1, column: 1 }

/** GoogleSQL's words as BigQuery says them: `… at [line:column]`, and its own about missing tables. */
export function analysisError(
  message: string,
  {
    catalog,
    position = start,
    sql = '',
    ...scope
  }: NameScope & { catalog?: CatalogSnapshot; position?: Position | undefined; sql?: string },
): BigQueryError {
  const [, words = message, line, column] = /^(.*) \[at (\d+):(\d+)\]$/s.exec(message) ?? []
  if (words.startsWith('Syntax error') && hasPipe(sql)) return notSupported('pipe syntax')
  if (words.startsWith('TVF arguments that reference columns are not supported')) {
    return notSupported('a table function of the columns of another table')
  }
  const statement = /^Statement not supported: (\w+?)Statement$/.exec(words)?.[1]
  if (statement !== undefined) return notSupported(`${statement} statements`)
  if (words.startsWith('ALTER VIEW does not support ALTER COLUMN')) {
    return notSupported('ALTER VIEW with ALTER COLUMN')
  }
  const later = laterFunction(words)
  if (later) return notSupported(later)
  const missing = /^Table not found: ([^;]+)/.exec(words)?.[1]
  if (missing && catalog) return missingTable(missing, catalog, scope)

  const place = line && column ? ` at ${shifted(Number(line), Number(column), position)}` : ''
  const said =
    expectedComma(withoutSpellings(withInputTypes(words)), sql, Number(line), Number(column)) +
    place
  return new BigQueryError('invalidQuery', said, { location: 'query' })
}

function missingTable(path: string, catalog: CatalogSnapshot, scope: NameScope): BigQueryError {
  const reference = tableOfPath([path.replaceAll('`', '')], scope)
  if (!reference) {
    const words = `Table "${path}" must be qualified with a dataset (e.g. dataset.table).`
    return new BigQueryError('invalid', words, { location: path })
  }
  const { projectId, datasetId } = reference
  if (!/^[\w-]*$/.test(datasetId)) {
    const words = `Invalid dataset ID "${datasetId}". Dataset IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`
    return new BigQueryError('invalid', words, { location: `${datasetId}.${reference.tableId}` })
  }
  if (projectId !== scope.projectId && catalog.hasProject?.(projectId) === false) {
    const name = tableName(reference)
    const words = `Access Denied: Table ${name}: User does not have permission to query table ${name}, or perhaps it does not exist.`
    return new BigQueryError('accessDenied', words)
  }
  const isKnown = catalog.hasDataset(reference) || datasetId === ''
  if (isKnown && reference.tableId.endsWith('*')) {
    const words = `${tableName(reference)} does not match any table.`
    return new BigQueryError('invalidQuery', words, { location: 'query' })
  }
  if (isKnown && /[$@]/.test(reference.tableId)) {
    const words = `Table "${projectId}.${datasetId}.${reference.tableId}" cannot include decorator`
    return new BigQueryError('invalidQuery', words, { location: 'query' })
  }
  const what = isKnown ? `Table ${tableName(reference)}` : `Dataset ${projectId}:${datasetId}`
  const words = `Not found: ${what} was not found in location ${catalog.location}`
  return new BigQueryError('notFound', words)
}

/** BigQuery goes on to say which types the two operands of a comparison have. */
function withInputTypes(words: string): string {
  const form = /for argument types: (.*)\n  Signature: T1 \S+ T1\n.*templated argument <T1>$/
  const types = form.exec(words)?.[1]?.split(', ')
  if (types?.length !== 2) return words
  return `${words}\n      Input types for <T1>: {${types.toSorted().join(', ')}}`
}

/** The name under which the catalog tells the spellings of a function apart is nobody's business. */
function withoutSpellings(words: string): string {
  const plain = words.replace(/\. You may need an explicit call to FLATTEN.*$/, '')
  return plain.replaceAll(/\b(spelling \d+\.|Templated_SQL_Function:)/gi, '')
}

/** A statement's position as one of its script. */
function shifted(line: number, column: number, from: Position): string {
  return `[${from.line + line - 1}:${line === 1 ? from.column + column - 1 : column}]`
}
