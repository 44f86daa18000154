import { notFound } from '../../../catalog/not-found.ts'
import type { Routine } from '../../../catalog/resources.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { targetRoutine } from '../target.ts'
import type { WriteWork } from '../work.ts'

const statementNames: Record<Routine['routineType'], string> = {
  SCALAR_FUNCTION: 'DROP_FUNCTION',
  AGGREGATE_FUNCTION: 'DROP_FUNCTION',
  PROCEDURE: 'DROP_PROCEDURE',
  TABLE_VALUED_FUNCTION: 'DROP_TABLE_FUNCTION',
}

/** DROP FUNCTION and DROP TABLE FUNCTION; a temporary function is looked for first. */
export async function dropFunction(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  const type =
    statement.kind === 'DropTableFunctionStmt' ? 'TABLE_VALUED_FUNCTION' : 'SCALAR_FUNCTION'
  const path = statement.texts('namePath')
  const ifExists = statement.flag('isIfExists')
  statement.assertRead()
  return await dropRoutine(work, path, { ifExists, type })
}

/** Drops a routine of this type; one that is missing is an error unless IF EXISTS was said. */
export async function dropRoutine(
  work: WriteWork,
  path: string[],
  { ifExists, type }: { ifExists: boolean; type: Routine['routineType'] },
): Promise<Outcome> {
  const statementType = statementNames[type]
  const temporary = work.session.temporaryFunctions
  if (path.length === 1 && temporary.delete(path.join().toLowerCase())) {
    return outcomeOf(statementType, { ddlOperationPerformed: 'DROP' })
  }
  const reference = targetRoutine(work, path)
  const routine = work.catalog.routine(reference)
  if (!routine || kindOf(routine) !== type) {
    if (!ifExists) throw notFound(reference)
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetRoutine: reference })
  }
  work.change.catalog.removeRoutine(reference)
  return outcomeOf(statementType, { ddlOperationPerformed: 'DROP', ddlTargetRoutine: reference })
}

/** DROP FUNCTION drops aggregate functions too. */
function kindOf({ routineType }: Routine): Routine['routineType'] {
  return routineType === 'AGGREGATE_FUNCTION' ? 'SCALAR_FUNCTION' : routineType
}
