import { notSupported } from '../../bigquery-error.ts'
import type { CatalogSnapshot } from './catalog-snapshot.ts'
import type { Dialect } from './dialect.ts'
import { edited, type Edit } from './edited-text.ts'
import { extraFunctions } from './extra-functions.ts'
import { flatten } from './flat-message.ts'
import { isAggregateFunction } from './routine-proto.ts'
import type { Rpc } from './rpc.ts'
import { type SyntaxNode, syntaxNode } from './syntax-node.ts'

/** What the analyser says, for this release parses GROUP BY ALL and goes no further. */
export const groupByAll = /^GROUP BY ALL is not supported/

type Names = { aggregates: ReadonlySet<string>; variables: ReadonlyMap<string, unknown> }

/**
 * The statement with each GROUP BY ALL written out as the numbers of the columns that it means: those
 * that hold a column of FROM and neither an aggregate nor a window. `original` takes a message about
 * that statement back to the places of this one. Refuses what cannot be told without knowing the names.
 */
export async function withoutGroupByAll(
  rpc: Rpc,
  dialect: Dialect,
  {
    sql,
    variables = new Map(),
    catalog,
  }: { sql: string; variables?: Names['variables']; catalog?: Pick<CatalogSnapshot, 'routines'> },
): Promise<{ sql: string; original(message: string): string }> {
  const { parsedScript } = await rpc.call<{ parsedScript: object }>(
    'Parse',
    { sqlStatement: sql, allowScript: true },
    dialect.text,
  )
  const routines = catalog?.routines().filter(isAggregateFunction) ?? []
  const aggregates = new Set(
    routines.map((routine) => routine.routineReference.routineId.toLowerCase()),
  )
  const names = { aggregates: aggregates.union(await aggregateNames(rpc, dialect)), variables }
  const edits = selectsIn(parsedScript).map((select) => editOf(select, names))
  return edited(sql, edits)
}

/** Every SELECT that is grouped by ALL. */
function selectsIn(message: unknown, isSubquery = false): SyntaxNode[] {
  if (Array.isArray(message)) return message.flatMap((item) => selectsIn(item, isSubquery))
  if (typeof message !== 'object' || message === null) return []
  const { name, fields } = flatten(message)
  const isInside = isSubquery || name === 'astExpressionSubquery'
  const inner = Object.values(fields).flatMap((value) => selectsIn(value, isInside))
  const node = syntaxNode(message)
  if (!node.child('groupBy')?.child('all')) return inner
  // Its keys are not those that stand for a column of the query around it.
  if (isInside) throw notSupported('GROUP BY ALL in a subquery that is an expression')
  return [node, ...inner]
}

function editOf(select: SyntaxNode, names: Names): Edit {
  const { start = 0, end: groupingEnd = 0 } = select.child('groupBy') ?? {}
  const { start: allStart = 0, end = groupingEnd } = select.child('groupBy')?.child('all') ?? {}
  const columns = (select.child('selectList')?.children('columns') ?? []).map((column) => {
    const expression = column.child('expression')
    if (!expression || expression.kind.includes('Star')) {
      throw notSupported('GROUP BY ALL of a SELECT with *')
    }
    return roleOf(column, names)
  })
  const isKeyed = columns.includes('key')
  if (!isKeyed && columns.includes('perhaps')) {
    throw notSupported('GROUP BY ALL of a column that may be constant')
  }
  // Beside a key, one that is constant after all makes no difference.
  const keys = columns.flatMap((role, index) => {
    return role === 'key' || role === 'perhaps' ? [index + 1] : []
  })
  if (keys.length > 0) return { start: allStart, end, text: keys.join(',') }
  if (!columns.includes('aggregate')) throw notSupported('GROUP BY ALL without a key or aggregate')
  return { start, end, text: ' '.repeat(end - start) }
}

function roleOf(column: SyntaxNode, names: Names): 'key' | 'perhaps' | 'aggregate' | 'neither' {
  const found = partsOf(column.child('expression'), names)
  if (found.has('window')) return 'neither'
  if (found.has('aggregate')) return 'aggregate'
  if (found.has('subquery')) throw notSupported('GROUP BY ALL of a SELECT with a subquery')
  if (found.has('column')) return 'key'
  return found.has('name') ? 'perhaps' : 'neither'
}

type Part = 'window' | 'aggregate' | 'subquery' | 'column' | 'name'

/** What an expression is made of; a `name` may be a variable or a part of a date instead of a column. */
function partsOf(node: SyntaxNode | undefined, names: Names): Set<Part> {
  if (!node) return new Set()
  switch (node.kind) {
    case 'AnalyticFunctionCall':
      return new Set(['window'])
    case 'ExpressionSubquery':
      return new Set(['subquery'])
    case 'PathExpression':
      return new Set([isVariable(node, names) ? 'name' : 'column'])
    default:
      return new Set(partsBelow(node, names))
  }
}

function partsBelow(node: SyntaxNode, names: Names): Part[] {
  const path = node.kind === 'FunctionCall' ? node.child('function') : undefined
  const own: Part[] = path && isAggregate(path, names) ? ['aggregate'] : []
  const [, ...later] = node.children('arguments')
  // `week(monday)` looks like a call.
  const parts = later
    .filter((argument) => dateParts.has(nameOf(argument.child('function') ?? argument)))
    .map(({ start }) => start)
  const below = node.others(['function', 'type', 'lhsExpr']).flatMap((part): Part[] => {
    return parts.includes(part.start) ? ['name'] : [...partsOf(part, names)]
  })
  return [...own, ...below]
}

/** Users' functions have a dataset before their name. */
function isAggregate(path: SyntaxNode, { aggregates }: Names): boolean {
  const name = nameOf(path)
  return aggregates.has(name) || aggregates.has(name.split('.').at(-1) ?? '')
}

function isVariable(path: SyntaxNode, { variables }: Names): boolean {
  const [first] = nameOf(path).split('.')
  return [...variables.keys()].some((name) => name.toLowerCase() === first)
}

const dateParts = new Set(
  'microsecond millisecond second minute hour day dayofweek dayofyear week isoweek month quarter year isoyear'.split(
    ' ',
  ),
)

function nameOf(path: SyntaxNode): string {
  const names = path.children('names').map((name) => name.text('idString') ?? '')
  return names.join('.').toLowerCase()
}

type FunctionProto = { namePath: string[]; mode: string }

async function aggregateNames(rpc: Rpc, { language }: Dialect): Promise<Set<string>> {
  const { function: known } = await rpc.call<{ function: FunctionProto[] }>('GetBuiltinFunctions', {
    languageOptions: language,
  })
  const all = [...known, ...(extraFunctions as FunctionProto[])]
  const aggregates = all.filter(({ mode }) => mode === 'AGGREGATE')
  return new Set(aggregates.map(({ namePath }) => namePath.join('.').toLowerCase()))
}
