import { notSupported } from '../../bigquery-error.ts'
import { analysisError } from './analysis-error.ts'
import type { AnalyzeRequest } from './analyzer.ts'
import type { Dialect } from './dialect.ts'
import { type Edit, edited, placeOf } from './edited-text.ts'
import { flatten } from './flat-message.ts'
import type { Rpc } from './rpc.ts'
import { type SyntaxNode, syntaxNode } from './syntax-node.ts'

/** What the analyser says of a function that came later than this release. */
export const sessionize = /^Table-valued function not found: RANGE_SESSIONIZE\b/i

/**
 * The statement with each RANGE_SESSIONIZE as a subquery of window functions. `original` takes a
 * message about that statement back to the places of this one.
 */
export async function withoutSessionize(
  rpc: Rpc,
  dialect: Dialect,
  request: Pick<AnalyzeRequest, 'sql' | 'position' | 'projectId'>,
): Promise<{ sql: string; original(message: string): string }> {
  const { sql } = request
  const { parsedScript } = await rpc.call<{ parsedScript: object }>(
    'Parse',
    { sqlStatement: sql, allowScript: true },
    dialect.text,
  )
  // Its text is kept, and would be looked at, in other words than those that were written.
  if (/"astCreate\w*Function\w*"/.test(JSON.stringify(parsedScript))) {
    throw notSupported('RANGE_SESSIONIZE in a function')
  }
  const bytes = Buffer.from(sql)
  const edits = callsIn(parsedScript).map((call) => editOf(call, bytes, request))
  if (edits.some(({ start }) => edits.some((other) => start > other.start && start < other.end))) {
    throw notSupported('RANGE_SESSIONIZE of RANGE_SESSIONIZE')
  }
  const { original, ...rewritten } = edited(sql, edits)
  return {
    ...rewritten,
    original(message) {
      refuseWithin(message, bytes, edits)
      return original(message)
    },
  }
}

function callsIn(message: unknown): SyntaxNode[] {
  if (Array.isArray(message)) return message.flatMap(callsIn)
  if (typeof message !== 'object' || message === null) return []
  const { name, fields } = flatten(message)
  const inner = Object.values(fields).flatMap(callsIn)
  if (name !== 'astTvf') return inner
  const node = syntaxNode(message)
  const names = node.child('name')?.children('names') ?? []
  const called = names.map((part) => part.text('idString') ?? '').join('.')
  return called.toUpperCase() === 'RANGE_SESSIONIZE' ? [node, ...inner] : inner
}

function editOf(
  call: SyntaxNode,
  bytes: Buffer,
  request: Pick<AnalyzeRequest, 'sql' | 'position' | 'projectId'>,
): Edit {
  const entries = call.children('argumentEntries')
  const [relation, range, columns, mode, ...more] = entries
  const rest = /^\s*\)/.exec(bytes.toString('utf8', entries.at(-1)?.end ?? 0))?.[0]
  if (!relation || !range || !columns || more.length > 0 || rest === undefined) {
    throw notSupported('RANGE_SESSIONIZE of anything but a table, a column, columns and an option')
  }
  const name = identifierOf(range.child('expr'))
  const list = columns.child('expr')
  if (list?.kind !== 'ArrayConstructor')
    throw notSupported('RANGE_SESSIONIZE by columns that are no constant')
  const partition = list.children('elements').map(identifierOf)
  const text = sessions(rowsOf(relation, bytes), {
    range: name,
    partition,
    isApart: modeOf(mode, bytes, request) === 'MEETS' ? '>' : '>=',
  })
  return { start: call.start, end: (entries.at(-1)?.end ?? 0) + rest.length, text }
}

