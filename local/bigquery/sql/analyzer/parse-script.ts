import { analysisError } from './analysis-error.ts'
import { checkScript } from './check-script.ts'
import type { Dialect } from './dialect.ts'
import { GoogleSqlError, type Rpc } from './rpc.ts'
import type { ScriptStatement, ScriptText } from './script.ts'
import { type SyntaxNode, syntaxNode } from './syntax-node.ts'

/** Cuts a script by GoogleSQL's own parser. */
export async function parseScript(
  rpc: Rpc,
  dialect: Dialect,
  sql: string,
): Promise<ScriptStatement[]> {
  try {
    const { parsedScript } = await rpc.call<{ parsedScript: object }>(
      'Parse',
      { sqlStatement: sql, allowScript: true },
      dialect.text,
    )
    const cut = textCutter(sql)
    const statements = statementsOf(syntaxNode(parsedScript).child('statementListNode'), cut)
    checkScript(statements)
    return statements
  } catch (error) {
    if (error instanceof GoogleSqlError) throw analysisError(error.message, { projectId: '', sql })
    throw error
  }
}

type Cut = (node: SyntaxNode) => ScriptText

/** The parser counts bytes of UTF-8. */
function textCutter(sql: string): Cut {
  const bytes = Buffer.from(sql)
  return ({ start, end }) => {
    const before = bytes.toString('utf8', 0, start).split('\n')
    const column = [...(before.at(-1) ?? '')].length + 1
    return { text: bytes.toString('utf8', start, end), position: { line: before.length, column } }
  }
}

function statementsOf(list: SyntaxNode | undefined, cut: Cut): ScriptStatement[] {
  return (list?.children('statementList') ?? []).map((node) => statementOf(node, cut))
}

function statementOf(node: SyntaxNode, cut: Cut): ScriptStatement {
  const read = readers[node.kind]
  const whole = cut(node)
  return read
    ? { ...whole, ...read(node, cut) }
    : { ...whole, kind: 'sql', syntax: node.kind.replace(/Statement$/, '') }
}

type Content<S> = S extends unknown ? Omit<S, keyof ScriptText> : never
type Reader = (node: SyntaxNode, cut: Cut) => Content<ScriptStatement>

const readers: Record<string, Reader | undefined> = {
  VariableDeclaration: (node, cut) => ({
    kind: 'declare',
    names: namesOf(node.child('variableList')),
    ...optionalText('type', node.child('type'), cut),
    ...optionalText('defaultValue', node.child('defaultValue'), cut),
  }),
  SingleAssignment: (node, cut) => ({
    kind: 'set',
    variables: [nameOf(node.child('variable'))],
    value: cut(need(node, 'expression')),
  }),
  AssignmentFromStruct: (node, cut) => ({
    kind: 'setFromStruct',
    variables: namesOf(node.child('variables')),
    value: cut(need(node, 'structExpression')),
  }),
  SystemVariableAssignment: (node, cut) => ({
    kind: 'setSystemVariable',
    path: (node.child('systemVariable')?.child('path')?.children('names') ?? []).map(nameOf),
    value: cut(need(node, 'expression')),
  }),
  IfStatement: (node, cut) => ({
    kind: 'if',
    branches: [
      {
        condition: cut(need(node, 'condition')),
        body: statementsOf(node.child('thenList'), cut),
      },
      ...branchesOf(node.child('elseifClauses')?.children('elseifClauses'), cut),
    ],
    otherwise: statementsOf(node.child('elseList'), cut),
  }),
  CaseStatement: (node, cut) => ({
    kind: 'case',
    ...optionalText('operand', node.child('expression'), cut),
    branches: branchesOf(node.child('whenThenClauses')?.children('whenThenClauses'), cut),
    otherwise: statementsOf(node.child('elseList'), cut),
  }),
  WhileStatement: (node, cut) => {
    const condition = node.child('condition')
    const body = statementsOf(node.child('body'), cut)
    if (!condition) return { kind: 'loop', body, ...labelOf(node) }
    return { kind: 'while', condition: cut(condition), body, ...labelOf(node) }
  },
  RepeatStatement: (node, cut) => ({
    kind: 'repeat',
    body: statementsOf(node.child('body'), cut),
    until: cut(need(need(node, 'untilClause'), 'condition')),
    ...labelOf(node),
  }),
  ForInStatement: (node, cut) => ({
    kind: 'for',
    variable: nameOf(node.child('variable')),
    query: cut(need(node, 'query')),
    body: statementsOf(node.child('body'), cut),
    ...labelOf(node),
  }),
  BreakStatement: (node) => ({ kind: 'break', ...labelOf(node) }),
  ContinueStatement: (node) => ({ kind: 'continue', ...labelOf(node) }),
  BeginEndBlock: (node, cut) => {
    const handlers = node.child('handlerList')?.children('exceptionHandlerList')
    return {
      kind: 'block',
      body: statementsOf(node.child('statementListNode'), cut),
      ...(handlers && {
        exceptionHandler: handlers.flatMap((h) => statementsOf(h.child('statementList'), cut)),
      }),
      ...labelOf(node),
    }
  },
  ReturnStatement: () => ({ kind: 'return' }),
  RaiseStatement: (node, cut) => ({
    kind: 'raise',
    ...optionalText('message', node.child('message'), cut),
  }),
  ExecuteImmediateStatement: (node, cut) => ({
    kind: 'executeImmediate',
    sql: cut(need(node, 'sql')),
    into: namesOf(node.child('intoClause')?.child('identifiers')),
    using: (node.child('usingClause')?.children('arguments') ?? []).map((argument) => {
      const alias = argument.child('alias')
      const value = cut(need(argument, 'expression'))
      return alias ? { value, name: nameOf(alias.child('identifier')) } : { value }
    }),
  }),
  CallStatement: (node, cut) => ({
    kind: 'call',
    procedure: (node.child('procedureName')?.children('names') ?? []).map(nameOf),
    arguments: node.children('arguments').map(cut),
  }),
}

function branchesOf(clauses: SyntaxNode[] = [], cut: Cut) {
  return clauses.map((clause) => ({
    condition: cut(need(clause, 'condition')),
    body: statementsOf(clause.child('body'), cut),
  }))
}

function optionalText<Name extends string>(
  name: Name,
  node: SyntaxNode | undefined,
  cut: Cut,
): { [K in Name]?: ScriptText } {
  return node ? ({ [name]: cut(node) } as { [K in Name]: ScriptText }) : {}
}

function labelOf(node: SyntaxNode): { label?: string } {
  const label = node.child('label')
  return label ? { label: nameOf(label.child('name')) } : {}
}

function namesOf(list: SyntaxNode | undefined): string[] {
  return (list?.children('identifierList') ?? []).map(nameOf)
}

function nameOf(identifier: SyntaxNode | undefined): string {
  return identifier?.text('idString') ?? ''
}

function need(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.child(name)
  if (!child) throw new Error(`${node.kind} has no ${name}`)
  return child
}
