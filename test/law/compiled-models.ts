type Target = { schema: string; name: string }

type Action = {
  target: Target
  tableType?: string
  dependencyTargets?: Target[]
  tasks: { statement: string }[]
}

export type ExecutionGraph = { actions: Action[] }

/** An incremental table with the script that the Dataform CLI sends for it. */
export type Model = { name: string; script: string }

/** The incremental tables of a dry run, in groups: each group needs only what stands before it. */
export function incrementalModels({ actions }: ExecutionGraph): Model[][] {
  const byName = new Map(actions.map((action) => [nameOf(action.target), action]))

  function depth({ tableType, dependencyTargets = [] }: Action): number {
    const depths = dependencyTargets.map((target) => {
      const needed = byName.get(nameOf(target))
      return needed ? depth(needed) : 0
    })
    return Math.max(0, ...depths) + (tableType === 'incremental' ? 1 : 0)
  }

  const groups: Model[][] = []
  for (const action of actions.filter(({ tableType }) => tableType === 'incremental')) {
    const { target, tasks } = action
    const script = tasks.map(({ statement }) => statement).join(';\n')
    const group = (groups[depth(action) - 1] ??= [])
    group.push({ name: nameOf(target), script })
  }
  return groups
}

function nameOf({ schema, name }: Target): string {
  return `${schema}.${name}`
}
