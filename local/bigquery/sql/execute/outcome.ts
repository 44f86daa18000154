import type { StatementResult } from '../sql-engine.ts'

/** What a statement did, without its text. */
export type Outcome = Omit<StatementResult, 'sql'>

/** Of a statement that reads no table and returns no rows. */
export function outcomeOf(statementType: string, rest: Partial<Outcome> = {}): Outcome {
  return { statementType, totalBytesProcessed: 0n, referencedTables: [], ...rest }
}
