import type { TableReference } from '../../../catalog/resources.ts'
import type { PlanNode } from './plan-node.ts'
import { referenceOf } from '../target.ts'

/** The table of a scan: the analyser was given its full name. */
export function tableOfScan({ fields }: PlanNode): TableReference {
  const { fullName = '' } = (fields['table'] ?? {}) as { fullName?: string }
  return referenceOf(fullName)
}
