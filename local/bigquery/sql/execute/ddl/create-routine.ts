import { notSupported } from '../../../bigquery-error.ts'
import type { NewObject } from '../../../catalog/catalog-draft.ts'
import { alreadyExists, notFound } from '../../../catalog/not-found.ts'
import type { Routine } from '../../../catalog/resources.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import { standardSqlOfType } from '../../analyzer/field-type.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { typeFromProto, type TypeProto } from '../../analyzer/sql-type.ts'
import { createModeOf, isTemporary } from './create-mode.ts'
import { flagOption, readOptions, textOption } from './options.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { checkProcedureBody } from './procedure-body.ts'
import { targetRoutine } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** CREATE FUNCTION in SQL or JavaScript; a temporary one lives as long as its script. */
export async function createFunction(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  const language = statement.text('language').toUpperCase()
  const isJavaScript = language === 'JS' || language === 'JAVASCRIPT'
  if (!isJavaScript && language !== 'SQL') throw notSupported(`functions in ${language}`)
  const isAggregate = statement.flag('isAggregate')
  if (isAggregate && isJavaScript) throw notSupported('CREATE AGGREGATE FUNCTION in JavaScript')
  const options = await readOptions(work, statement, ['description'])
  const description = textOption(options, 'description')
  statement.ignore(
    'functionExpression',
    'aggregateExpressionList',
    'sqlSecurity',
    'determinismLevel',
    'hasExplicitReturnType',
  )
  const isTyped = statement.flag('hasExplicitReturnType')
  const routine = {
    routineType: isAggregate ? ('AGGREGATE_FUNCTION' as const) : ('SCALAR_FUNCTION' as const),
    language: isJavaScript ? ('JAVASCRIPT' as const) : ('SQL' as const),
    arguments: argumentsOf(statement),
    ...(isTyped && { returnType: standardSqlOfType(statement.type('returnType')) }),
    definitionBody: statement.text('code'),
    ...(description !== undefined && { description }),
  }
  statement.ignore('returnType')
  if (!isTemporary(statement)) return create(work, statement, routine)

  const [name = ''] = statement.texts('namePath')
  createModeOf(statement)
  statement.assertRead()
  const routineReference = { projectId: '', datasetId: '', routineId: name }
  const stamps = { creationTime: '0', lastModifiedTime: '0', etag: '' }
  work.session.temporaryFunctions.set(name.toLowerCase(), {
    ...routine,
    ...stamps,
    routineReference,
  })
  return outcomeOf('CREATE_FUNCTION', { ddlOperationPerformed: 'CREATE' })
}

/** CREATE TABLE FUNCTION: a query with parameters. */
export async function createTableFunction(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  for (const name of ['sqlSecurity', 'isValueTable']) {
    if (statement.has(name)) throw notSupported(`CREATE TABLE FUNCTION with ${name}`)
  }
  if (isTemporary(statement)) throw notSupported('CREATE TEMP TABLE FUNCTION')
  const options = await readOptions(work, statement, ['description'])
  const description = textOption(options, 'description')
  statement.ignore('query', 'language')
  const isTyped = statement.flag('hasExplicitReturnSchema')
  const columns = statement.nodes('outputColumnList').map((output) => ({
    name: output.text('name'),
    type: standardSqlOfType(output.column().type),
  }))
  return create(work, statement, {
    routineType: 'TABLE_VALUED_FUNCTION',
    language: 'SQL',
    arguments: argumentsOf(statement),
    ...(isTyped && { returnTableType: { columns } }),
    definitionBody: statement.text('code'),
    ...(description !== undefined && { description }),
  })
}

/** CREATE PROCEDURE; its body is resolved when it is called, and in strict mode now already. */
export async function createProcedure(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  for (const name of ['language', 'connection', 'code']) {
    if (statement.has(name)) throw notSupported(`CREATE PROCEDURE with ${name}`)
  }
  statement.ignore('externalSecurity')
  const options = await readOptions(work, statement, ['description', 'strict_mode'])
  const description = textOption(options, 'description')
  const strictMode = flagOption(options, 'strict_mode')
  const definitionBody = statement.text('procedureBody')
  const body = await work.session.parts.analyzer.parseScript(definitionBody)
  const parameters = argumentsOf(statement)
  if (strictMode !== false) await checkProcedureBody(work, body, parameters)
  return create(work, statement, {
    routineType: 'PROCEDURE',
    language: 'SQL',
    arguments: parameters,
    definitionBody,
    ...(description !== undefined && { description }),
    ...(strictMode !== undefined && { strictMode }),
  })
}

const statementNames = {
  SCALAR_FUNCTION: 'CREATE_FUNCTION',
  AGGREGATE_FUNCTION: 'CREATE_FUNCTION',
  PROCEDURE: 'CREATE_PROCEDURE',
  TABLE_VALUED_FUNCTION: 'CREATE_TABLE_FUNCTION',
}

function create(
  work: WriteWork,
  statement: ResolvedNode,
  routine: Omit<NewObject<Routine>, 'routineReference'>,
): Outcome {
  const mode = createModeOf(statement)
  const reference = targetRoutine(work, statement.texts('namePath'))
  statement.ignore('createScope')
  statement.assertRead()
  const { projectId, datasetId } = reference
  const statementType = statementNames[routine.routineType]
  if (!work.catalog.hasDataset({ projectId, datasetId })) throw notFound({ projectId, datasetId })

  const existing = work.catalog.routine(reference)
  if (existing && mode === 'create') throw alreadyExists(reference)
  if (existing && mode === 'ifNotExists') {
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetRoutine: reference })
  }
  work.change.catalog.putRoutine({ ...routine, routineReference: reference })
  return outcomeOf(statementType, {
    ddlOperationPerformed: existing ? 'REPLACE' : 'CREATE',
    ddlTargetRoutine: reference,
  })
}

type Signature = {
  argument?: {
    kind?: string
    type?: TypeProto
    options?: {
      procedureArgumentMode?: 'IN' | 'OUT' | 'INOUT'
      isNotAggregate?: boolean
      defaultValue?: unknown
    }
  }[]
}

function argumentsOf(statement: ResolvedNode): NonNullable<Routine['arguments']> {
  const { argument = [] } = (statement.message('signature') ?? {}) as Signature
  return statement.texts('argumentNameList').map((name, index) => {
    const { kind, type, options } = argument[index] ?? {}
    if (options?.defaultValue !== undefined) throw notSupported('an argument with a default')
    if (kind === 'ARG_TYPE_RELATION') throw notSupported('a function of a table')
    const mode = options?.procedureArgumentMode
    const isAny = kind !== undefined && kind !== 'ARG_TYPE_FIXED'
    return {
      name,
      ...(mode && { mode }),
      ...(options?.isNotAggregate && { isAggregate: false as const }),
      ...(isAny && { argumentKind: 'ANY_TYPE' as const }),
      ...(type && !isAny && { dataType: standardSqlOfType(typeFromProto(type)) }),
    }
  })
}