function rowsOf(relation: SyntaxNode, bytes: Buffer): string {
  const path = relation.child('tableClause')?.child('tablePath')
  if (path) return bytes.toString('utf8', path.start, path.end)
  const query = relation.child('expr')
  if (query?.kind !== 'ExpressionSubquery') throw notSupported('RANGE_SESSIONIZE of no table')
  const text = bytes.toString('utf8', query.start, query.end)
  // Without these a line break is a space between two words.
  if (/--|#|\/\*|"""|'''/.test(text))
    throw notSupported('RANGE_SESSIONIZE of a subquery with comments')
  return text.replaceAll(/\s*\n\s*/g, ' ')
}

function identifierOf(expression: SyntaxNode | undefined): string {
  const name = expression?.text('stringValue')
  if (name === undefined || /[`\\]/.test(name)) {
    throw notSupported('RANGE_SESSIONIZE by a column that is no constant')
  }
  return `\`${name}\``
}

function modeOf(
  mode: SyntaxNode | undefined,
  bytes: Buffer,
  request: Pick<AnalyzeRequest, 'sql' | 'position' | 'projectId'>,
): string {
  if (!mode) return 'MEETS'
  const value = mode.child('expr')?.text('stringValue')
  if (value === 'MEETS' || value === 'OVERLAPS') return value
  if (value === undefined || /^(meets|overlaps)$/i.test(value)) {
    throw notSupported('RANGE_SESSIONIZE by an option that is no constant, or not in capitals')
  }
  const { line, column } = placeOf(bytes, mode.start)
  const words = `Could not cast literal "${value}" to type RANGE_SESSIONIZE_MODE`
  throw analysisError(`${words} [at ${line}:${column}]`, request)
}

/**
 * A session begins where a range begins after the end of all before it. One without an end, and one
 * that is NULL, which comes first, keeps all after it in its session.
 */
function sessions(
  rows: string,
  { range, partition, isApart }: { range: string; partition: string[]; isApart: '>' | '>=' },
): string {
  const ordered = `${partitionBy(partition)} ORDER BY ${range} ROWS BETWEEN UNBOUNDED PRECEDING AND`
  const [before, sofar] = [`OVER (${ordered} 1 PRECEDING)`, `OVER (${ordered} CURRENT ROW)`]
  const begins =
    `NOT LOGICAL_OR(RANGE_END(${range}) IS NULL) ${before} ` +
    `AND RANGE_START(${range}) ${isApart} MAX(RANGE_END(${range})) ${before}`
  const within = `OVER (${partitionBy([...partition, '_sessionize_number'])})`
  const end = (aggregate: string, of: string): string =>
    `IF(LOGICAL_OR(${range} IS NOT NULL AND ${of}(${range}) IS NULL) ${within}, NULL, ` +
    `${aggregate}(${of}(${range})) ${within})`
  const session = `RANGE(${end('MIN', 'RANGE_START')}, ${end('MAX', 'RANGE_END')})`
  return (
    `(SELECT * EXCEPT (_sessionize_begins, _sessionize_number), ` +
    `IF(${range} IS NULL, NULL, ${session}) AS session_range ` +
    `FROM (SELECT *, COUNTIF(_sessionize_begins) ${sofar} AS _sessionize_number ` +
    `FROM (SELECT *, ${begins} AS _sessionize_begins FROM ${rows})))`
  )
}

function partitionBy(columns: string[]): string {
  return columns.length > 0 ? `PARTITION BY ${columns.join(', ')}` : ''
}

/** What is wrong inside of the subquery nobody wrote: BigQuery says it in other words. */
function refuseWithin(message: string, bytes: Buffer, edits: Edit[]): void {
  const [, words, line, column] = /^(.*) \[at (\d+):(\d+)\]$/s.exec(message) ?? []
  if (words?.startsWith('Table not found')) return
  for (const { start, text } of edits) {
    const from = placeOf(bytes, start)
    const place = Number(column) - from.column
    // Of several on one line the later ones have moved.
    const isWithin = edits.length > 1 || (place >= 0 && place < text.length)
    if (from.line === Number(line) && isWithin)
      throw notSupported(`RANGE_SESSIONIZE here: ${words}`)
  }
}
