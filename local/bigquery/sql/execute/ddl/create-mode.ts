import type { CreateMode } from '../../../catalog/datasets.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'

/** OR REPLACE, IF NOT EXISTS or neither. */
export function createModeOf(statement: ResolvedNode): CreateMode {
  switch (statement.text('createMode')) {
    case 'CREATE_OR_REPLACE':
      return 'orReplace'
    case 'CREATE_IF_NOT_EXISTS':
      return 'ifNotExists'
    default:
      return 'create'
  }
}

export function isTemporary(statement: ResolvedNode): boolean {
  return statement.text('createScope') === 'CREATE_TEMP'
}
