import { format, resolveConfig } from 'prettier'
import { localUser } from '../../catalog/row-access.ts'
import { statementKinds } from '../analyzer/language.ts'
import { readers, writers } from '../execute/statements.ts'
import { castTemplates } from '../printer/casts.ts'
import { scanPrinters } from '../printer/scans.ts'
import { builtinFunctions } from './builtin-functions.ts'
import { type FunctionSupport, functionSupport } from './function-support.ts'
import { refusedForms } from './refused-forms.ts'

/** How the page is written anew. */
export const repair = 'npx vitest run local/bigquery/sql/support -u'

/** `docs/sql-support.md`, drawn from the rules themselves. */
export async function supportPage(): Promise<string> {
  const functions = (await builtinFunctions()).map(functionSupport)
  const page = [
    '# What the local BigQuery can say in SQL',
    `Drawn from the rules of \`local/bigquery/sql/\` and from GoogleSQL's own list of functions; \`${repair}\` draws it again.`,
    "What is supported gives the answer of BigQuery; everything else fails with `not supported by the local engine: …`. Nothing is known to differ silently: tests hold each rule against GoogleSQL's reference evaluator, and `npm run fuzz` holds random combinations of them and random whole queries.",
    '## Statements',
    statements(),
    '## Scans',
    `Sub-queries, joins and CTEs are resolved by GoogleSQL's analyser into these, all others are refused: ${codeList(Object.keys(scanPrinters).map(spaced))}.`,
    '## Casts',
    casts(),
    ...functionSections(functions),
    'What `APPROX_` functions may answer approximately is computed exactly here; values that `APPROX_TOP_COUNT` and `APPROX_TOP_SUM` find equally heavy come in their own order, the least first. BigQuery promises neither for large inputs.',
    '## Table functions',
    'Those that users make, and RANGE_SESSIONIZE of a table or a query, by constants.',
    '## Row access policies',
    `They hold for every query, in views too. Who calls is who the bearer token says, where it is an e-mail address (\`bq --oauth_access_token=ann@shop.org\`), else \`${localUser}\`; SESSION_USER() says the same. Groups are refused, for nobody knows their members here. DML and tabledata.list are for callers whom a policy with the filter TRUE lets see all rows; copies, clones, snapshots, extracts, replacements, time travel, wildcards and materialized views of such a table are refused.`,
    '## Forms that are refused by name',
    'Of what is supported above, these are not; `…` stands for a name, `FUNCTION` for that of the function.',
    (await refusedForms()).map((form) => `- ${code(form)}`).join('\n'),
  ].join('\n\n')
  return format(page, { ...(await resolveConfig('docs/sql-support.md')), parser: 'markdown' })
}

function statements(): string {
  const runners = new Set(Object.keys({ ...readers, ...writers }).map(statementName))
  const known = statementKinds.filter((kind) => kind.endsWith('_STMT'))
  const names = known.map((kind) => kind.replace('_STMT', '').replaceAll('_', ' '))
  const ofScripts = ['ASSIGNMENT', 'CALL', 'EXECUTE IMMEDIATE', 'BEGIN', 'COMMIT', 'ROLLBACK']
  const isSupported = (name: string) => runners.has(name) || ofScripts.includes(name)
  return [
    `Supported: ${codeList(names.filter(isSupported))}, and the control statements of scripts.`,
    `Refused: ${codeList(names.filter((name) => !isSupported(name)))}.`,
  ].join('\n\n')
}

/** `CREATE TABLE AS SELECT` of `CreateTableAsSelectStmt`. */
function statementName(kind: string): string {
  return spaced(kind.replace('Stmt', '')).toUpperCase()
}

function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
}

function casts(): string {
  const targets = Map.groupBy(Object.keys(castTemplates), (key) => key.split(' ')[0] ?? '')
  const rows = [...targets].map(([from, keys]) => {
    const to = new Set([...keys.map((key) => key.split(' ')[1]), 'STRING'])
    return `| ${from} | ${[...to].join(', ')} |`
  })
  return [
    'With `SAFE_CAST` too; element by element for arrays, field by field for structs. TIME goes to STRING only.',
    ['| from | to |', '| --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}

function functionSections(functions: FunctionSupport[]): string[] {
  const sections: [string, (f: FunctionSupport) => boolean][] = [
    ['Operators', ({ name, mode }) => name.startsWith('$') && mode === 'SCALAR'],
    ['Functions', ({ name, mode }) => !name.startsWith('$') && mode === 'SCALAR'],
    ['Aggregate functions', ({ mode }) => mode === 'AGGREGATE'],
    ['Window functions', ({ mode }) => mode === 'ANALYTIC'],
  ]
  return sections.flatMap(([heading, belongs]) => {
    const own = functions.filter(belongs)
    const supported = own.filter((f) => f.supported.length > 0)
    const refused = own.filter((f) => f.supported.length === 0)
    const rows = supported.map((f) => {
      return `| ${code(title(f))} | ${forms(f.supported)} | ${forms(f.refused)} |`
    })
    return [
      `## ${heading}`,
      `${supported.length} supported, ${refused.length} refused.`,
      ['| | supported | refused |', '| --- | --- | --- |', ...rows].join('\n'),
      refused.length > 0 ? `Refused: ${codeList(refused.map(title))}.` : '',
    ].filter(Boolean)
  })
}

function title({ name }: FunctionSupport): string {
  if (!name.startsWith('$')) return name.toUpperCase()
  return signs[name] ?? name.slice(1).replaceAll('_', ' ').toUpperCase()
}

/** Operators whose names would say less. */
const signs: Record<string, string | undefined> = {
  $add: '+',
  $subtract: '-',
  $multiply: '*',
  $divide: '/',
  $unary_minus: '- (unary)',
  $equal: '=',
  $not_equal: '<>',
  $less: '<',
  $less_or_equal: '<=',
  $greater: '>',
  $greater_or_equal: '>=',
  $concat_op: '\\|\\|',
  $bitwise_and: '&',
  $bitwise_or: '\\|',
  $bitwise_xor: '^',
  $bitwise_not: '~',
  $bitwise_left_shift: '<<',
  $bitwise_right_shift: '>>',
  $array_at_offset: '[OFFSET()]',
  $array_at_ordinal: '[ORDINAL()]',
  $safe_array_at_offset: '[SAFE_OFFSET()]',
  $safe_array_at_ordinal: '[SAFE_ORDINAL()]',
  $subscript: '[]',
  $make_array: '[…]',
  $in_array: 'IN UNNEST',
  $case_no_value: 'CASE WHEN',
  $case_with_value: 'CASE x WHEN',
  $count_star: 'COUNT(*)',
}

function forms(list: string[]): string {
  return list.join(' ')
}

function codeList(names: string[]): string {
  return names.map(code).join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}
